"""Charts as SVG: well-formed, inside their box, and every text in them inert."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from slaboard.reports.chart import HEIGHT, WIDTH, Point, Series, bar, columns, lines

LABELS = ["2026-01", "2026-02", "2026-03"]


def drawn(svg: str) -> ElementTree.Element:
    """The picture, read as XML; every coordinate in it is inside."""
    found = ElementTree.fromstring(svg)
    for element in found.iter():
        for name, limit in (("x", WIDTH), ("x1", WIDTH), ("x2", WIDTH), ("cx", WIDTH), ("y", HEIGHT), ("cy", HEIGHT)):
            assert -1 <= float(element.get(name, 0)) <= limit, element.attrib
    return found


def series(*values: float | None, name: str = "Response") -> Series:
    return Series(name, 0, [Point(value, f"{value}") for value in values])


def places(svg: str) -> list[list[tuple[float, float]]]:
    """The points of each line."""
    return [
        [(float(x), float(y)) for x, y in (pair.split(",") for pair in line.attrib["points"].split())]
        for line in drawn(svg).iter("polyline")
    ]


def test_a_line_breaks_where_there_is_no_value() -> None:
    """An empty month is no zero."""
    assert [len(run) for run in places(lines("t", LABELS, [series(0.5, None, 1.0)]))] == [1, 1]
    assert [len(run) for run in places(lines("t", LABELS, [series(0.5, 0.75, 1.0)]))] == [3]


def test_higher_is_up_and_later_is_right() -> None:
    [run] = places(lines("t", LABELS, [series(0.2, 0.6, 1.0)]))
    assert run == sorted(run)
    assert [y for _, y in run] == sorted((y for _, y in run), reverse=True)


@pytest.mark.parametrize(("low", "ticks"), [(0.95, "90 %"), (0.85, "80 %"), (0.55, "50 %"), (0.1, "0 %")])
def test_the_scale_begins_where_it_says(low: float, ticks: str) -> None:
    """Shares near to each other are told apart, and the axis names its foot."""
    texts = [text.text for text in drawn(lines("t", LABELS, [series(low, 1.0, 1.0)])).iter("text")]
    assert texts[0] == ticks
    assert "100 %" in texts


@pytest.mark.parametrize("values", [(0, 0, 0), (3, 4, 1), (1_999, 12, 0), (1_000_000, 2, 3)])
def test_columns_have_a_round_scale(values: Sequence[float]) -> None:
    """The highest column fits, with the line on the same scale."""
    svg = columns("t", LABELS, [series(*values, name="in"), series(*values, name="out")], series(*values, name="left"))
    assert len(places(svg)[0]) == 3
    assert next(text.text for text in drawn(svg).iter("text")) == "0"


def test_many_pieces_name_a_dozen() -> None:
    labels = [f"2026-W{week:02}" for week in range(1, 54)]
    texts = [text.text or "" for text in drawn(lines("t", labels, [series(*[0.5] * 53)])).iter("text")]
    assert 8 <= len([text for text in texts if text.startswith("2026-W")]) <= 12


@pytest.mark.parametrize("end", [0.0, 0.5, 1.0])
def test_names_of_lines_that_end_together_do_not_touch(end: float) -> None:
    svg = lines("t", LABELS, [series(0.0, 1.0, end, name=f"line {i}") for i in range(5)])
    heights = sorted(
        float(text.attrib["y"]) for text in drawn(svg).iter("text") if (text.text or "").startswith("line")
    )
    assert all(after - before >= 14 for before, after in pairwise(heights))


def test_texts_are_inert() -> None:
    """Whatever a piece or a line is called."""
    evil = '"><script>alert(1)</script>'
    picture = drawn(lines(evil, [evil], [Series(evil, 0, [Point(0.5, evil)])]))
    assert picture.attrib["aria-label"] == evil
    assert not list(picture.iter("script"))
    assert ElementTree.fromstring(bar(0.25)).find("rect[2]") is not None

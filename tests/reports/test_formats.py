"""Sheets as text: in columns, in little room, in Markdown."""

from __future__ import annotations

import re

import pytest

from slaboard.board.cells import width
from slaboard.reports import claims, flow, promises, surveys
from slaboard.reports.document import Report
from slaboard.reports.formats import FORMATS, markdown, sheets_of, table
from slaboard.reports.promises import Group, kept
from slaboard.reports.question import Question
from slaboard.reports.sheet import Sheet, span_of
from slaboard.store.reports.sheets import SHEETS
from slaboard.ticket import Bucket


def groups() -> list[Group]:
    """Two customers, one called in wide letters, and tickets without one."""
    found = []
    for name, n in (("Contoso", 3), ("東京電力", 12_345), (None, 40)):
        times = [60 * i for i in range(n)]
        found += [
            Group((name,), bucket, n, n // 2, used=times, wall=[3 * one for one in times])
            for bucket in (Bucket.RESPONSE, Bucket.TOTAL_RESOLUTION)
        ]
    return found


def report(*sheets: Sheet, columns: int | None = None) -> Report:
    by = ("customer",)
    return Report("acme", Question(by), "UTC", 0, sheets or [promises.sheet(kept(groups(), by), by)], {}, width=columns)


def empty() -> list[Sheet]:
    """One row of nothing in each sheet that counts tickets."""
    key = ("Contoso",)
    return [
        flow.sheet({key: flow.Flow()}, ("customer",)), claims.sheet({key: claims.Claims()}, ("customer",)),
        surveys.sheet({key: surveys.Surveys()}, ("customer",)),
    ]  # fmt: skip


@pytest.mark.parametrize("columns", [40, 60, 80, 120, 200])
def test_lines_fit_and_what_there_is_no_room_for_is_named(columns: int) -> None:
    """The key, the promise and the share always stay."""
    for one in (report(columns=columns), report(*empty(), columns=columns)):
        for line in table(one).splitlines():
            assert width(line) <= columns, line
    text = table(report(columns=columns))
    heading = text.splitlines()[3].split()
    assert {"customer", "promise", "kept"} <= set(heading)
    assert ("wall mean" in text.splitlines()[3]) is (columns >= 120)
    assert ("(no room for" in text) is (columns < 120)


def test_numbers_stand_under_their_heading() -> None:
    """Whatever letters a name is in."""
    title, _, _, heading, *rows = table(report()).splitlines()
    assert title == "SLA report of acme: all there is (UTC)"
    assert len({width(line) for line in (heading, *rows)}) == 1
    assert rows[0].split()[:5] == ["Contoso", "response", "3", "1", "of"]
    assert rows[-1].split()[:4] == ["(none)", "total", "resolution", "40"]
    assert "50.0 %" in rows[3]


def test_markdown_is_no_markup_of_theirs() -> None:
    """Pipes, pictures, links and HTML in a name are text."""
    name = "a|b ![x](http://evil.example) <b> `c` [y] _z_ & \\"
    rows = kept([Group((name,), Bucket.RESPONSE, 30, 30)], ("customer",))
    line = markdown(report(promises.sheet(rows, ("customer",)))).splitlines()[-3]
    assert line.count("|") - line.count("\\|") == 13
    assert not re.search(r"(?<!\\)(?:\\\\)*[`*_\[\]!~]|<|://", line)


@pytest.mark.parametrize(
    ("form", "wanted", "found"),
    [
        ("table", (), ("promises", "footnotes")),
        ("html", (), SHEETS),
        ("html", ("claims",), ("claims",)),
        ("csv", (), ("promises",)),
    ],
)
def test_which_sheets_are_made(form: str, wanted: tuple[str, ...], found: tuple[str, ...]) -> None:
    """Those asked for; else the promises, with footnotes where there is room for a second sheet, and all on a page."""
    assert sheets_of(form, wanted, SHEETS) == found


@pytest.mark.parametrize("form", FORMATS)
def test_every_form_ends_without_a_line_end(form: str) -> None:
    """Whoever prints it adds one."""
    assert not FORMATS[form](report()).endswith("\n")


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(None, "-"), (5_400, "1h 30m"), (359_940, "99h 59m"), (360_000, "100h"), (27_662_460, "7,684h")],
)
def test_long_spans_are_whole_hours_in_a_column(seconds: int | None, said: str) -> None:
    """Minutes of a month say nothing."""
    assert span_of("mean_s")({"mean_s": seconds}) == said

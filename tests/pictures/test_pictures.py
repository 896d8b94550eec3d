"""The pictures: what they are made of, that pages show them all, and that nothing is fetched to look at them."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.benchmarks.tmux import Tmux
from tests.pictures import tour
from tests.pictures.__main__ import DOCS, PICTURES, Picture, taken
from tests.pictures.stage import ROOT
from tests.pictures.svg import CELL, DARK, LIGHT, LINE, MARGIN, svg

MOST_KB = 150
SPACE = "{http://www.w3.org/2000/svg}"


def drawn(lines: list[str], columns: int = 12) -> list[dict[str, str]]:
    """What is drawn over the ground: each element's attributes, its name and its text."""
    found = list(ElementTree.fromstring(svg(lines, columns, DARK)))
    return [
        {"": element.text or "", "is": element.tag.removeprefix(SPACE), **element.attrib}
        for element in found
        if element.tag != f"{SPACE}style"
    ][1:]


def test_a_text_stands_in_its_cells() -> None:
    """Stretched to them whatever font there is; two blanks part two texts, and what is written is no markup."""
    first, second = drawn(["a <b>  \x1b[1mc\x1b[0m"])
    assert (first[""], first["x"], first["textLength"]) == ("a <b>", f"{MARGIN:g}", f"{5 * CELL:g}")
    assert (second[""], second["x"], second["class"]) == ("c", f"{MARGIN + 7 * CELL:g}", "b")
    assert "textLength" not in second


def test_a_colour_goes_on_in_the_next_line() -> None:
    """As tmux writes it: each line begins with the colours in which the one before ended."""
    shapes = drawn(["\x1b[38;2;255;0;0m\x1b[48;2;0;0;255mx", "y\x1b[0m"])
    assert [(shape["is"], shape["fill"]) for shape in shapes] == [("rect", "#0000ff"), ("text", "#ff0000")] * 2


def test_blocks_are_rectangles_and_reverse_is_reversed() -> None:
    """A block fills its cells to the edge, a half one its half."""
    block, half, ground, letter = drawn(["██▄", "\x1b[7mz\x1b[0m"])
    assert (block["width"], block["height"], half["y"]) == (f"{2 * CELL:g}", str(LINE), str(MARGIN + LINE // 2))
    assert ground["fill"] == DARK.foreground_color.hex
    assert letter["fill"] == DARK.background_color.hex
    assert LIGHT.background_color.hex in svg(["x"], 1, LIGHT)


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
def test_a_picture_is_small_and_fetches_nothing(picture: Picture) -> None:
    """Well-formed, under 150 KB, and to be seen without a network; a page shows it."""
    path = DOCS / "pictures" / f"{picture.name}.svg"
    text = path.read_text(encoding="utf-8")
    assert len(text) < MOST_KB * 1024
    root = ElementTree.fromstring(text)
    assert float(root.attrib["width"]) == pytest.approx(picture.size[0] * CELL + 2 * MARGIN, abs=0.1)
    assert {element.tag.removeprefix(SPACE) for element in root} == {"style", "rect", "text"}
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg\")|url\(|@import|@font-face|href", text)
    pages = [page.read_text(encoding="utf-8") for page in (ROOT / "README.md", *DOCS.glob("*.md"))]
    assert any(f"pictures/{picture.name}.svg)" in page for page in pages)


def test_no_picture_is_left_over() -> None:
    """Every file in the folder is one that `make pictures` takes."""
    assert {path.stem for path in (DOCS / "pictures").iterdir()} == {picture.name for picture in PICTURES}


def test_the_tour_is_the_one_that_is_written() -> None:
    """Each step with its keys, as `make pictures` has written it; what is seen is the program's."""
    page = (DOCS / "tour.md").read_text(encoding="utf-8")
    assert len(tour.STEPS) == 10
    for number, step in enumerate(tour.STEPS, 1):
        assert f"## {number}. {step.title}\n" in page
        assert not step.told or number == 1 or f"Type `{step.told}`." in page


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed here")
def test_a_picture_is_taken_from_the_running_program(tmp_path: Path) -> None:
    """On the day that the pictures show, whatever day it is."""
    with Tmux() as tmux:
        tmux.open(["sleep", "600"])
        seen = taken(next(picture for picture in PICTURES if picture.name == "pane"), tmux, tmp_path / "pane")
    assert re.search(r">14:41:\d\d<", seen)
    assert "as Amara" in seen

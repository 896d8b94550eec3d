"""`make pictures`: the pictures of README and docs and docs/tour.md, taken from the running program in tmux."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.tmux import Tmux
from tests.pictures import tour
from tests.pictures.stage import ROOT, STARTED, Stage
from tests.pictures.svg import DARK, LIGHT, svg

DOCS = ROOT / "docs"


@dataclass(frozen=True, slots=True)
class Picture:
    """How large it is, what is typed, and what must stand on the screen then (a regular expression)."""

    name: str
    size: tuple[int, int]
    keys: tuple[str, ...] = ()
    seen: str = STARTED
    options: tuple[str, ...] = ("--as", "Amara")
    is_light: bool = False


PICTURES = (
    Picture("board", (120, 30)),
    Picture("claim", (80, 24), ("c",), r"who is taking it\?", ("--shared",)),
    Picture("detail", (100, 30), ("j", "Enter"), r"History, newest"),
    Picture("wall", (120, 30), ("w",), r"today: [1-9]"),
    Picture("pane", (40, 12)),
    Picture("light", (100, 24), options=("--as", "Amara", "--theme", "light"), is_light=True),
    Picture("colour-blind", (100, 24), options=("--as", "Amara", "--theme", "colour-blind")),
)


def main(names: Sequence[str]) -> int:
    """Take all pictures and write the tour, or those that are named; the exit code."""
    (DOCS / "pictures").mkdir(exist_ok=True)
    with Tmux() as tmux, tempfile.TemporaryDirectory(prefix="slaboard-pictures-") as folder:
        tmux.open(["sleep", "3600"])  # the server stays while boards come and go
        for picture in PICTURES:
            if not names or picture.name in names:
                _write(DOCS / "pictures" / f"{picture.name}.svg", taken(picture, tmux, Path(folder) / picture.name))
        if not names or "tour" in names:
            stage = _stage(tmux, Path(folder) / "tour", tour.SIZE, ("--as", "Amara"))
            _write(DOCS / "tour.md", tour.written(stage))
    return 0


def taken(picture: Picture, tmux: Tmux, folder: Path) -> str:
    """The picture as SVG, from a demo of its own in `folder`."""
    stage = _stage(tmux, folder, picture.size, picture.options)
    stage.press(*picture.keys)
    stage.until(picture.seen)
    lines = stage.colours()
    stage.leave()
    return svg(lines, picture.size[0], LIGHT if picture.is_light else DARK)


def _stage(tmux: Tmux, folder: Path, size: tuple[int, int], options: tuple[str, ...]) -> Stage:
    folder.mkdir()
    return Stage(tmux, folder, size, options)


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    print(f"{path.relative_to(ROOT)}  {path.stat().st_size / 1024:.0f} KB")


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (RuntimeError, TimeoutError) as error:
        sys.exit(f"The pictures are not taken: {error}")

"""The one widget: lines of text, of which only what has changed is painted.

No DataTable: a tick of 50 rows costs it 59-75 ms and 23 KB, this 2.4-3.5 ms and about 1 KB.
"""

from __future__ import annotations

from itertools import zip_longest

from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from slaboard.board.line import Line, width
from slaboard.tui.themes import Palette


class Sheet(Widget):
    """Shows the lines it was given last."""

    DEFAULT_CSS = "Sheet { width: 1fr; height: 1fr; }"

    def __init__(self, palette: Palette) -> None:
        super().__init__()
        self._palette = palette
        self._lines: list[Line] = []

    def show(self, lines: list[Line]) -> None:
        """Paint `lines` where they differ from those that are on the screen."""
        before, self._lines = self._lines, lines
        changed = [
            _changed(y, old or (), new or ()) for y, (old, new) in enumerate(zip_longest(before, lines)) if old != new
        ]
        if changed:
            self.refresh(*changed)

    def render_line(self, y: int) -> Strip:
        """The line at `y`; Textual's name for it."""
        return self._palette.strip(self._lines[y]) if y < len(self._lines) else Strip.blank(self.size.width)

    def text(self) -> list[str]:
        """The lines without their styles, for tests and crash reports."""
        return ["".join(text for text, _ in line) for line in self._lines]


def _changed(y: int, old: Line, new: Line) -> Region:
    """The cells of line `y` that differ, span by span: often it is one countdown."""
    whole = Region(0, y, max(width(old), width(new)), 1)
    if width(old) != width(new) or sum(len(text) for text, _ in new) != whole.width:
        return whole  # cells that are no characters: terminals disagree about them, so nothing is painted beside them
    start = 0
    for before, after in zip(old, new, strict=False):
        if before != after:
            break
        start += width((after,))
    end = whole.width
    for before, after in zip(reversed(old), reversed(new), strict=False):
        if before != after or end - width((after,)) <= start:
            break
        end -= width((after,))
    return Region(start, y, end - start, 1)

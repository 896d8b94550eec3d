"""The one widget: lines of text, of which only what has changed is painted.

No DataTable: a tick of 50 rows costs it 59-75 ms and 23 KB, this 2.4-3.5 ms and about 1 KB.
"""

from __future__ import annotations

from itertools import zip_longest

from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from slaboard.board.line import Line
from slaboard.tui.messages import Resized
from slaboard.tui.widgets.palette import Palette


class Sheet(Widget):
    """Shows the lines it was given last."""

    DEFAULT_CSS = "Sheet { width: 1fr; height: 1fr; }"

    def __init__(self, palette: Palette) -> None:
        super().__init__()
        self._palette = palette
        self._lines: list[Line] = []

    def on_resize(self) -> None:
        """Lines of another size are wanted."""
        self.post_message(Resized())

    def show(self, lines: list[Line]) -> None:
        """Paint `lines` where they differ from those that are on the screen."""
        before, self._lines = self._lines, lines
        changed = [
            _changed(y, old or (), new or (), self.size.width)
            for y, (old, new) in enumerate(zip_longest(before, lines))
            if old != new
        ]
        if changed:
            self._paint(changed)

    def _paint(self, changed: list[Region]) -> None:
        """Put the changed cells on the screen now.

        `refresh` would leave that to the next beat of the screen's timer, up to 33 ms later: longer than all the rest
        from a key to what it does. How often there is something to paint is decided by whoever calls.
        """
        if not self.is_mounted:
            self.refresh()
            return
        self._set_dirty(*changed)
        self.screen._dirty_widgets.add(self)
        self.screen._on_timer_update()

    def render_line(self, y: int) -> Strip:
        """The line at `y`; Textual's name for it."""
        width = self.size.width
        return self._palette.strip(self._lines[y], width) if y < len(self._lines) else Strip.blank(width)

    def text(self) -> list[str]:
        """The lines without their styles, for tests and crash reports."""
        return ["".join(text for text, _ in line) for line in self._lines]


def _changed(y: int, old: Line, new: Line, width: int) -> Region:
    """The cells of line `y` that differ, span by span: often it is one countdown.

    Where characters are not one cell each, terminals disagree about them and the whole line is painted.
    """
    if not width == _characters(old) == _characters(new):
        return Region(0, y, width, 1)
    start, end = 0, width
    for before, after in zip(old, new, strict=False):
        if before != after:
            break
        start += len(after[0])
    for before, after in zip(reversed(old), reversed(new), strict=False):
        if before != after or end - len(after[0]) <= start:
            break
        end -= len(after[0])
    return Region(start, y, end - start, 1)


def _characters(line: Line) -> int:
    return sum(len(text) for text, _ in line)

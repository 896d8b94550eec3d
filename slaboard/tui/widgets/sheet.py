"""The one widget: lines of text, of which only what has changed is painted.

No DataTable: a tick of 50 rows costs it 59-75 ms and 23 KB, this 2 ms and 2 KB.
"""

from __future__ import annotations

from functools import cached_property

from textual._ansi_sequences import SYNC_END, SYNC_START
from textual.strip import Strip
from textual.widget import Widget

from slaboard.board.draw.line import Line
from slaboard.tui.messages import Resized
from slaboard.tui.widgets.brush import Brush
from slaboard.tui.widgets.palette import Palette


class Sheet(Widget):
    """Shows the lines it was given last."""

    DEFAULT_CSS = "Sheet { width: 1fr; height: 1fr; }"

    def __init__(self, palette: Palette) -> None:
        super().__init__()
        self._palette = palette
        self._lines: list[Line] = []

    def dress(self, palette: Palette) -> None:
        """Paint everything in another theme."""
        self._palette = palette
        self.__dict__.pop("_brush", None)
        self._styles_cache.clear()
        self.refresh()

    def on_resize(self) -> None:
        """Lines of another size are wanted."""
        self.post_message(Resized())

    def show(self, lines: list[Line]) -> None:
        """Paint `lines` where they differ from those that are on the screen."""
        before, self._lines = self._lines, lines
        if lines != before:
            self._paint(before)

    def _paint(self, before: list[Line]) -> None:
        """Write what differs straight to the terminal, now.

        Textual's compositor, which is made for many widgets, took two thirds of a tick, wrote every line from its first
        cell on, and began up to 33 ms later. It still paints what has to be painted whole, from `render_line`.
        """
        app = self.app
        self._styles_cache.clear()  # Textual keeps the lines that it has asked for
        if not (self.is_mounted and app.is_running) or app.is_headless or app._driver is None:
            self.refresh()
        elif not app._exit:
            strokes = self._brush.strokes(before, self._lines, self.size.width)
            app._driver.write(f"{SYNC_START}{strokes}{SYNC_END}" if app._sync_available else strokes)

    @cached_property
    def _brush(self) -> Brush:
        return Brush(self._palette.styles, self.app.console._color_system)

    def render_line(self, y: int) -> Strip:
        """The line at `y`; Textual's name for it."""
        width = self.size.width
        return self._palette.strip(self._lines[y], width) if y < len(self._lines) else Strip.blank(width)

    def text(self) -> list[str]:
        """The lines without their styles, for tests and crash reports."""
        return ["".join(text for text, _ in line) for line in self._lines]

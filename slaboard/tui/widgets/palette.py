"""A theme's styles on lines: what Textual paints."""

from __future__ import annotations

import os
from functools import lru_cache

from rich.segment import Segment
from textual.strip import Strip

from slaboard.board import theme
from slaboard.board.draw.line import Line
from slaboard.tui import themes


class Palette:
    """A theme's styles for the terminal. A line's strip is made once for as long as it is on the screen."""

    def __init__(self, wanted: theme.Theme) -> None:
        self.styles = themes.styles(themes.worn(wanted, os.environ))
        self.strip = lru_cache(maxsize=512)(self._strip)

    def _strip(self, line: Line, width: int) -> Strip:
        plain = self.styles["text"]
        return Strip([Segment(text, self.styles.get(name, plain)) for text, name in line], width)

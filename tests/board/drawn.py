"""Reading drawn lines back: their text, and which style a text has."""

from __future__ import annotations

from collections.abc import Iterable

from slaboard.board.draw.line import Line


def text(line: Line) -> str:
    """The line without styles."""
    return "".join(part for part, _ in line)


def texts(lines: Iterable[Line]) -> str:
    """The lines without styles and without the blanks at their ends."""
    return "\n".join(text(line).rstrip() for line in lines)


def style_of(lines: Iterable[Line], wanted: str) -> str:
    """The style of the first span that holds `wanted`."""
    return next(style for line in lines for part, style in line if wanted in part)

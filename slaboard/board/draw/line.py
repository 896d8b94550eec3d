"""A drawn line: spans of text with style names, exactly as wide as its place."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from slaboard.board import cells

Span = tuple[str, str]
"""A text and the name of its style."""
Line = tuple[Span, ...]


def width(spans: Iterable[Span]) -> int:
    """How many cells the spans take."""
    return sum(cells.width(text) for text, _ in spans)


def fit(spans: Iterable[Span], into: int, style: str = "text") -> Line:
    """The spans in exactly `into` cells: padded in `style`, or cut with an ellipsis where something is lost.

    Everything the board draws passes here, so here no control character gets past.
    """
    line: list[Span] = []
    room = into
    last = None
    for text, name in spans:
        if text.isascii() and text.isprintable():
            size = len(text)
        else:
            text, size = cells.safe(text), cells.width(text)
        if is_over := size > room:
            text = cells.cut(text, room) if text.strip() else text[:room]
            size = cells.width(text)
        if text:
            if name == last:
                line[-1] = (line[-1][0] + text, name)
            else:
                line.append((text, name))
                last = name
        room -= size
        if is_over:
            break
    if room:
        line.append((" " * room, style))
    return tuple(line)


def spread(left: Iterable[Span], right: Iterable[Span], into: int, style: str = "text") -> Line:
    """`left` at the left, `right` at the right edge of `into` cells; where both do not fit, `left` is cut."""
    ending = tuple(right)
    room = into - width(ending)
    return fit(ending, into, style) if room < 0 else fit((*fit(left, room, style), *ending), into, style)


def restyle(line: Line, style: Callable[[str], str]) -> Line:
    """`line` with each style name replaced by what `style` makes of it."""
    return tuple((text, style(name)) for text, name in line)

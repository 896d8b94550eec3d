"""What has changed between two pictures, as the terminal's own sequences: a cursor movement, a style, a text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest

from rich.color import ColorSystem
from rich.style import Style

from slaboard.board.draw.line import Line, Span


class Brush:
    """Paints changed cells, and only those: often it is one countdown."""

    def __init__(self, styles: Mapping[str, Style], colours: ColorSystem | None) -> None:
        self._styles, self._colours = styles, colours
        self._plain = styles["text"]

    def strokes(self, before: Sequence[Line], after: Sequence[Line], width: int) -> str:
        """What turns `before`, which is on the terminal, into `after`; lines of `width` cells."""
        strokes = []
        for y, (old, new) in enumerate(zip_longest(before, after, fillvalue=()), 1):
            if old != new:
                for x, spans in _changed(old, new, width):
                    strokes.append(f"\x1b[{y};{x + 1}H{self._written(spans)}")
        return "".join(strokes)

    def _written(self, spans: Sequence[Span]) -> str:
        colours, find, plain = self._colours, self._styles.get, self._plain
        return "".join(find(name, plain).render(text, color_system=colours) for text, name in spans)


def _changed(old: Line, new: Line, width: int) -> Iterator[tuple[int, Sequence[Span]]]:
    """The parts of `new` that differ, each with the cell where it begins.

    Where characters are not one cell each, terminals disagree about them and the whole line is painted.
    """
    if not new:
        yield 0, ((" " * width, "text"),)
    elif not width == _characters(old) == _characters(new):
        yield 0, new
    elif [len(text) for text, _ in old] == [len(text) for text, _ in new]:
        x = 0
        for before, after in zip(old, new, strict=True):
            if before != after:
                yield _trimmed(x, before, after)
            x += len(after[0])
    else:
        yield _middle(old, new)


def _trimmed(x: int, before: Span, after: Span) -> tuple[int, Sequence[Span]]:
    """One span without the words that are the same at its ends: what reads along hears whole words."""
    (old, old_style), (new, style) = before, after
    if old_style != style:
        return x, (after,)
    start = new.rfind(" ", 0, _alike(old, new)) + 1
    end = new.find(" ", len(new) - _alike(old[:start:-1], new[:start:-1]))
    return x + start, ((new[start : end if end >= 0 else None], style),)


def _alike(one: str, other: str) -> int:
    """How many characters are the same at the beginning."""
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _middle(old: Line, new: Line) -> tuple[int, Sequence[Span]]:
    """The spans between those that are the same at both ends of the line."""
    shorter = min(len(old), len(new))
    start = next((i for i in range(shorter) if old[i] != new[i]), shorter)
    end = next((i for i in range(shorter - start) if old[-1 - i] != new[-1 - i]), shorter - start)
    return sum(len(text) for text, _ in new[:start]), new[start : len(new) - end]


def _characters(line: Line) -> int:
    return sum(len(text) for text, _ in line)

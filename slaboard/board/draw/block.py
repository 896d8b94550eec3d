"""Big letters: digits and a few letters of blocks, readable across a room."""

from __future__ import annotations

_FONT = {
    "0": "111 101 101 101 111", "1": "010 110 010 010 111", "2": "111 001 111 100 111", "3": "111 001 111 001 111",
    "4": "101 101 111 001 001", "5": "111 100 111 001 111", "6": "111 100 111 101 111", "7": "111 001 001 001 001",
    "8": "111 101 111 101 111", "9": "111 101 111 001 111", "-": "000 000 111 000 000", ":": "0 1 0 1 0",
    " ": "0 0 0 0 0", "k": "100 101 110 101 101", "M": "101 111 111 101 101", "+": "000 010 111 010 000",
    "S": "111 100 111 001 111", "T": "111 010 010 010 010", "A": "111 101 111 101 101", "L": "100 100 100 100 111",
    "E": "111 100 111 100 111", "h": "100 100 111 101 101", "d": "001 001 111 101 111", "m": "000 000 111 111 101",
    "s": "000 111 110 011 111", "R": "110 101 110 101 101", "O": "111 101 101 101 111", "Y": "101 101 010 010 010",
    "G": "111 100 101 101 111", "D": "110 101 101 101 110",
}  # fmt: skip
"""Five lines a letter, 1 for a block."""
LINES = 5
HALF = (1, 0)
"""Two lines of blocks in one line of text: three lines a letter."""
SCALES = ((4, 2), (3, 2), (2, 1), (1, 1), HALF)
"""Columns and lines of one block, the largest first; a cell is about twice as high as wide."""
Scale = tuple[int, int]
_HALVES = {"00": " ", "10": "▀", "01": "▄", "11": "█"}


def height(scale: Scale) -> int:
    """How many lines a text of this scale takes."""
    return 3 if scale == HALF else LINES * scale[1]


def width(text: str, scale: Scale) -> int:
    """How many columns `text` takes."""
    return sum(len(_rows(char)[0]) for char in text) * scale[0] + max(0, len(text) - 1) * scale[0]


def scale_for(texts: list[str], columns: int, lines: int) -> Scale | None:
    """The largest scale at which each of `texts` fits; None where none does."""
    fits = (s for s in SCALES if height(s) <= lines and all(width(text, s) <= columns for text in texts))
    return next(fits, None)


def drawn(text: str, scale: Scale) -> list[str]:
    """`text` in big letters, line by line, all of one width. What has no big letter is left out."""
    return within(text, scale, height(scale))


def within(text: str, scale: Scale, lines: int, *, is_tight: bool = False) -> list[str]:
    """The same in the middle of so many `lines`, to half a line: an odd one left over is half above, half below.

    Where it `is_tight` it lacks half a line of its middle, which nobody misses, and stands apart from what is below.
    """
    across, down = (1, 1) if scale == HALF else (scale[0], 2 * scale[1])
    rows = ["".join(bit * across for bit in "0".join(_rows(char)[y] for char in text)) for y in range(LINES)]
    halves = [row for row in rows for _ in range(down)]
    if is_tight and len(halves) == 2 * lines:
        del halves[len(halves) // 2]
    above = (2 * lines - len(halves)) // 2
    blank = "0" * len(halves[0])
    halves = [*[blank] * above, *halves, *[blank] * (2 * lines - len(halves) - above)]
    pairs = zip(halves[::2], halves[1::2], strict=True)
    return ["".join(_HALVES[a + b] for a, b in zip(upper, lower, strict=True)) for upper, lower in pairs]


def _rows(char: str) -> list[str]:
    return _FONT.get(char, _FONT[" "]).split()

"""A captured terminal pane as an SVG picture: every cell where it was, no font to be fetched, blocks without seams."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape

from rich.ansi import AnsiDecoder
from rich.cells import cell_len
from rich.color import Color, blend_rgb
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from rich.terminal_theme import TerminalTheme

_HUES = [(0, 0, 0), (205, 49, 49), (13, 188, 121), (229, 229, 16), (36, 114, 200), (188, 63, 188), (17, 168, 205),
         (229, 229, 229)]  # fmt: skip
_BRIGHT = [(102, 102, 102), (241, 76, 76), (35, 209, 139), (245, 245, 67), (59, 142, 234), (214, 112, 214),
           (41, 184, 219), (255, 255, 255)]  # fmt: skip
DARK = TerminalTheme((16, 18, 24), (220, 223, 228), _HUES, _BRIGHT)
LIGHT = TerminalTheme((253, 253, 251), (32, 35, 40), _HUES, _BRIGHT)
"""What the terminal itself looks like: its ground, its text and its 16 colours."""
CELL, LINE, SIZE, MARGIN = 8.4, 18, 14, 10
"""Pixels: a cell's width, a line's height, the letters' size, and around it all."""
_BLOCKS = {"█": (0, LINE), "▀": (0, LINE // 2), "▄": (LINE // 2, LINE // 2)}
"""Drawn as rectangles (top, height): letters leave seams."""
_FONTS = "ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono','Liberation Mono',monospace"


def svg(lines: Sequence[str], columns: int, theme: TerminalTheme) -> str:
    """The picture of `lines` as `tmux capture-pane -e` gives them, `columns` cells wide."""
    width, height = columns * CELL + 2 * MARGIN, len(lines) * LINE + 2 * MARGIN
    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" '
        f'height="{height:g}" font-family="{_FONTS}" font-size="{SIZE}">',
        "<style>.b{font-weight:bold}rect{shape-rendering:crispEdges}</style>",
        f'<rect width="{width:g}" height="{height:g}" rx="8" fill="{theme.background_color.hex}"/>',
    ]
    decoder = AnsiDecoder()  # one for all lines: tmux goes on with the colours of the line before
    console = Console(width=columns, color_system="truecolor", legacy_windows=False)
    for y, line in enumerate(lines):
        drawn += _line(decoder.decode_line(line).render(console), MARGIN + y * LINE, theme)
    return "\n".join([*drawn, "</svg>", ""])


def _line(segments: Iterable[Segment], top: int, theme: TerminalTheme) -> list[str]:
    """Grounds first, then blocks and letters: nothing covers its neighbour. Two blanks part two texts: some viewers
    draw one."""
    grounds, letters = [], []
    x = 0
    for text, style, _ in segments:
        size = cell_len(text)
        fg, ground = _colours(style or Style.null(), theme)
        if ground != theme.background_color.hex:
            grounds.append(_rect(x, top, size, LINE, ground))
        bold = bool(style and style.bold)
        for piece in re.finditer(r"█+|▀+|▄+|[^█▀▄\s]+(?: [^█▀▄\s]+)*", text):
            at, run = x + cell_len(text[: piece.start()]), piece[0]
            letters.append(_block(at, top, run, fg) if run[0] in _BLOCKS else _letters(at, top, run, fg, bold))
        x += size
    return [*grounds, *letters]


def _block(x: int, top: int, run: str, colour: str) -> str:
    down, height = _BLOCKS[run[0]]
    return _rect(x, top + down, len(run), height, colour)


def _rect(x: int, top: int, columns: int, height: int, colour: str) -> str:
    left = MARGIN + x * CELL
    return f'<rect x="{left:g}" y="{top}" width="{columns * CELL:g}" height="{height}" fill="{colour}"/>'


def _letters(x: int, top: int, text: str, colour: str, bold: bool) -> str:
    """Stretched to their cells, whatever font there is."""
    weight = ' class="b"' if bold else ""
    long = f' textLength="{cell_len(text) * CELL:g}"' if len(text) > 1 else ""
    return f'<text x="{MARGIN + x * CELL:g}" y="{top + SIZE - 1}" fill="{colour}"{weight}{long}>{escape(text)}</text>'


def _colours(style: Style, theme: TerminalTheme) -> tuple[str, str]:
    """The letters' and the ground's colour as `#rrggbb`, with reverse and dim as terminals show them."""
    fg = (style.color or Color.default()).get_truecolor(theme, foreground=True)
    ground = (style.bgcolor or Color.default()).get_truecolor(theme, foreground=False)
    if style.reverse:
        fg, ground = ground, fg
    if style.dim:
        fg = blend_rgb(fg, ground, 0.4)
    return fg.hex, ground.hex

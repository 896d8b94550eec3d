"""A theme's styles as the terminal's."""

from __future__ import annotations

from collections.abc import Mapping

from rich.color import ColorSystem
from rich.style import Style as RichStyle

from slaboard import wardrobe
from slaboard.board import theme
from slaboard.tui.curtain import colour_system

FEW = "ansi-light"
"""What light themes look like where there are 16 colours: the nearest to a dark ink is a yellow, 1.6:1 on white."""


def worn(wanted: theme.Theme, environment: Mapping[str, str]) -> theme.Theme:
    """`wanted` as this terminal can show it."""
    if wanted.dark or colour_system(environment) is not ColorSystem.STANDARD:
        return wanted
    has_own = any((colour or "").startswith("#") for style in wanted.styles.values() for colour in (style.fg, style.bg))
    return wardrobe.load(FEW)[0] if has_own else wanted


def styles(wanted: theme.Theme) -> dict[str, RichStyle]:
    """The terminal's style of each style's name; `text` is everything else's."""
    return {name: _rich(wanted.style(name)) for name in theme.STYLES}


def _rich(style: theme.Style) -> RichStyle:
    return RichStyle(
        color=style.fg, bgcolor=style.bg, bold=style.bold, dim=style.dim, reverse=style.reverse,
        underline=style.underline,
    )  # fmt: skip

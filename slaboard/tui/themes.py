"""A theme's styles as the terminal's."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace
from rich.color import ColorSystem
from rich.style import Style as RichStyle

from slaboard import themefile
from slaboard.board import theme
from slaboard.tui.curtain import colour_system

FEW = {True: "ansi", False: "ansi-light"}
"""The themes made of 16 colours, by whether the ground is dark."""
_NEAR = (".yellow", ".orange", ".red")
"""Zones between whose colours 16 have none: the nearest to orange is another yellow, or brown."""


def worn(wanted: theme.Theme, environment: Mapping[str, str]) -> theme.Theme:
    """`wanted` as this terminal can show it: of 16 colours a light theme takes all, for the nearest to a dark ink is a
    yellow (1.6:1 on white), and a dark one those of the zones that would look alike."""
    has_own = any((colour or "").startswith("#") for style in wanted.styles.values() for colour in (style.fg, style.bg))
    if not has_own or colour_system(environment) is not ColorSystem.STANDARD:
        return wanted
    few, _ = themefile.load(FEW[wanted.dark])
    if not wanted.dark:
        return few
    zones = {name: style for name, style in few.styles.items() if name.endswith(_NEAR)}
    return replace(wanted, styles={**wanted.styles, **zones})


def styles(wanted: theme.Theme) -> dict[str, RichStyle]:
    """The terminal's style of each style's name; `text` is everything else's."""
    return {name: _rich(wanted.style(name)) for name in theme.STYLES}


def _rich(style: theme.Style) -> RichStyle:
    return RichStyle(
        color=style.fg, bgcolor=style.bg, bold=style.bold, dim=style.dim, reverse=style.reverse,
        underline=style.underline,
    )  # fmt: skip

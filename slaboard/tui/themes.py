"""A theme's styles as the terminal's."""

from __future__ import annotations

from rich.style import Style as RichStyle

from slaboard.board import theme


def styles(wanted: theme.Theme) -> dict[str, RichStyle]:
    """The terminal's style of each style's name; `text` is everything else's."""
    return {name: _rich(wanted.style(name)) for name in theme.STYLES}


def _rich(style: theme.Style) -> RichStyle:
    return RichStyle(
        color=style.fg, bgcolor=style.bg, bold=style.bold, dim=style.dim, reverse=style.reverse,
        underline=style.underline,
    )  # fmt: skip

"""Themes: what is shipped can be read, and a bad file says what is wrong with it."""

from __future__ import annotations

import pytest

from slaboard.board.theme import PLAIN, READABLE, STYLES, Style, Theme, contrast, parse
from slaboard.resources import shipped

GROUNDS = {
    True: ("#000000", "#1e1e1e", "#282c34", "#002b36", "#2e3440"),
    False: ("#ffffff", "#f5f5f5", "#fdf6e3", "#eee8d5"),
}
"""What people's terminals have: the usual darks and lights, Solarized, Nord."""
THEMES = ("dark", "light", "colour-blind")
ZONES = ("green", "yellow", "orange", "red")


def load(name: str) -> Theme:
    """A shipped theme, which has no problems."""
    theme, problems = parse((shipped("themes") / f"{name}.toml").read_text(encoding="utf-8"), name=name)
    assert problems == []
    return theme


@pytest.mark.parametrize("name", THEMES)
def test_a_shipped_theme_is_whole(name: str) -> None:
    """A style for every name, and its file's name is its own."""
    theme = load(name)
    assert theme.name == name
    assert theme.styles.keys() == STYLES.keys()


@pytest.mark.parametrize("name", THEMES)
def test_every_text_can_be_read(name: str) -> None:
    """On its own ground, else on any terminal's; a ground without a colour for its text is left to chance."""
    theme = load(name)
    for key, style in theme.styles.items():
        assert not (style.bg and not style.fg), key
        grounds = (style.bg,) if style.bg else GROUNDS[theme.dark]
        if style.fg and key != "rule":
            assert min(contrast(style.fg, ground) for ground in grounds) >= READABLE, key


@pytest.mark.parametrize("name", THEMES)
def test_zones_are_chips(name: str) -> None:
    """Black or white on the zone's colour; four colours, no two alike."""
    chips = [load(name).style(f"zone.{zone}") for zone in ZONES]
    assert {chip.fg for chip in chips} <= {"#000000", "#ffffff"}
    assert len({chip.bg for chip in chips}) == 4


def test_plain_has_no_colour() -> None:
    """NO_COLOR: no grey either; what is urgent is loud, and not everything is."""
    assert all(style.fg is None and style.bg is None for style in PLAIN.styles.values())
    assert PLAIN.style("zone.red").reverse
    assert not PLAIN.style("zone.green").reverse
    assert PLAIN.styles.keys() == STYLES.keys()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("name = ", "line 1: this is not TOML"),
        ("x = " + "[" * 9_999, "line 1: lists or tables are nested too deeply"),
        ("#" * 2**20 + "##", "such a file has at most 1,048,576"),
        ("[styles]\nnope = 'bold'", "line 2: nope is no style of the board; leave it out."),
        ("[styles.zone]\ngrene = 'bold'", "line 2: zone.grene is no style of the board; perhaps zone.green is meant."),
        ("[styles]\ntext = 'blue'", 'line 2: text: "blue" is no colour and no attribute; write #rrggbb, default'),
        ("[styles]\ntext = 3", "line 2: text = 3 is no style; text must be a text"),
        ("[styles.zone]\nred = '#777777 on #888888'", "line 2: zone.red: #777777 on #888888 has a contrast of 1.3:1;"),
        ("styles = 3", "line 1: styles = 3 is not used; styles must be a table."),
        ("name = 3", "line 1: name = 3 is not used; name must be one text in quotes."),
        ("dark = 'yes'", 'line 1: dark = "yes" is not used; dark must be true or false.'),
        ("colour = 'red'", "line 1: colour is no key of a theme; there are name, dark, styles."),
        ("", "the style text (everything else) is missing; write a line such as text ="),
        ("[styles.zone.red]\nfg = 'x'", "line 1: zone.red = {...} is no style; zone.red must be a text"),
        ("'\x7f' = 1".replace("\x7f", "a\u202eb"), "line 1: ab is no key of a theme"),
    ],
)
def test_a_bad_theme_says_what_is_wrong(text: str, problem: str) -> None:
    """All at once, with the theme's name, and never by raising; the rest of it is used."""
    theme, problems = parse(text, name="mine")
    assert any(problem in said and said.startswith("mine: ") for said in problems)
    assert theme.styles.keys() == STYLES.keys()


def test_a_style_is_words() -> None:
    """In any order before `on`; what is wrong looks plain, what is missing too."""
    theme, _ = parse("[styles]\ntext = 'bold underline #FFffFF on #000000'\ndim = 'dim default'\nhead = 'grey'")
    assert theme.style("text") == Style("#ffffff", "#000000", bold=True, underline=True)
    assert theme.style("dim") == Style(dim=True)
    assert theme.style("head") == PLAIN.style("head")
    assert theme.style("unknown") == Style()

"""Themes: what is shipped can be read by any eye and at any depth; a bad file says what is wrong with it."""

from __future__ import annotations

import tomllib
from itertools import combinations
from math import dist

import pytest
from rich.color import Color, ColorSystem
from rich.style import Style as RichStyle

from slaboard.board.render import render
from slaboard.board.theme import PLAIN, READABLE, STYLES, TERMINAL, Style, Theme, contrast, parse
from slaboard.resources import shipped
from slaboard.tui.themes import styles as painted
from slaboard.tui.themes import worn
from tests.board.scenes import scenes

GROUNDS = {
    True: ("#000000", "#1e1e1e", "#282c34", "#002b36", "#2e3440"),
    False: ("#ffffff", "#f5f5f5", "#fdf6e3", "#eee8d5"),
}
"""What people's terminals have: the usual darks and lights, Solarized, Nord."""
PALETTES = {
    "VGA": "000000 aa0000 00aa00 aa5500 0000aa aa00aa 00aaaa aaaaaa 555555 ff5555 55ff55 ffff55 5555ff ff55ff 55ffff "
    "ffffff",
    "xterm": "000000 cd0000 00cd00 cdcd00 0000ee cd00cd 00cdcd e5e5e5 7f7f7f ff0000 00ff00 ffff00 5c5cff ff00ff 00ffff "
    "ffffff",
}
"""What terminals make of their 16 colours when nobody has chosen."""
HUES = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
THEMES = tuple(sorted(path.stem for path in shipped("themes").glob("*.toml")))
ZONES = ("green", "yellow", "orange", "red")
WORDS = tuple(zone.upper() for zone in ZONES)
KINDS = ("zone", "grid", "ink")
DEPTHS = (ColorSystem.TRUECOLOR, ColorSystem.EIGHT_BIT, ColorSystem.STANDARD)
APART = 20.0
"""CIE76: from about 2.3 on a difference is noticed side by side; across a room it takes ten times that."""


def load(name: str) -> Theme:
    """A shipped theme, which has no problems."""
    found = parse((shipped("themes") / f"{name}.toml").read_text(encoding="utf-8"), name=name)
    assert found.problems == ()
    assert found.theme is not None
    return found.theme


def coloured(name: str) -> str:
    """The colour of a style that people see first: its chip's, else its ink's."""
    style = load(name.partition(":")[0]).style(name.partition(":")[2])
    ground = tomllib.loads((shipped("themes") / f"{name.partition(':')[0]}.toml").read_text("utf-8")).get("ground")
    colour = style.bg if style.bg not in (None, ground) else style.fg
    assert colour is not None
    return colour


def test_there_are_themes_for_many_eyes() -> None:
    """At least eight, and among them those that are asked for by name."""
    assert {"dark", "light", "high-contrast", "mono", "ansi"} <= set(THEMES)
    assert {"colour-blind", "colour-blind-light", "colour-blind-blue"} <= set(THEMES)
    assert len(THEMES) >= 8


@pytest.mark.parametrize("name", THEMES)
def test_a_shipped_theme_is_whole(name: str) -> None:
    """Every style is written in its file, and the file's name is its own."""
    written = tomllib.loads((shipped("themes") / f"{name}.toml").read_text(encoding="utf-8"))["styles"]
    flat = {key for key, value in written.items() if isinstance(value, str)}
    flat |= {f"{key}.{inner}" for key, value in written.items() if isinstance(value, dict) for inner in value}
    assert flat == STYLES.keys()
    assert load(name).name == name


def worst_contrast(style: Style, is_dark: bool) -> float:
    """On its own ground, else on any terminal's; of the terminal's own colours, on its own black or white."""
    if {style.fg, style.bg} & TERMINAL:
        ink, ground = ("bright_white", "black") if is_dark else ("black", "bright_white")
        return min(
            contrast(_of(palette, style.fg or ink), _of(palette, style.bg or ground)) for palette in PALETTES.values()
        )
    assert style.fg is not None
    return min(contrast(style.fg, ground) for ground in ((style.bg,) if style.bg else GROUNDS[is_dark]))


def _of(palette: str, colour: str) -> str:
    number = HUES.index(colour.removeprefix("bright_")) + 8 * colour.startswith("bright_")
    return f"#{palette.split()[number]}"


@pytest.mark.parametrize("name", THEMES)
def test_every_text_can_be_read(name: str) -> None:
    """4.5:1 for all that is written (7:1 for weak eyes); a ground without a colour for its text is left to chance."""
    theme, least = load(name), 7.0 if name == "high-contrast" else READABLE
    for key, style in theme.styles.items():
        assert not (style.bg and not style.fg), key
        if style.fg and key != "rule":
            assert worst_contrast(style, theme.dark) >= least, key


@pytest.mark.parametrize("depth", DEPTHS, ids=lambda depth: depth.name)
@pytest.mark.parametrize("name", THEMES)
def test_zones_differ_at_every_depth(name: str, depth: ColorSystem) -> None:
    """As rich maps them to what the terminal has, chips, counts and countdowns; in grey by weight and line too."""
    styles = painted(worn(load(name), {"TERM": "xterm"}) if depth is ColorSystem.STANDARD else load(name))
    for kind in KINDS:
        seen = [_at(styles[f"{kind}.{zone}"], depth) for zone in ZONES]
        assert len(set(seen)) == 4, (kind, seen)
        if name != "mono":
            assert len({(fg, bg) for fg, bg, *_ in seen}) == 4, (kind, seen)


@pytest.mark.parametrize(("term", "depth"), [("xterm", ColorSystem.STANDARD), ("tmux-256color", ColorSystem.EIGHT_BIT)])
@pytest.mark.parametrize("name", THEMES)
def test_every_text_can_be_read_at_every_depth(name: str, term: str, depth: ColorSystem) -> None:
    """What the terminal makes of the colours that it does not have: 3:1, as for large or bold text (WCAG 2.2, 1.4.3),
    with the colours that two usual palettes have. Night is dark on purpose and has 2:1 there."""
    theme = worn(load(name), {"TERM": term})
    least = 2.0 if name == "night" else 3.0
    for key, style in painted(theme).items():
        for palette in PALETTES:
            ink, ground = (_seen(colour, depth, palette) for colour in (style.color, style.bgcolor))
            plain, around = ("#ffffff", "#000000") if theme.dark else ("#000000", "#ffffff")
            if key != "rule":
                assert contrast(ink or plain, ground or around) >= least, (key, palette, ink, ground)


def _seen(colour: Color | None, depth: ColorSystem, palette: str) -> str | None:
    """What a terminal of this depth shows for it; None for its own default."""
    shown = colour.downgrade(depth) if colour else None
    if shown is None or shown.is_default:
        return None
    if shown.number is not None and shown.number < 16:
        return f"#{PALETTES[palette].split()[shown.number]}"
    return shown.get_truecolor().hex


@pytest.mark.parametrize("name", [name for name in THEMES if name != "mono"])
def test_zones_are_of_other_hues_where_there_are_16_colours(name: str) -> None:
    """A bright yellow is no orange: a Linux console, and some palettes, paint it like the other yellow."""
    styles = painted(worn(load(name), {"TERM": "xterm"}))
    for kind in KINDS:
        seen = [_at(styles[f"{kind}.{zone}"], ColorSystem.STANDARD)[:2] for zone in ZONES]
        hues = [tuple(colour and colour.number and colour.number % 8 for colour in both) for both in seen]
        assert len(set(hues)) == 4, (kind, seen)


def test_light_themes_are_the_terminals_own_where_there_are_16_colours() -> None:
    """With more, and on dark grounds, a theme stays what it is."""
    assert worn(load("light"), {"TERM": "xterm"}).name == worn(load("warm"), {"TERM": "xterm"}).name == "ansi-light"
    assert worn(load("light"), {"TERM": "xterm-256color"}).name == "light"
    assert worn(load("light"), {"TERM": "xterm", "COLORTERM": "truecolor"}).name == "light"
    assert worn(load("dark"), {"TERM": "xterm"}).name == "dark"
    assert worn(PLAIN, {"TERM": "xterm"}) is PLAIN


def _at(style: RichStyle, depth: ColorSystem) -> tuple[Color | None, Color | None, bool, bool]:
    fg, bg = (colour.downgrade(depth) if colour else None for colour in (style.color, style.bgcolor))
    return fg, bg, bool(style.bold), bool(style.underline)


# --- eyes ---------------------------------------------------------------------------------------------------------

# Linear RGB to linear RGB. Protanopia and deuteranopia: Vienot, Brettel and Mollon, "Digital video colourmaps for
# checking the legibility of displays by dichromats" (Color Research and Application 24(4), 1999). Tritanopia takes two
# half-planes: Brettel, Vienot and Mollon, "Computerized simulation of color appearance for dichromats" (JOSA A 14(10),
# 1997). The numbers for sRGB are those of libDaltonLens (public domain).
Matrix = tuple[tuple[float, float, float], ...]
PROTAN: Matrix = ((0.11238, 0.88762, 0.0), (0.11238, 0.88762, 0.0), (0.00401, -0.00401, 1.0))
DEUTAN: Matrix = ((0.29275, 0.70725, 0.0), (0.29275, 0.70725, 0.0), (-0.02234, 0.02234, 1.0))
TRITAN: tuple[Matrix, Matrix] = (
    ((1.01277, 0.13548, -0.14826), (-0.01243, 0.86812, 0.14431), (0.07589, 0.80500, 0.11911)),
    ((0.93678, 0.18979, -0.12657), (0.06154, 0.81526, 0.12320), (-0.37562, 1.12767, 0.24796)),
)
TRITAN_NORMAL = (0.03901, -0.02788, -0.01113)
Colour = tuple[float, ...]


def linear(colour: str) -> Colour:
    """sRGB without its gamma."""
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return tuple(c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)


def dot(one: Colour, other: Colour) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))


def seen_by(eye: str, colour: str) -> Colour:
    """What an eye without one kind of cone makes of a colour, as linear RGB."""
    here = linear(colour)
    tritan = TRITAN[0] if dot(TRITAN_NORMAL, here) >= 0 else TRITAN[1]
    matrix = {"protan": PROTAN, "deutan": DEUTAN, "tritan": tritan}.get(eye)
    return here if matrix is None else tuple(min(1.0, max(0.0, dot(row, here))) for row in matrix)


def lab(colour: Colour) -> Colour:
    """CIE L*a*b* under D65."""
    rows = ((0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.0721750), (0.0193339, 0.1191920, 0.9503041))
    x, y, z = (dot(row, colour) / white for row, white in zip(rows, (0.95047, 1.0, 1.08883), strict=True))
    x, y, z = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def test_the_eyes_are_simulated_rightly() -> None:
    """White is white to everybody; red and green are one hue to the red-blind and the green-blind."""
    for eye in ("protan", "deutan", "tritan"):
        assert dist(lab(seen_by(eye, "#ffffff")), lab(linear("#ffffff"))) < 1
    for eye in ("protan", "deutan"):
        red, green = seen_by(eye, "#ff0000"), seen_by(eye, "#00ff00")
        assert red[0] == pytest.approx(red[1])
        assert green[0] == pytest.approx(green[1])


@pytest.mark.parametrize(
    ("name", "eyes"),
    [
        ("colour-blind", ("normal", "protan", "deutan")),
        ("colour-blind-light", ("normal", "protan", "deutan")),
        ("colour-blind-blue", ("normal", "tritan")),
    ],
)
def test_colour_blind_eyes_tell_the_zones_apart(name: str, eyes: tuple[str, ...]) -> None:
    """Every two zones look different to the eyes that a theme is made for."""
    for eye in eyes:
        for kind in KINDS:
            colours = [coloured(f"{name}:{kind}.{zone}") for zone in ZONES]
            for one, other in combinations(colours, 2):
                assert dist(lab(seen_by(eye, one)), lab(seen_by(eye, other))) >= APART, (eye, kind, one, other)


# --- no colour ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(200, 50), (120, 30), (80, 24), (40, 12)], ids=str)
def test_without_colour_letters_and_places_tell_the_zones(size: tuple[int, int]) -> None:
    """The grid's columns are headed by key and letter or word, in order; each row of the list begins or ends its clock
    with a letter."""
    text = ["".join(text for text, _ in line) for line in render(scenes()["busy"], *size)]
    headings = next(line for line in text if "GREEN" in line or "1G" in line.replace(" ", ""))
    places = [headings.index(letter) for letter in (WORDS if size[0] > 72 else "GYOR")]
    assert places == sorted(places)
    assert any(f" {letter} " in line for line in text[6:] for letter in "OYR")


def test_plain_has_no_colour() -> None:
    """NO_COLOR: no grey either; what is urgent is loud, and not everything is."""
    assert all(style.fg is None and style.bg is None for style in PLAIN.styles.values())
    assert PLAIN.style("zone.red").reverse
    assert not PLAIN.style("zone.green").reverse
    assert PLAIN.styles.keys() == STYLES.keys()


# --- files that people write --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("name = ", "line 1: this is not TOML"),
        ("x = " + "[" * 9_999, "line 1: lists or tables are nested too deeply"),
        ("#" * 2**20 + "##", "such a file has at most 1,048,576"),
        ("[styles]\nnope = 'bold'", "line 2: nope is no style of the board; leave it out."),
        ("[styles.zone]\ngrene = 'bold'", "line 2: zone.grene is no style of the board; perhaps zone.green is meant."),
        ("[styles]\ntext = 'azure'", 'line 2: text: "azure" is no colour and no attribute; write #rrggbb, default'),
        ("[styles]\ntext = 3", "line 2: text = 3 is no style; text must be a text"),
        ("styles = 3", "line 1: styles = 3 is not used; styles must be a table."),
        ("name = 3", "line 1: name = 3 is not used; name must be one text in quotes."),
        ("dark = 'yes'", 'line 1: dark = "yes" is not used; dark must be true or false.'),
        ("\nground = 'red'", 'line 2: ground = "red" is not used; ground must be a colour such as "#1e1e1e".'),
        ("like = 'neon'", "line 1: there is no shipped theme neon; give the name of a shipped theme"),
        ("colour = 'red'", "line 1: colour is no key of a theme; there are name, dark, ground, like, styles."),
        ("[styles.zone.red]\nfg = 'x'", "line 1: zone.red = {...} is no style; zone.red must be a text"),
        ("'a\u202eb' = 1", "line 1: ab is no key of a theme"),
    ],
)
def test_a_bad_theme_says_what_is_wrong_and_is_not_used(text: str, problem: str) -> None:
    """With the line, and never by raising."""
    found = parse(text, name="mine", find=lambda name: load(name) if name in THEMES else None)
    assert any(said.startswith(problem) or problem in said for said in found.problems)
    assert found.theme is None


def test_everything_that_is_wrong_is_said_at_once() -> None:
    """In the order of the lines."""
    found = parse("dark = 1\n[styles]\ntext = 'azure'\nnope = 'bold'")
    assert [problem.partition(":")[0] for problem in found.problems] == ["line 1", "line 3", "line 4"]


def test_a_chip_that_nobody_can_read_is_said_and_used() -> None:
    """Whose eyes it is for knows better; the terminal's own colours are not judged."""
    found = parse("[styles.zone]\nred = '#777777 on #888888'\ngreen = 'red on bright_red'")
    assert found.problems == (
        "line 2: zone.red: #777777 on #888888 has a contrast of 1.3:1; from 4.5:1 on it can be read.",
    )
    assert found.theme is not None
    assert found.theme.style("zone.red") == Style("#777777", "#888888")


def test_a_style_is_words() -> None:
    """In any order before `on`; what the board does not know is plain text."""
    theme = parse("[styles]\ntext = 'bold underline #FFffFF on #000000'\ndim = 'dim default'\nhead = 'red'").theme
    assert theme is not None
    assert theme.style("text") == Style("#ffffff", "#000000", bold=True, underline=True)
    assert theme.style("dim") == Style(dim=True)
    assert theme.style("head") == Style("red")
    assert theme.style("unknown") == Style()


@pytest.mark.parametrize(("text", "like"), [("", "dark"), ("dark = false", "light"), ("like = 'cool'", "cool")])
def test_what_is_left_out_looks_as_in_the_theme_it_is_like(text: str, like: str) -> None:
    """So a theme of a person's own is as short as the change."""
    theme = parse(f"{text}\n[styles]\ntext = 'bold default'", find=load).theme
    assert theme is not None
    assert theme.styles == {**load(like).styles, "text": Style(bold=True)}


def test_a_ground_is_under_everything_that_has_none() -> None:
    """And chips keep theirs."""
    theme = parse("ground = '#FDF3E1'\n[styles]\ntext = '#000000'\nstrong = '#ffffff on #000000'").theme
    assert theme is not None
    assert theme.style("text").bg == "#fdf3e1"
    assert theme.style("strong").bg == "#000000"
    assert theme.style("dim").bg == "#fdf3e1"

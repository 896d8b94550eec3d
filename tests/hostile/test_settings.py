"""Config, theme and key files of any kind: the rest of them holds, each problem has its line, and a board opens."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slaboard import themefile
from slaboard.board import theme
from slaboard.board.keymap import keymap
from slaboard.board.keys import ACTIONS
from slaboard.config import BY_NAME, load
from slaboard.resources import shipped
from slaboard.text import clean
from slaboard.tui.widgets.palette import Palette
from tests.examples import examples
from tests.hostile.test_policies import KEY, TOKENS, VALUES
from tests.hostile.words import ANY, harmful

PROPERTY = examples(30)
CONFIG = """
store = "/tmp/s.db"
name = "Ana"
theme = "light"
timezone = "Europe/Berlin"
shared = false
mouse = true
[keys]
claim = "c"
refresh = "f5 ctrl+e"
"""


def damaged(text: str, cuts: list[tuple[int, int, str]]) -> str:
    """`text` with some of it cut out, and tokens put in."""
    for place, length, token in cuts:
        place %= len(text) + 1
        text = text[:place] + token + text[place + length :]
    return text


def changed(text: str, changes: list[tuple[int, str]]) -> str:
    """`text` with other values at some keys."""
    for place, value in changes:
        spots = list(KEY.finditer(text))
        spot = spots[place % len(spots)]
        text = text[: spot.start(2)] + value + text[spot.end(2) :]
    return text


CUTS = st.lists(st.tuples(st.integers(0, 5_000), st.integers(0, 30), st.sampled_from(("", *TOKENS))), max_size=4)
CHANGES = st.lists(st.tuples(st.integers(0, 99), VALUES), max_size=4)


@PROPERTY
@given(changes=CHANGES, cuts=CUTS, more=ANY)
def test_any_config(
    tmp_path_factory: pytest.TempPathFactory,
    changes: list[tuple[int, str]],
    cuts: list[tuple[int, int, str]],
    more: str,
) -> None:
    path = tmp_path_factory.getbasetemp() / "config.toml"
    path.write_bytes(damaged(changed(CONFIG, changes), cuts).encode("utf-8", "replace") + more.encode())
    found = load(path)
    for name, value in found.said.items():
        setting = BY_NAME[name]
        for each in value.values() if setting.is_open else [value]:
            assert setting.right(each) is None
    for problem in found.problems:
        assert problem.startswith(str(path))
        assert ": line " in problem or "UTF-16" in problem or " line " in problem, problem
        assert not harmful(clean(problem))
        assert len(problem) < 1_000
    keyed(found.keys)


def keyed(own: Mapping[str, str]) -> None:
    """Keys that were set by anybody, with every action still known by name."""
    keys = keymap(own)
    assert keys.printed.keys() == {action.id for action in ACTIONS}
    assert set(keys.actions.values()) <= keys.printed.keys()
    for problem in keys.problems:
        assert not harmful(clean(problem))
        assert len(problem) < 1_000


ACTION_IDS = st.sampled_from([action.id for action in ACTIONS]) | ANY
KEYS = st.lists(
    st.sampled_from(["ctrl+", "shift+", "+", ",", " ", "f5", "f99", "enter", "c", "é", "\u0301", "\x1b", "Q", "ctrl+c"])
    | ANY,
    max_size=4,
).map("".join)


@PROPERTY
@given(own=st.dictionaries(ACTION_IDS, KEYS, max_size=6))
def test_any_keys(own: dict[str, str]) -> None:
    keyed(own)


@cache
def themes() -> tuple[str, ...]:
    return tuple(path.read_text(encoding="utf-8") for path in sorted(shipped("themes").glob("*.toml")))


STYLES = st.lists(
    st.sampled_from(["bold", "on", "default", "#ff8700", "#FFFFFF", "#12", "blue", "[red]", "\\u001b[31m", "reverse"]),
    max_size=5,
).map(lambda words: f'"{" ".join(words)}"')


@PROPERTY
@given(
    which=st.integers(0, 2),
    changes=st.lists(st.tuples(st.integers(0, 99), VALUES | STYLES), max_size=4),
    cuts=CUTS,
    name=ANY | st.just("mine"),
)
def test_any_theme(which: int, changes: list[tuple[int, str]], cuts: list[tuple[int, int, str]], name: str) -> None:
    """Every style is there, and the terminal can be told it."""
    found = theme.parse(damaged(changed(themes()[which], changes), cuts), name=name)
    if found.theme is not None:
        assert found.theme.styles.keys() == theme.STYLES.keys()
        Palette(found.theme)
    else:
        assert found.problems
    for problem in found.problems:
        assert re.match(r"line \d+: ", problem), problem
        assert problem.endswith(".")
        assert not harmful(clean(problem))
        assert len(problem) < 1_500


def test_a_theme_of_any_name_can_be_asked_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("../../etc/passwd", "\x1b[31m", "a" * 5_000, "", ".", "*"):
        found, problems = themefile.load(name)
        assert found.styles.keys() == theme.STYLES.keys()
        assert not harmful(" ".join(problems))

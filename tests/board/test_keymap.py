"""The person's own keys: what they change, and every mistake in a sentence while the board opens all the same."""

from __future__ import annotations

import pytest

from slaboard.board.keymap import keymap
from slaboard.board.keys import ACTIONS, printed


def test_the_defaults_clash_with_nothing() -> None:
    found = keymap({})
    assert found.problems == ()
    assert len(found.actions) == sum(len(action.keys) for action in ACTIONS)
    assert found.printed["filter"] == "/"


def test_an_own_key_replaces_the_defaults() -> None:
    found = keymap({"claim": "C", "filter": "f5 ctrl+f", "help": "/"})
    assert (found.actions["C"], found.actions["f5"], found.actions["ctrl+f"]) == ("claim", "filter", "filter")
    assert found.actions["slash"] == "help"
    assert "c" not in found.actions
    assert found.printed["help"] == "/"


def test_what_we_print_may_be_written() -> None:
    """The defaults as `?` and `slaboard keys` show them are keys that the config file takes."""
    own = {action.id: printed(action.keys) for action in ACTIONS if action.id != "quit"}
    assert keymap(own).problems == ()
    assert keymap(own).actions == keymap({}).actions


def test_no_key_takes_an_action_away() -> None:
    found = keymap({"takeover": ""})
    assert found.problems == ()
    assert "takeover" not in found.actions.values()
    assert found.printed["takeover"] == ""


@pytest.mark.parametrize("key", [",", ".", "!", "+", "-", "ä", "é"])
def test_any_character_is_a_key(key: str) -> None:
    found = keymap({"claim": key})
    assert found.printed["claim"].strip() != ""
    assert "claim" in found.actions.values()


@pytest.mark.parametrize(
    ("own", "sentence"),
    [
        ({"calim": "Z"}, "[keys] calim is no action; did you mean claim?"),
        ({"claim": "bogus_key"}, "bogus_key is no key; write a character, or names such as f5, ctrl+e, space."),
        ({"claim": "ctrl+c"}, "ctrl+c always quits when pressed twice."),
        ({"claim": "ctrl+q"}, "ctrl+q always quits."),
        ({"claim": "ctrl+i"}, "a terminal sends the same for ctrl+i and tab."),
        ({"quit": "Z"}, "[keys] quit: ctrl+c pressed twice always quits."),
        ({"claim": "Z", "release": "Z"}, "[keys] release: Z is claim's already."),
        ({"claim": "d"}, "[keys] claim takes d, so release has no key left."),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, dict) else None,
)
def test_mistakes(own: dict[str, str], sentence: str) -> None:
    found = keymap(own)
    assert len(found.problems) == 1
    assert found.problems[0].endswith(sentence)
    assert set(found.actions.values()) >= {action.id for action in ACTIONS if action.keys} - {"release"}


@pytest.mark.parametrize("key", ["ctrl+b", "ctrl+a", "ctrl+s", "f1", "shift+pageup"])
def test_a_key_that_may_never_arrive_is_bound_and_told(key: str) -> None:
    """Who knows their terminal may have it."""
    found = keymap({"claim": key})
    assert found.actions[key] == "claim"
    [problem] = found.problems
    assert problem.startswith(f"[keys] claim: {key} may never arrive, for ")


def test_every_mistake_says_where_it_is_written() -> None:
    """The action whose keys are wrong, or the one that took another's last key."""
    own = {"claim": "d", "calim": "x", "undo": "d"}
    places = {action: f"config.toml: line {number}: " for number, action in enumerate(own, 1)}
    assert keymap(own, places).problems == (
        "config.toml: line 2: [keys] calim is no action; did you mean claim?",
        "config.toml: line 3: [keys] undo: d is claim's already.",
        "config.toml: line 1: [keys] claim takes d, so release has no key left.",
    )
    assert keymap(own, places).own == {"claim"}

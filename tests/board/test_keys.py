"""The registry of keys: one meaning a key, a key for every action."""

from __future__ import annotations

from collections import Counter

import pytest

from slaboard.board import keys, verb
from slaboard.board.keys import ACTIONS, BY_ID


def test_no_key_has_two_meanings() -> None:
    """Nor any action two entries."""
    assert [key for key, count in Counter(key for action in ACTIONS for key in action.keys).items() if count > 1] == []
    assert len(BY_ID) == len(ACTIONS)


def test_every_action_is_told() -> None:
    """A key, a letter in the menu or its name among the commands; a label for the bar and a sentence for the help."""
    for action in ACTIONS:
        assert verb.reached(action.id, {})
        assert action.label
        assert action.help.endswith(".")


def test_what_is_common_needs_one_plain_key() -> None:
    """No shift, no ctrl: some terminals and tmux eat those."""
    firsts = {action.id: action.keys[0] for action in ACTIONS if action.keys}
    rare = {id for id, key in firsts.items() if key.startswith(("ctrl+", "shift+")) or key.isupper()}
    assert rare == {
        "takeover",
        "quit",
        "focus.previous",
        "move.bottom",
        "move.half_down",
        "move.half_up",
        "past.play",
        "sort.reverse",
        "need.previous",
        "export",
        "history",
    }


@pytest.mark.parametrize(
    ("action", "effective", "cap", "caps"),
    [
        ("claim", {}, "c", "c"),
        ("back", {}, "q", "q esc"),
        ("filter", {}, "/", "/"),
        ("tab.previous", {}, ",", ","),
        ("claim", {"claim": "x, space"}, "x", "x, space"),
        ("claim", {"claim": "space x"}, "space", "space x"),
        ("claim", {"claim": ""}, "", ""),
    ],
)
def test_the_effective_key_is_printed(action: str, effective: dict[str, str], cap: str, caps: str) -> None:
    """The first in the bar, all in the help; nothing for an action without a key."""
    assert (keys.cap(action, effective), keys.caps(action, effective)) == (cap, caps)


def test_no_id_begins_another() -> None:
    """In a TOML file `mark = ...` and `mark.invert = ...` cannot both stand."""
    ids = [action.id for action in keys.ACTIONS]
    assert [(one, other) for one in ids for other in ids if other.startswith(f"{one}.")] == []

"""The palette: what it offers, what letters find, and that an act is done to what was under the cursor."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from slaboard.board.keys import ACTIONS
from slaboard.board.match import matching
from slaboard.board.moves import asking, palette, step
from slaboard.board.moves.press import Effect
from slaboard.board.moves.session import Session
from slaboard.board.sight import Intent
from slaboard.board.state import Mode
from tests.board.factory import replace_ticket
from tests.board.moves.test_asking import answered, word
from tests.board.seat import IDS, TICKETS, heard, hit, hits, seated

VERBS_NOW = {"claim", "engage", "respond", "wait", "resolve", "note", "priority", "customer", "title"}
"""What can be done with an unclaimed ticket that is new."""


def found(session: Session) -> list[str]:
    """Ids of the commands that are shown."""
    return [action.id for action in matching(session.board)]


def test_everything_that_makes_sense_is_offered_with_moves_last() -> None:
    session = hits(seated(), "colon")
    offered = found(session)
    assert set(offered) >= VERBS_NOW | {"filter", "help", "pause", "move.down", "quit", "sort.next"}
    assert not set(offered) & {
        "commands",
        "release",
        "takeover",
        "resume",
        "reopen",
        "undo",
        "mark.clear",
        "notes",
        "acknowledge",
    }
    assert offered[-1].startswith(("focus.", "move.", "need."))
    assert set(offered) < {action.id for action in ACTIONS}


@pytest.mark.parametrize(
    ("changes", "hidden", "kept"),
    [
        ({"read_only": True}, VERBS_NOW | {"menu", "mark.toggle"}, {"filter", "reason", "open"}),
        ({"past_at": 1_000, "past_only": True}, VERBS_NOW | {"menu", "wall", "history"}, {"past.now", "reason"}),
        ({"shared": True, "person": None}, {"identity"}, VERBS_NOW),
        ({"cursor": None}, VERBS_NOW | {"menu", "open", "reason"}, {"filter", "help"}),
    ],
    ids=["looking only", "the past", "shared", "no ticket"],
)
def test_what_would_be_refused_is_not_offered(changes: dict[str, object], hidden: set[str], kept: set[str]) -> None:
    session = seated()
    session = replace(session, board=replace(session.board, **changes))
    offered = set(found(hits(session, "colon")))
    assert not offered & hidden
    assert offered >= kept


def test_undo_is_offered_while_there_is_something_to_take_back() -> None:
    session = answered(seated(), (Intent("claim", "T-100", "Ben"),), 7, "T-100 is Ben's")
    assert "undo" in found(hits(session, "colon"))


def test_a_link_is_offered_where_there_is_one() -> None:
    linked = replace_ticket(TICKETS["T-100"], url="https://desk.example.com/1")
    assert "browse" in found(hits(heard(seated(), IDS[:20], ms=0, changed={"T-100": linked}), "colon"))
    assert "browse" not in found(hits(seated(), "colon"))


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("c", "claim"),
        ("resolve", "resolve"),
        ("rslv", "resolve"),
        ("so r", "sort.reverse"),
        ("wallboard", "wall"),
        ("!", "reason"),
        ("hour on", "past.hour_on"),
        ("PAUSE", "pause"),
        ("answered", "respond"),
    ],
)
def test_a_few_letters_find_it(typed: str, first: str) -> None:
    assert found(hits(seated(), "colon", *typed))[:3].count(first) == 1


def test_what_nothing_is_called_finds_nothing() -> None:
    session = hits(seated(), "colon", *"xyzzy", "enter", "down")
    assert (found(session), session.board.mode) == ([], Mode.COMMANDS)


def test_enter_does_what_is_chosen() -> None:
    session, acts = hit(hits(seated(), "j", "ctrl+p", *"claim"), "enter")
    assert acts == (Intent("claim", "T-101", "Ben"),)
    assert (session.board.mode, session.board.prompt) == (Mode.BOARD, None)
    assert hits(seated(), "colon", *"help", "enter").board.mode is Mode.HELP
    assert hit(hits(seated(), "colon", *"quit"), "enter")[1] is Effect.QUIT
    assert hit(hits(seated(), "colon", *"reload"), "enter")[1] is Effect.RELOAD


def test_arrows_choose_and_typing_begins_at_the_top_again() -> None:
    session = hits(seated(), "colon", *"re", "down", "down", "up", "up", "up")
    chosen = palette.chosen(session.board)
    assert chosen is not None
    assert chosen.id == found(session)[-1], "from the first one up is the last"
    session = hits(session, "s", "o")
    assert palette.chosen(session.board) == matching(session.board)[0]


def test_what_was_chosen_last_comes_first() -> None:
    session = hits(seated(), "colon", *"pause", "enter", "colon", *"pause", "enter", "colon", *"zoom", "enter")
    assert found(hits(session, "colon"))[:3] == ["zoom", "pause", "claim"]


@pytest.mark.parametrize("keys", [("escape",), ("backspace",), ("r", "backspace", "backspace")], ids=str)
def test_it_can_be_left(keys: tuple[str, ...]) -> None:
    assert hits(seated(), "colon", *keys).board.mode is Mode.BOARD


def test_letters_are_letters() -> None:
    session = hits(seated(), "colon", *"cq?")
    assert session.board.prompt is not None
    assert session.board.prompt.text == "cq?"


def test_an_act_is_done_to_what_was_under_the_cursor_then() -> None:
    """The order holds while commands are looked for; where the ticket has gone all the same, nothing is done."""
    session = hits(seated(), "colon", *"claim")
    assert hit(heard(session, ["T-150", *IDS[1:20]], ms=20_000), "enter")[1] == (Intent("claim", "T-100", "Ben"),)
    gone = replace(session, board=replace(session.board, cursor="T-101"))
    after, effect = hit(gone, "enter")
    assert (effect, word(after)) == (None, "MOVED")


def test_an_act_that_makes_no_sense_any_more_says_why() -> None:
    session = hits(seated(shared=True, person=None), "colon", *"claim")
    session = heard(session, IDS[:20], ms=20_000, changed={"T-100": replace_ticket(TICKETS["T-100"], owner="Ana")})
    after, effect = hit(session, "enter")
    assert (effect, word(after)) == (None, "NO")


def test_a_shared_screen_closes_it_after_silence() -> None:
    session = hits(seated(shared=True, person=None), "colon")
    later = asking.remembered(step.ticked(session, session.board.now + asking.SILENCE_TYPING_S, 0, 0))
    assert later.board.mode is Mode.BOARD

"""PINs at a shared screen: asked of who has one, before anything is done, and for that one question only."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from slaboard.board.moves import asking, press, proving, step
from slaboard.board.moves.effect import Proof
from slaboard.board.moves.session import Session
from slaboard.board.sight import Intent
from slaboard.board.state import Mode
from slaboard.store.team import pin
from slaboard.ticket import Engineer
from tests.board.factory import TEAM
from tests.board.moves.test_asking import answered, word
from tests.board.seat import hit, hits, seated


def shared() -> Session:
    """A screen that belongs to nobody; Ben has a PIN, Ana has none, Eve has left."""
    session = seated(shared=True, person=None)
    team = tuple(
        Engineer(name=one.name, key=one.key, active=one.active, has_pin=one.name in ("Ben", "Eve")) for one in TEAM
    )
    return replace(session, board=replace(session.board, team=team))


def tried(session: Session, digits: str = "4711") -> tuple[Session, Proof]:
    """The session once `digits` are on their way to the store."""
    session, proof = hit(hits(session, *digits), "enter")
    assert isinstance(proof, Proof)
    return session, proof


def test_who_has_a_pin_types_it_before_the_act() -> None:
    session = hits(shared(), "j", "c", "b")
    assert session.board.mode is Mode.PIN
    session, proof = tried(session)
    assert (proof.name, proof.digits) == ("Ben", "4711")
    assert "4711" not in repr(proof)
    assert session.board.prompt is not None
    assert session.board.prompt.text == ""
    after, acts = asking.proven(session, proof.number, None)
    assert acts == (Intent("claim", "T-101", "Ben", is_proven=True),)
    assert (after.board.mode, after.board.prompt) == (Mode.BOARD, None)


def test_who_has_none_is_taken_at_their_letter() -> None:
    assert hit(hits(shared(), "c"), "a")[1] == (Intent("claim", "T-100", "Ana"),)


def test_on_ones_own_board_nobody_is_asked() -> None:
    session = shared()
    own = replace(session, board=replace(session.board, shared=False, person="Ben"))
    assert hit(own, "c")[1] == (Intent("claim", "T-100", "Ben"),)


@pytest.mark.parametrize("name", ["Ben", "ben", " BEN ", "\uff22en"])
def test_a_typed_name_is_no_way_around_it(name: str) -> None:
    session, effect = hit(hits(shared(), "c", "/", *name), "enter")
    assert (effect, session.board.mode) == (None, Mode.PIN)


@pytest.mark.parametrize("keys", ["e", "/eve"], ids=["letter", "name"])
def test_who_has_left_the_team_acts_no_more(keys: str) -> None:
    session, effect = hit(hits(shared(), "c", *keys), "enter")
    assert effect is None
    assert session.board.mode in (Mode.WHO, Mode.BOARD)
    assert word(session) == (None if keys == "e" else "NO")


def test_only_digits_are_taken_and_no_more_than_a_pin_has() -> None:
    session = press.paste(hits(shared(), "c", "b", "1", "x", "space"), "2-3 \u0664 4567890123456")
    assert session.board.prompt is not None
    assert session.board.prompt.text == "123456789012"[: len(session.board.prompt.text)]
    assert len(session.board.prompt.text) == proving.MOST_DIGITS == pin.MOST
    assert hits(session, "backspace").board.prompt.text == "12345678901"  # type: ignore[union-attr]


def test_nothing_typed_is_nothing_tried() -> None:
    session, effect = hit(hits(shared(), "c", "b"), "enter")
    assert (effect, session.tries) == (None, 0)


def test_a_wrong_one_is_said_and_asked_once_more() -> None:
    session, proof = tried(hits(shared(), "c", "b"))
    assert hits(session, "1", "enter").board.prompt == session.board.prompt, "it is being looked at"
    session, acts = asking.proven(session, proof.number, "That is not Ben's PIN.")
    assert acts is None
    assert session.board.mode is Mode.PIN
    assert session.board.prompt is not None
    assert session.board.prompt.hint == "That is not Ben's PIN."
    session, proof = tried(session)
    assert proof.number == 2
    assert asking.proven(session, 1, None)[1] is None, "the answer to the try before"
    assert asking.proven(session, 2, None)[1] is not None


def test_one_that_costs_a_pause_closes_the_question() -> None:
    session, proof = tried(hits(shared(), "c", "b"))
    session, _ = asking.proven(session, proof.number, "That is not Ben's PIN. Try again in 20s.", 20)
    assert (session.board.mode, word(session)) == (Mode.BOARD, "NO")
    assert session.board.outcome is not None
    assert "20s" in session.board.outcome.text


@pytest.mark.parametrize("key", ["q", "escape"])
def test_what_comes_after_the_question_was_left_does_nothing(key: str) -> None:
    session, proof = tried(hits(shared(), "c", "b"))
    session = hits(session, key)
    assert asking.proven(session, proof.number, None) == (session, None)
    asked_again = hits(session, "j", "c", "b")
    assert asking.proven(asked_again, proof.number, None) == (asked_again, None), "another question, of another ticket"


def test_ten_seconds_of_silence_leave_nothing_open() -> None:
    session, proof = tried(hits(shared(), "c", "b"))
    session = asking.remembered(step.ticked(session, session.board.now + asking.SILENCE_S, 0, 0))
    assert session.board.mode is Mode.BOARD
    assert asking.proven(session, proof.number, None)[1] is None


def test_what_was_typed_before_stays_part_of_the_act() -> None:
    session, proof = tried(hits(shared(), "x", "n", *"calls", "enter", "b"))
    _, acts = asking.proven(session, proof.number, None)
    assert acts == (Intent("note", "T-100", "Ben", text="calls", is_proven=True),)


def test_taking_it_back_is_an_act_in_the_same_name() -> None:
    session = answered(shared(), (Intent("claim", "T-100", "Ben"),), 7, "T-100 is Ben's")
    session, effect = hit(session, "u")
    assert (effect, session.board.mode) == (None, Mode.PIN)
    session, proof = tried(session)
    _, acts = asking.proven(session, proof.number, None)
    assert acts == (Intent("undo", "T-100", "Ben", 7, is_proven=True),)


def test_taking_back_is_of_that_act_only() -> None:
    """While the PIN is typed another act of Ben's may come to its end."""
    session = answered(shared(), (Intent("claim", "T-100", "Ben"),), 7, "T-100 is Ben's")
    session, proof = tried(hits(session, "u"))
    other = (Intent("undo", "T-107", "Ben", 9),)
    _, acts = asking.proven(replace(session, undo=other), proof.number, None)
    assert acts is None

"""Acts at the keyboard: whose they are, what is asked first, and what is refused before anybody is asked."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from slaboard.board.errand import Answer
from slaboard.board.moves import acting, asking, step
from slaboard.board.moves.session import Session
from slaboard.board.sight import Intent
from slaboard.board.state import Freshness, Mode
from tests.board.factory import replace_ticket
from tests.board.seat import IDS, TICKETS, heard, hit, hits, seated


def word(session: Session) -> str | None:
    """The word of the outcome line."""
    return session.board.outcome.word if session.board.outcome else None


def answered(session: Session, acts: object, seq: int, text: str) -> Session:
    """The session after the store has said that it is done."""
    assert isinstance(acts, tuple)
    return acting.answered(session, acts[0].verb, acts[0].who, Answer(acts[0].ticket, "OK", text, seq))


def shared() -> Session:
    """A screen that belongs to nobody."""
    return seated(shared=True, person=None)


# --- personal ---------------------------------------------------------------------------------------------------


def test_one_key_claims_for_whom_the_board_belongs_to() -> None:
    session, intent = hit(hits(seated(), "j"), "c")
    assert intent == (Intent("claim", "T-101", "Ben"),)
    assert session.board.prompt is None


def test_the_same_key_twice_claims_once() -> None:
    session, _ = hit(seated(), "c")
    assert hit(session, "c")[1] is None


def test_where_nobody_was_named_the_name_is_asked_once() -> None:
    session = hits(seated(person=None), "c")
    assert session.board.mode is Mode.NAME
    session = hits(session, *"cq ")
    assert session.board.prompt is not None
    assert session.board.prompt.text == "cq ", "letters are letters here, whatever else they do"
    session, intent = hit(hits(session, "ctrl+u", *"ben"), "enter")
    assert intent == (Intent("claim", "T-100", "Ben"),), "whoever is on the team is meant in any case"
    assert session.board.person == "Ben"
    session = answered(session, intent, 7, "T-100 is Ben's")
    assert hit(hits(session, "j"), "c")[1] == (Intent("claim", "T-101", "Ben"),)


def test_an_empty_name_is_no_answer() -> None:
    session, intent = hit(hits(seated(person=None), "c", "space"), "enter")
    assert intent is None
    assert session.board.mode is Mode.NAME


def test_a_name_can_be_set_before_anything_is_claimed() -> None:
    session = hits(seated(person=None), "i", *"Zoe", "enter")
    assert session.board.person == "Zoe"
    assert session.board.view.person == "Zoe"
    assert word(session) == "OK"


# --- shared -----------------------------------------------------------------------------------------------------


def test_on_a_shared_screen_a_letter_says_who_takes_it() -> None:
    session = hits(shared(), "j", "c")
    assert session.board.mode is Mode.WHO
    assert session.board.prompt is not None
    assert session.board.prompt.ticket == "T-101"
    session, intent = hit(session, "h")
    assert intent == (Intent("claim", "T-101", "Chi"),)
    assert session.board.mode is Mode.BOARD


def test_the_question_is_bound_to_its_ticket_whatever_moves_beneath() -> None:
    session = hits(shared(), "c")
    session = heard(session, ["T-150", *IDS[1:20]], ms=20_000)
    assert hit(session, "b")[1] == (Intent("claim", "T-100", "Ben"),)


def test_a_letter_that_nobody_has_changes_nothing() -> None:
    session = hits(shared(), "c", "z", "j", "4")
    assert session.board.mode is Mode.WHO


@pytest.mark.parametrize("key", ["q", "escape"])
def test_the_question_can_be_left(key: str) -> None:
    session = hits(shared(), "c", key)
    assert (session.board.mode, session.board.prompt) == (Mode.BOARD, None)


def test_enter_is_who_acted_last_here_for_sixty_seconds() -> None:
    session, intent = hit(hits(shared(), "c"), "b")
    assert isinstance(intent, tuple)
    session = answered(session, intent, 7, "T-100 is Ben's")
    at = session.board.now
    later = hits(step.ticked(session, at + 14, 0, 0), "j", "c")
    assert later.board.prompt is not None
    assert (later.board.prompt.last, later.board.prompt.last_age_s) == ("Ben", 14)
    assert hit(later, "enter")[1] == (Intent("claim", "T-101", "Ben"),)
    much_later = hits(step.ticked(session, at + 61, 0, 0), "j", "c")
    assert much_later.board.prompt is not None
    assert much_later.board.prompt.last is None
    assert hit(much_later, "enter")[1] is None


def test_silence_closes_the_question_and_a_key_prolongs_it() -> None:
    session = hits(shared(), "c")
    at = session.board.now
    session = hits(asking.remembered(step.ticked(session, at + 9, 0, 0)), "z")
    assert asking.remembered(step.ticked(session, at + 18, 0, 0)).board.mode is Mode.WHO
    assert asking.remembered(step.ticked(session, at + 19, 0, 0)).board.mode is Mode.BOARD


def test_somebody_who_has_no_letter_types_a_name() -> None:
    session, intent = hit(hits(shared(), "c", "/", *"Gwen"), "enter")
    assert intent == (Intent("claim", "T-100", "Gwen"),)
    assert session.board.person is None, "a shared screen remembers nobody"


def test_a_team_without_people_goes_straight_to_the_name() -> None:
    session = shared()
    session = replace(session, board=replace(session.board, team=()))
    assert hits(session, "c").board.mode is Mode.NAME


def test_an_owned_ticket_asks_nobody() -> None:
    owned = replace_ticket(TICKETS["T-100"], owner="Ana")
    session = hits(heard(shared(), IDS[:20], ms=0, changed={"T-100": owned}), "c")
    assert session.board.mode is Mode.BOARD
    assert session.board.outcome is not None
    assert session.board.outcome.text == "T-100 is Ana's. T takes it over."


def test_a_shared_screen_has_no_identity() -> None:
    assert word(hits(shared(), "i")) == "NO"


# --- take over, release, undo -----------------------------------------------------------------------------------


def test_taking_over_names_the_owner_first() -> None:
    owned = replace_ticket(TICKETS["T-100"], owner="Ana")
    session = hits(heard(seated(), IDS[:20], ms=0, changed={"T-100": owned}), "T")
    assert session.board.mode is Mode.CONFIRM
    assert session.board.prompt is not None
    assert session.board.prompt.owner == "Ana"
    assert hit(session, "n")[0].board.mode is Mode.BOARD
    assert hit(session, "x")[0].board.mode is Mode.CONFIRM
    assert hit(session, "y")[1] == (Intent("takeover", "T-100", "Ben"),)


def test_taking_over_on_a_shared_screen_then_asks_who() -> None:
    owned = replace_ticket(TICKETS["T-100"], owner="Ana")
    session = hits(heard(shared(), IDS[:20], ms=0, changed={"T-100": owned}), "T", "y")
    assert session.board.mode is Mode.WHO
    assert hit(session, "f")[1] == (Intent("takeover", "T-100", "Florentine"),)


@pytest.mark.parametrize("key", ["T", "d"])
def test_what_nobody_owns_cannot_be_taken_over_or_released(key: str) -> None:
    assert word(hits(seated(), key)) == "NO"


def test_undo_takes_back_the_last_act_as_whoever_did_it() -> None:
    session, intent = hit(hits(shared(), "c"), "b")
    assert isinstance(intent, tuple)
    session = answered(session, intent, 7, "T-100 is Ben's (3m 17s before breach)")
    assert session.board.outcome is not None
    assert session.board.outcome.undo_until == session.board.now + 30
    session, undo = hit(session, "u")
    assert undo == (Intent("undo", "T-100", "Ben", 7),)
    session = answered(session, undo, 8, "undone on T-100")
    assert word(hits(session, "u")) == "NO"


# --- refused here -----------------------------------------------------------------------------------------------


def test_a_row_that_changed_just_before_the_key_is_not_claimed() -> None:
    session = heard(seated(), IDS[1:20], ms=50_000)
    assert session.board.cursor == "T-101"
    session, intent = hit(session, "c", ms=50_200)
    assert intent is None
    assert session.board.outcome is not None
    assert session.board.outcome.word == "MOVED"
    assert session.board.outcome.text == "the row under the cursor changed 0.2s before your key: press c again"
    assert hit(session, "c", ms=50_400)[1] == (Intent("claim", "T-101", "Ben"),)


def test_old_numbers_are_not_acted_on() -> None:
    session = seated()
    board = replace(session.board, freshness=Freshness(as_of=session.board.now - 20))
    assert word(hits(replace(session, board=board), "c")) == "NO"
    broken = replace(session.board, freshness=Freshness(as_of=session.board.now, error="database is locked"))
    assert word(hits(replace(session, board=broken), "u")) == "NO"


def test_that_claims_are_off_is_not_said_any_longer_than_they_are() -> None:
    """Beside LIVE it would be wrong; what became of an act stays."""
    session = seated()
    silent = replace(session.board, freshness=Freshness(as_of=session.board.now, error="gone"))
    refused = hits(replace(session, board=silent), "c")
    assert word(refused) == "NO"
    assert heard(refused, IDS, ms=11_000).board.outcome is None
    assert word(heard(step.outcome(session, "OK", "T-1 is Ben's."), IDS, ms=11_000)) == "OK"


def test_a_board_for_looking_only_does_nothing() -> None:
    session = seated()
    looking = replace(session, board=replace(session.board, read_only=True))
    for key in ("c", "d", "T", "u"):
        assert word(hits(looking, key)) == "NO"


def test_nothing_under_the_cursor() -> None:
    assert word(hits(seated([]), "c")) == "NO"


def test_a_clock_set_back_leaves_no_question_and_no_undo_for_hours() -> None:
    """What ends at an instant would wait for that instant to come again."""
    session = answered(shared(), (Intent("claim", "T-100", "Ben"),), 7, "T-100 is Ben's")
    session = hits(session, "c")
    now = session.board.now
    assert step.ticked(session, now - 1, 0, 0).board.prompt is not None, "a second is no setting back"
    earlier = step.ticked(step.ticked(session, now, 0, 0), now - 7_200, 0, 0)
    assert (earlier.board.mode, earlier.board.prompt, earlier.board.outcome) == (Mode.BOARD, None, None)
    assert (earlier.undo, earlier.board.last, earlier.board.now) == ((), None, now - 7_200)

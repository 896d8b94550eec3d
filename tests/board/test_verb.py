"""The verbs: a letter each for good, offered where they make sense, and what each asks before it is done."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from slaboard.board import verb
from slaboard.board.keys import BY_ID
from slaboard.board.moves.session import Session
from slaboard.board.sight import Intent
from slaboard.board.state import Mode
from slaboard.board.verb import VERBS, sensible
from slaboard.store.write.acts import VERBS as STORED
from slaboard.ticket import Engineer, Stage
from tests.board.factory import replace_ticket
from tests.board.seat import IDS, TICKETS, heard, hit, hits, seated

TITLE = TICKETS["T-100"].title


def on(session: Session, **changes: Any) -> Session:
    """The session with T-100 changed."""
    return heard(session, IDS[:20], ms=0, changed={"T-100": replace_ticket(TICKETS["T-100"], **changes)})


def said(session: Session) -> str | None:
    """The outcome's text."""
    return session.board.outcome.text if session.board.outcome else None


def test_every_verb_has_a_letter_an_action_and_a_place_in_the_store() -> None:
    assert [letter for letter, count in Counter(verb.letter for verb in VERBS).items() if count > 1] == []
    assert not {"q", "x", "?", "/"} & {verb.letter for verb in VERBS}
    assert {verb.id for verb in VERBS} <= set(BY_ID)
    assert {"set" if verb.field else verb.id for verb in VERBS} <= set(STORED)


@pytest.mark.parametrize(
    ("changes", "letters"),
    [
        ({}, "cerwvnpui"),
        ({"owner": "Ana"}, "cerwvndtpui"),
        ({"owner": "Ben"}, "erwvndpui"),
        ({"stage": Stage.WAITING}, "cermvnpui"),
        ({"stage": Stage.RESOLVED}, "rocnpui"),
        ({"stage": Stage.CLOSED}, "ocn"),
    ],
    ids=lambda value: " ".join(map(str, value.values())) if isinstance(value, dict) else None,
)
def test_the_menu_offers_what_makes_sense(changes: dict[str, Any], letters: str) -> None:
    """A claim is left to the store, which says who was first, and when; one's own needs none."""
    board, ticket = seated().board, replace_ticket(TICKETS["T-100"], **changes)
    assert {verb.letter for verb in VERBS if sensible(verb, (ticket,), board)} == set(letters)


@pytest.mark.parametrize(
    ("keys", "intent"),
    [
        ("e", Intent("engage", "T-100", "Ben")),
        (["r", *"called", "enter"], Intent("respond", "T-100", "Ben", text="called")),
        (["r", "enter"], Intent("respond", "T-100", "Ben")),
        (["w", "enter"], Intent("wait", "T-100", "Ben", text="customer")),
        (["w", "tab", "tab", "enter"], Intent("wait", "T-100", "Ben", text="vendor")),
        (["w", *"the courier", "enter"], Intent("wait", "T-100", "Ben", text="the courier")),
        (["v", *"restarted", "enter"], Intent("resolve", "T-100", "Ben", text="restarted")),
        (["n", *"q x", "enter"], Intent("note", "T-100", "Ben", text="q x")),
        (["p", "ctrl+u", *"P1", "enter"], Intent("set", "T-100", "Ben", changes=(("priority", "P1"),))),
        (
            ["i", "end", *"!", "enter"],
            Intent("set", "T-100", "Ben", changes=(("title", f"{TICKETS['T-100'].title}!"),)),
        ),
    ],
    ids=lambda value: "".join(value) if isinstance(value, (str, list)) else None,
)
def test_a_letter_of_the_menu_does_it(keys: list[str], intent: Intent) -> None:
    session = hits(seated(), "x")
    assert session.board.mode is Mode.MENU
    assert hit(hits(session, *keys[:-1]), keys[-1])[1] == (intent,)


@pytest.mark.parametrize("key", ["q", "x", "escape"])
def test_the_menu_can_be_left(key: str) -> None:
    session = hits(seated(), "x", "j", "7")
    assert session.board.mode is Mode.MENU, "a letter that nobody has changes nothing"
    assert hits(session, key).board.prompt is None


def test_a_note_says_something() -> None:
    session = hits(seated(), "x", "n", "enter", "space", "enter")
    assert session.board.mode is Mode.TEXT


def test_the_menu_is_bound_to_its_ticket_whatever_moves_beneath() -> None:
    session = heard(hits(seated(), "x"), ["T-150", *IDS[:19]], ms=90_000)
    assert hit(session, "e")[1] == (Intent("engage", "T-100", "Ben"),)


def test_a_release_says_why() -> None:
    session = hits(on(seated(), owner="Ben"), "d", *"shift ends")
    assert hit(session, "enter")[1] == (Intent("release", "T-100", "Ben", text="shift ends"),)


def test_on_a_shared_screen_whose_act_it_is_is_asked_last() -> None:
    session = hits(seated(shared=True, person=None), "x", "w", "tab", "enter")
    assert session.board.mode is Mode.WHO
    assert hit(session, "h")[1] == (Intent("wait", "T-100", "Chi", text="customer"),)


def test_whoever_engages_brings_the_skills_of_the_roster() -> None:
    session = seated()
    skills = ("network", "mail")
    skilled = tuple(
        Engineer(name=person.name, key=person.key, skills=skills if person.name == "Ben" else ())
        for person in session.board.team
    )
    session = heard(session, IDS[:20], ms=0, team=skilled)
    assert hit(hits(session, "x"), "e")[1] == (Intent("engage", "T-100", "Ben", changes=(("skill", "network,mail"),)),)


@pytest.mark.parametrize(
    ("changes", "action", "sentence"),
    [
        ({"stage": Stage.WAITING}, "wait", "T-100 is waiting already. x m resumes it."),
        ({}, "resume", "T-100 is not waiting, so there is nothing to resume."),
        ({}, "reopen", "T-100 is open, so there is nothing to reopen."),
        ({"stage": Stage.RESOLVED}, "resolve", "T-100 is resolved. x o reopens it first."),
        ({"stage": Stage.CLOSED}, "priority", "T-100 is closed. x o reopens it first."),
    ],
)
def test_what_makes_no_sense_is_refused_before_anything_is_typed(
    changes: dict[str, Any], action: str, sentence: str
) -> None:
    from slaboard.board.moves.press import _ACTIONS

    session, acts = _ACTIONS[action](on(seated(), **changes), 10_000)
    assert (said(session), acts, session.board.mode) == (sentence, None, Mode.BOARD)


def test_marked_tickets_that_do_not_fit_leave_the_others_to_be_done() -> None:
    """The store refuses those, each with its reason."""
    session = on(seated(), stage=Stage.WAITING)
    session, acts = hit(hits(session, "space", "space", "x", "w"), "enter")
    assert isinstance(acts, tuple)
    assert [act.ticket for act in acts] == ["T-100", "T-101"]
    assert verb.BY_LETTER["w"].refusal(TICKETS["T-101"], session.board) is None

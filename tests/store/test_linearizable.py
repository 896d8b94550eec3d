"""Whatever people are told of a ticket, there is one order of events that explains all of it: the store's."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import inf
from pathlib import Path
from typing import Any

import pytest

from slaboard.store.sqlite import SqliteStore
from slaboard.ticket import Kind
from tests.store.desk import agrees, desk
from tests.store.history import NOTHING_TO_UNDO, UNKNOWN, Answer, Attempt, State, linearization, told

ROOT = Path(__file__).parents[2]


# --- the judge, judged ----------------------------------------------------------------------------------------


def history(text: str) -> list[Attempt]:
    """`ana claim 0-2 done ana`: who, what, from when to when, and what came of it; open-ended when she was killed.

    The first line is `a`, the second `b`; `undo(a)` takes back the first.
    """
    found = []
    for name, line in zip("abcdefghij", filter(None, map(str.strip, text.split("/"))), strict=False):
        who, verb, when, *answer = line.split()
        begun, _, ended = when.partition("-")
        verb, _, target = verb.removesuffix(")").partition("(")
        said = Answer(answer[0], answer[1] if answer[1:] and answer[1] != "-" else None) if answer else UNKNOWN
        if verb == "undo" and said.word == "refused":
            said = NOTHING_TO_UNDO
        found.append(Attempt(name, who, verb, float(begun), float(ended) if ended else inf, said, target or None))
    return found


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("ana claim 0-1 done ana", id="one claim"),
        pytest.param("ana claim 0-3 done ana / ben claim 1-2 lost ana", id="who lost was told first"),
        pytest.param("ana claim 0-9 done ana / ben claim 1-2 done ben / ben release 3-4 done -", id="in turns"),
        pytest.param("ana claim 0- / ben claim 1-2 lost ana", id="the killed one had won"),
        pytest.param("ana claim 0- / ben claim 1-2 done ben", id="the killed one had not"),
        pytest.param("ana claim 0- / ben claim 1-2 done ben / ben release 3-4 done - / cy claim 5-6 lost ana",
                     id="the killed one comes late: nobody knows when she died"),
        pytest.param("ana claim 0-1 done ana / ana undo 2-3 done - / ben claim 4-5 done ben", id="undone"),
        pytest.param("ana claim 0-1 done ana / ben takeover 2-3 done ben / ben undo(b) 4-5 done ana", id="given back"),
        pytest.param("ana claim 0-1 done ana / ben release 0-5 refused ana / ana release 2-3 done - / "
                     "ben claim 2-6 done ben", id="refused while another owned it"),
        pytest.param("ana claim 0-1 done ana / ana release 2-3 done - / ana undo(a) 4-5 done - / "
                     "ana undo(a) 6-7 refused", id="an earlier one undone, once"),
    ],
)  # fmt: skip
def test_a_history_that_can_be(text: str) -> None:
    attempts = history(text)
    found = linearization(attempts)
    assert found is not None
    state = State()
    for i, attempt in enumerate(found):
        answer, state = told(state, attempt)
        assert attempt.answer in (answer, UNKNOWN)
        assert all(attempt.begun <= later.ended for later in found[i:])
    assert {attempt.id for attempt in attempts if attempt.answer != UNKNOWN} <= {attempt.id for attempt in found}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("ana claim 0-1 done ana / ben claim 0-1 done ben", id="two winners"),
        pytest.param("ana claim 5-6 done ana / ben claim 0-1 lost ana", id="lost to somebody who came later"),
        pytest.param("ana claim 0-1 lost ben", id="lost to nobody"),
        pytest.param("ana claim 0-1 done ana / ben claim 0-1 lost cy", id="lost to the wrong one"),
        pytest.param("ana claim 0-1 done ana / ben claim 2-3 done ben", id="an acknowledged claim is gone"),
        pytest.param("ana claim 0-1 done ana / ana release 2-3 done - / ben claim 4-5 lost ana", id="a stale answer"),
        pytest.param("ana claim 0- / ben claim 1-2 lost ana / cy claim 3-4 done cy", id="the killed one wins and not"),
        pytest.param("ana claim 0- / ben claim 1-2 lost ana / ben release 3-4 done -", id="a release of another's"),
        pytest.param("ana claim 0-1 done ana / ana release 2-3 refused -", id="the owner is no owner"),
        pytest.param("ana claim 0-1 done ana / ben takeover 2-3 refused -", id="nobody owns what was claimed"),
        pytest.param("ana claim 0-1 done ana / ana undo(a) 2-3 done - / ana undo(a) 4-5 done -", id="undone twice"),
        pytest.param("ana claim 0-1 done ana / ben takeover 2-3 done ben / ana undo(a) 4-5 done ben",
                     id="undone although another acted since"),
        pytest.param("ana claim 0-1 done ana / ben takeover 2-3 done ben / ben undo 4-5 done -",
                     id="given back to nobody"),
        pytest.param("ana claim 0-1 done ana / ana undo 2-3 refused", id="not undone although it could be"),
    ],
)  # fmt: skip
def test_a_history_that_cannot_be(text: str) -> None:
    assert linearization(history(text)) is None


@pytest.mark.parametrize(
    ("text", "order", "fits"),
    [
        pytest.param("ana claim 0-9 done ana / ana release 0-9 done -", "ab", True, id="in the order of the store"),
        pytest.param("ana claim 0-9 done ana / ben claim 0-9 done ben / ana release 0-9 done - / "
                     "ben release 0-9 done -", "bdac", True, id="one of two possible orders"),
        pytest.param("ana claim 0-9 done ana / ben claim 0-9 done ben / ana release 0-9 done - / "
                     "ben release 0-9 done -", "bacd", False, id="an order that gives other answers"),
        pytest.param("ana claim 0-1 done ana / ana release 2-3 done - / ben claim 4-5 done ben", "cab", False,
                     id="an order against the clock"),
        pytest.param("ana claim 0- / ben claim 1-2 done ben", "ba", False, id="the killed one's event cannot be"),
        pytest.param("ana claim 0- / ben claim 1-2 lost ana", "a", True, id="the killed one's event is there"),
        pytest.param("ana claim 0- / ben claim 1-2 lost ana", "", False, id="the killed one's event is not there"),
        pytest.param("ana claim 0-1 done ana", "", False, id="no event of what was acknowledged"),
        pytest.param("ana claim 0-1 lost ben / ben claim 0- ", "ba", False, id="an event of who lost"),
    ],
)  # fmt: skip
def test_the_order_of_the_events_in_the_store(text: str, order: str, fits: bool) -> None:
    places = {name: place for place, name in enumerate(order)}
    assert (linearization(history(text), places) is not None) is fits


# --- real processes -------------------------------------------------------------------------------------------


@dataclass
class Record:
    """What the crowd wrote down of one ticket."""

    attempts: list[Attempt] = field(default_factory=list)
    seqs: dict[str, int] = field(default_factory=dict)
    """The event of each attempt that was done, as the person was told."""


_OWNER = re.compile(r"(?:was taken by |^A-\d+ is )(P\d+)\b")


def answer(verb: str, word: str, more: Sequence[Any]) -> Answer:
    """What a worker wrote down, as the model says it."""
    if word == "done":
        return Answer(word, more[0])
    if verb == "undo":
        assert re.search(r"no act of|undone already|has acted on A-\d+ since", more[0]), more
        return NOTHING_TO_UNDO
    named = _OWNER.search(more[0])
    assert named or "Nobody owns" in more[0], more
    return Answer(word, named[1] if named else None)


def records(folder: Path) -> tuple[dict[str, Record], set[str], list[str]]:
    """Per ticket what was tried; the attempts that were told BUSY; and those of which nobody knows."""
    found: dict[str, Record] = {}
    busy, killed = set(), []
    for file in sorted(folder.iterdir()):
        lines = [json.loads(line) for line in file.read_text().splitlines()]
        ends = {line[0]: line[1:] for line in lines if len(line) != 6}
        for id_, begun, who, verb, ticket, target in (line for line in lines if len(line) == 6):
            record = found.setdefault(ticket, Record())
            ended, word, *more = ends.get(id_, (inf, "unknown"))
            if word == "busy":
                busy.add(id_)
                continue
            if word == "unknown":
                killed.append(id_)
            said = UNKNOWN if word == "unknown" else answer(verb, word, more)
            record.attempts.append(Attempt(id_, who, verb, begun, ended, said, target))
            if word == "done":
                record.seqs[id_] = more[1]
    return found, busy, killed


_KINDS = {"claim": Kind.CLAIM, "release": Kind.RELEASE, "takeover": Kind.TAKEOVER, "undo": Kind.UNDO}


def judge(store: SqliteStore, ticket: str, record: Record) -> None:
    """One ticket: its events are the attempts that were done, each once, in an order that explains every answer."""
    known = {attempt.id: attempt for attempt in record.attempts}
    _, *events = store.events(ticket)
    assert [event.seq for event in events] == sorted(event.seq for event in events)
    assert len({event.via for event in events}) == len(events)
    for event in events:
        attempt = known[event.via or ""]  # nobody else's, and of nobody who was refused
        assert (event.kind, event.actor) == (_KINDS[attempt.verb], attempt.who)
        assert attempt.answer.word in ("done", "unknown")
    order = {event.via or "": event.seq for event in events}
    assert record.seqs.items() <= order.items()
    assert linearization(record.attempts) is not None
    explained = linearization(record.attempts, order)
    assert explained is not None
    state = State()
    for attempt in explained:
        _, state = told(state, attempt)
    assert store.ask("SELECT owner FROM tickets WHERE id = ?", (ticket,))[0][0] == state.owner


def crowd(folder: Path, *, workers: int, tickets: int, seconds: int, kills: int) -> None:
    """Let them loose on a new store, then judge all of it."""
    path, logs = folder / "s.db", folder / "logs"
    logs.mkdir()
    desk(path, *(f"09:00 mail add A-{number} priority=P2" for number in range(2, tickets + 1))).close()
    arguments = map(str, (path, logs, workers, tickets, seconds, kills))
    done = subprocess.run(
        [sys.executable, "-m", "tests.store.crowd", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=300
    )
    assert (done.returncode, done.stderr) == (0, "")
    found, busy, killed = records(logs)
    with SqliteStore(path) as store:
        assert store.ask("PRAGMA integrity_check")[0][0] == "ok"
        for ticket, record in found.items():
            judge(store, ticket, record)
        assert not busy & {event.via for ticket in found for event in store.events(ticket)}
        assert agrees(store)
    words = Counter(attempt.answer.word for record in found.values() for attempt in record.attempts)
    assert min(words["done"], words["lost"], words["refused"]) > workers, words
    assert 0 < len(killed) <= kills
    assert len(busy) * 20 < words["done"], "an answer too, on a machine that has other things to do"


def test_eight_processes_and_four_deaths(tmp_path: Path) -> None:
    crowd(tmp_path, workers=8, tickets=3, seconds=3, kills=4)


@pytest.mark.slow
def test_fifty_processes_and_a_death_every_quarter_of_a_second(tmp_path: Path) -> None:
    crowd(tmp_path, workers=50, tickets=12, seconds=20, kills=80)

"""What every store promises about the verbs: the effect of each, what is refused and with which sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from slaboard.errors import Gone, Lost, NoSuchTicket, Refused, SlaboardError, UsageError
from slaboard.store.base import Act
from slaboard.store.sqlite import SqliteStore
from slaboard.store.write.acts import UNDO_S, VERBS
from slaboard.ticket import Kind
from tests.sla.story import at, situation
from tests.store.desk import OPENED, agrees, desk, do, dump, parsed, the, words

MakeStore = Callable[..., SqliteStore]
BACKENDS: dict[str, Callable[..., SqliteStore]] = {"sqlite": desk}
"""What makes a desk on each storage backend; the whole file runs on every one."""


@pytest.fixture(params=BACKENDS)
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[MakeStore]:
    """Makes stores of one backend, and closes them."""
    made: list[SqliteStore] = []

    def make_one(*lines: str, **more: str) -> SqliteStore:
        made.append(BACKENDS[request.param](tmp_path / f"{len(made)}.db", *lines, **more))
        return made[-1]

    yield make_one
    for store in made:
        store.close()


# --- what each verb does --------------------------------------------------------------------------------------

ANSWERED = "09:20 ana respond"
RUNNING = "response running due 10:00; resplan running due 13:00; resolution running due 06T01:00"


@pytest.mark.parametrize(
    ("before", "act", "after"),
    [
        situation("claim", "", "09:50 ana claim", f"respond ana; {RUNNING}"),
        situation("claim a green one all the same", "", "09:10 ana claim any", f"respond ana; {RUNNING}"),
        situation(
            "claim while it waits for the customer", "09:10 ana wait", "09:15 ben claim",
            "waiting ben; response running due 10:00; "
            "resplan waiting green 230m left; resolution waiting green 950m left",
        ),
        situation("claim without an SLA", "09:10 ana set priority=", "09:15 ben claim", "respond ben; no priority"),
        situation("release", "09:50 ana claim", "09:55 ana release", f"respond -; {RUNNING}"),
        situation("takeover", "09:50 ana claim", "09:55 ben takeover", f"respond ben; {RUNNING}"),
        situation(
            "respond", "", ANSWERED,
            "plan -; response met 20m; resplan running due 13:00; resolution running due 06T01:00",
        ),
        situation(
            "respond too late", "", "10:05 ana respond",
            "plan -; response missed 65m; resplan running due 13:00; resolution running due 06T01:00",
        ),
        situation(
            "engage", ANSWERED, "09:40 ana engage",
            "resolve -; response met 20m; resplan met 40m; resolution running due 06T01:00",
        ),
        situation(
            "wait", ANSWERED, "09:30 ana wait - vendor",
            "waiting -; response met 20m; resplan waiting green 210m left; resolution waiting green 930m left",
        ),
        situation(
            "resume after half an hour", f"{ANSWERED} / 09:30 ana wait", "10:00 ana resume",
            "plan -; response met 20m; resplan running due 13:30; resolution running due 06T01:30",
        ),
        situation(
            "resolve", ANSWERED, "10:00 ana resolve",
            "resolved -; response met 20m; resplan met 60m skipped; resolution met 60m",
        ),
        situation(
            "resolve without an answer", "", "10:30 ana resolve",
            "resolved -; response missed 90m skipped; resplan met 90m skipped; resolution met 90m",
        ),
        situation(
            "close an open one", ANSWERED, "10:00 ana close",
            "closed -; response met 20m; resplan met 60m skipped; resolution met 60m",
        ),
        situation(
            "close a resolved one", f"{ANSWERED} / 10:00 ana resolve", "10:30 ana close",
            "closed -; response met 20m; resplan met 60m skipped; resolution met 60m",
        ),
        situation(
            "reopen an hour later", f"{ANSWERED} / 10:00 ana resolve", "11:00 ben reopen",
            "resolve -; response met 20m; resplan met 60m skipped; resolution met 60m; "
            "total_resolution running due 06T02:00",
        ),
        situation("note", "", "09:10 ana note - the disk is full", f"respond -; {RUNNING}"),
        situation(
            "set the priority", "", "09:05 ana set priority=P1",
            "respond -; response running due 09:15; resplan running due 10:00; resolution running due 13:00",
        ),
        situation("set customer and title", "", "09:05 ana set customer=Tansy title=Disk", f"respond -; {RUNNING}"),
        situation(
            "undo", "09:20 ana respond", "09:20:30 ana undo", f"respond -; {RUNNING}",
        ),
    ],
)  # fmt: skip
def test_the_effect_of(make: MakeStore, before: str, act: str, after: str) -> None:
    store = make(before)
    events, revision = store.events("A-1"), store.revision()
    [done] = do(store, act)
    assert words(store) == after
    new = store.events("A-1")[len(events) :]
    asked, now = parsed(act)
    assert {(event.actor, event.at, event.via) for event in new} == {(asked.who, now, asked.via)}
    assert (done.at, done.seq, done.owner) == (now, new[-1].seq, the(store).owner)
    assert store.revision() > revision
    assert agrees(store)


def test_every_verb_has_its_effect_told_above() -> None:
    table = test_the_effect_of.pytestmark[0].args[1]  # type: ignore[attr-defined]
    assert {row.values[1].split()[2] for row in table} == set(VERBS)


@pytest.mark.parametrize(
    ("before", "act", "text"),
    [
        situation("claim", "", "09:50 ana claim", "A-1 is ana's (10m00s before breach)"),
        situation("late claim", "", "10:00:05 ana claim", "A-1 is ana's (0m05s after breach)"),
        situation(
            "takeover", "09:50 ana claim", "09:55 ben takeover",
            "A-1 is ben's, taken over from ana (5m00s before breach)",
        ),
        situation("wait", "", "09:50 ana wait - parts", "A-1 waits for parts"),
        situation("set", "", "09:50 ana set priority=P1", "A-1 has priority P1"),
        situation("clear", "", "09:50 ana set priority=", "A-1 has priority none"),
    ],
)  # fmt: skip
def test_what_an_act_says_afterwards(make: MakeStore, before: str, act: str, text: str) -> None:
    assert do(make(before), act)[0].text == text


def test_a_new_ticket_without_an_id_gets_the_next_number_that_nobody_ever_had(make: MakeStore) -> None:
    store = make("09:00 ana add T-7 / 09:00 ana add T-99999999999999999999 / 09:00 ana add T-x")
    with store.writing() as connection:
        connection.execute("DELETE FROM tickets WHERE id = 'T-7'")
    act = Act("add", "", "ana", changes={"title": "Disk"})
    assert [store.add(act, OPENED).act.ticket for _ in range(2)] == ["T-8", "T-9"]


# --- what is refused ------------------------------------------------------------------------------------------

RESOLVED = "09:50 ana claim / 10:00 ana resolve"
CLOSED = f"{RESOLVED} / 10:30 ben close"


@pytest.mark.parametrize(
    ("before", "act", "error", "sentence"),
    [
        situation(
            "claim, second", "09:50 ana claim", "09:50:02 ben claim", Lost,
            "A-1 was taken by ana 2 seconds ago (from ana@desk tty1 test). Nothing changed.",
        ),
        situation(
            "claim, second within the second", "09:50 ana claim", "09:50 ben claim", Lost,
            "A-1 was taken by ana just now (from ana@desk tty1 test). Nothing changed.",
        ),
        situation(
            "claim one's own", "09:50 ana claim", "09:55 ana claim", Lost,
            "A-1 was taken by ana (that is you) 5 minutes ago (from ana@desk tty1 test). Nothing changed.",
        ),
        situation(
            "claim after a takeover that was undone", "09:50 ana claim / 09:51 ben takeover / 09:51:10 ben undo",
            "09:52 chi claim", Lost,
            "A-1 was taken by ana 2 minutes ago (from ana@desk tty1 test). Nothing changed.",
        ),
        situation(
            "claim what is resolved", RESOLVED, "10:05 ben claim", Gone,
            "A-1 was resolved by ana 5 minutes ago. Nothing changed.",
        ),
        situation(
            "claim what is closed", CLOSED, "10:40 chi claim", Gone,
            "A-1 was closed by ben 10 minutes ago. Nothing changed.",
        ),
        situation(
            "claim a green one", "", "09:10 ana claim", Refused,
            "A-1 is green; the policy lets people claim yellow, orange, red. Nothing changed; "
            "`slaboard claim A-1 --any` claims it all the same.",
        ),
        situation(
            "release somebody else's", "09:50 ana claim", "09:55 ben release", Refused,
            "A-1 is ana's; only its owner may release it. `takeover` takes it over.",
        ),
        situation(
            "release nobody's", "", "09:55 ben release", Refused,
            "Nobody owns A-1, so there is nothing to release.",
        ),
        situation(
            "take over nobody's", "", "09:55 ben takeover", Refused,
            "Nobody owns A-1: claim it instead of taking it over.",
        ),
        situation(
            "take over one's own", "09:50 ana claim", "09:55 ana takeover", Refused,
            "A-1 is ana's already. Nothing changed.",
        ),
        situation(
            "engage twice", "09:40 ana engage", "09:50 ben engage", Refused,
            "Somebody is working on A-1 with the customer already. Nothing changed.",
        ),
        situation(
            "wait twice", "09:40 ana wait", "09:50 ben wait", Refused,
            "A-1 is waiting already: it was put there 10 minutes ago.",
        ),
        situation(
            "resume what does not wait", "", "09:50 ben resume", Refused,
            "A-1 is not waiting, so there is nothing to resume.",
        ),
        situation("reopen an open one", "", "09:50 ben reopen", Refused, "A-1 is open, so there is nothing to reopen."),
        situation(
            "close twice", CLOSED, "10:40 chi close", Refused,
            "A-1 was closed by ben 10 minutes ago. Nothing changed.",
        ),
        situation("an empty note", "", "09:50 ben note", UsageError, "The note is empty: say what it is about."),
        situation(
            "set nothing", "", "09:50 ben set", UsageError,
            "Say what to set: --priority, --customer or --title.",
        ),
        situation("set what it is", "", "09:50 ben set priority=P2", Refused, "A-1 has that already. Nothing changed."),
        situation(
            "set on a closed one", CLOSED, "10:40 chi set priority=P1", Refused,
            "A-1 was closed by ben 10 minutes ago: it is not changed any more. `reopen` opens it again.",
        ),
        situation(
            "answer a closed one", CLOSED, "10:40 chi respond", Refused,
            "A-1 was closed by ben 10 minutes ago: respond makes no sense on it. Nothing changed; "
            "`reopen` opens it again.",
        ),
        *(
            situation(
                f"{verb} what is resolved", RESOLVED, f"10:05 ana {verb}", Refused,
                f"A-1 was resolved by ana 5 minutes ago: {verb} makes no sense on it. Nothing changed; "
                "`reopen` opens it again.",
            )
            for verb in ("release", "takeover", "engage", "wait", "resume", "resolve")
        ),
        situation("nobody's act is undone", "", "09:50 ana undo", Refused, "There is no act of ana on A-1 to undo."),
        situation(
            "somebody else's act is undone", "09:50 ana claim", "09:50:10 ben undo #2", Refused,
            "There is no act of ben on A-1 to undo.",
        ),
        situation(
            "undo twice", "09:50 ana claim / 09:50:10 ana undo", "09:50:11 ana undo", Refused,
            "That was undone already. A-1 stays as it is.",
        ),
        situation(
            "undo after 31 seconds", "09:50 ana claim", "09:50:31 ana undo", Refused,
            "That was 31 seconds ago; an act can be undone for 30 s. Nothing changed.",
        ),
        situation(
            "undo after somebody else's act", "09:50 ana claim / 09:50:05 ben takeover", "09:50:10 ana undo", Refused,
            "ben has acted on A-1 since (takeover). Nothing changed.",
        ),
        situation(
            "a ticket that is not there", "", "09:50 ana claim A-2", NoSuchTicket,
            "There is no ticket A-2 in this store. `slaboard tickets --all` lists them.",
        ),
        situation(
            "an id that is taken", "", "09:50 ana add A-1", UsageError,
            "There is a ticket A-1 already. Choose another --id, or leave it out.",
        ),
        situation(
            "an id that nobody could type", "", "09:50 ana add \x1b[2J", UsageError,
            'The id is "\ufffd[2J"; a ticket\'s id has no control characters and no spaces at its ends. '
            "Choose another --id, or leave it out.",
        ),
    ],
)  # fmt: skip
def test_refused(make: MakeStore, before: str, act: str, error: type[SlaboardError], sentence: str) -> None:
    store = make(before)
    held = dump(store, without=())
    with pytest.raises(error) as caught:
        do(store, act)
    assert (type(caught.value), str(caught.value)) == (error, sentence)
    assert dump(store, without=()) == held, "what is refused changes nothing at all"


@pytest.mark.parametrize("name", ["", "   ", "x" * 201, "an\x1ba", "ana\u202e"])
@pytest.mark.parametrize("verb", ["claim", "add"])
def test_nobody_acts_without_a_plain_name(make: MakeStore, verb: str, name: str) -> None:
    store = make()
    act = Act(verb, "A-2" if verb == "add" else "A-1", name)
    with pytest.raises(UsageError, match=r"^Say who acts: --as NAME, a plain name of at most 200 characters\."):
        store.add(act, OPENED) if verb == "add" else store.act(act, OPENED)


def test_to_engage_without_the_skill_that_the_policy_asks_for_is_refused(make: MakeStore) -> None:
    policy = '[[policy]]\nname = "All"\ncalendar = "24x7"\nengage_skill = "network"\ntargets = { resplan = "4h" }'
    store = make(policy=policy)
    held = dump(store, without=())
    with pytest.raises(Refused, match=r"^The policy asks for somebody with the skill network\. Nothing changed\."):
        do(store, "09:30 ana engage skill=printers")
    assert dump(store, without=()) == held
    do(store, "09:30 ben engage skill=network")
    assert words(store) == "resolve -; resplan met 30m; no target"


# --- what a verb writes is one thing --------------------------------------------------------------------------


def test_an_act_whose_clocks_cannot_be_written_leaves_no_event_either(make: MakeStore) -> None:
    """One transaction: event, row, clocks and outcomes, or none of them."""
    store = make()
    store.connection.execute(
        "CREATE TRIGGER full BEFORE INSERT ON outcomes BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
    )
    held = dump(store, without=())
    with pytest.raises(SlaboardError, match="full"):
        do(store, "10:00 ana resolve")
    assert dump(store, without=()) == held
    do(store, "10:00 ana claim")
    assert the(store).owner == "ana"


def test_the_row_the_clocks_and_the_event_of_an_act_carry_one_revision(make: MakeStore) -> None:
    store = make("09:50 ana claim / 09:55 ana set title=Disk priority=P1")
    revisions = [
        store.ask(sql)[0][0]
        for sql in (
            "SELECT rev FROM tickets WHERE id = 'A-1'",
            "SELECT DISTINCT rev FROM clocks WHERE ticket_id = 'A-1'",
            "SELECT rev FROM state",
        )
    ]
    assert len(set(revisions)) == 1
    assert store.ask("SELECT ours FROM state")[0][0] == 0, "others' writes are noticed again"


def test_a_machine_whose_clock_is_behind_acts_right_after_the_last_event(make: MakeStore) -> None:
    """Otherwise a takeover would stand before the claim that it takes over, and change nothing."""
    store = make("09:50 ana claim")
    [taken, released] = do(store, "09:20 ben takeover / 09:20 ben release")
    assert (taken.at, released.at) == (at("09:50"), at("09:50"))
    assert [event.kind for event in store.events("A-1")][-3:] == [Kind.CLAIM, Kind.TAKEOVER, Kind.RELEASE]
    assert the(store).owner is None
    assert agrees(store)


# --- undo and what is never rewritten -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "act",
    [
        "ana claim any", "ana respond", "ana engage", "ana wait", "ana resolve", "ana close", "ana note - x",
        "ana set priority=P1", "ana set priority=P1 title=Disk customer=Tansy",
    ],
)  # fmt: skip
def test_undo_brings_everything_back_as_it_was(make: MakeStore, act: str) -> None:
    store = make("09:10 ben respond")
    before = dump(store, of=("tickets", "clocks"))
    do(store, f"10:00 {act}")
    assert dump(store, of=("tickets", "clocks")) != before
    do(store, f"10:00:{UNDO_S} ana undo")
    assert dump(store, of=("tickets", "clocks")) == before
    assert agrees(store)


@pytest.mark.parametrize(
    ("verb", "setup"), [("reopen", "ben resolve"), ("resume", "ben wait"), ("release", "ana claim any")]
)
def test_undo_of_a_verb_that_needs_another_before(make: MakeStore, verb: str, setup: str) -> None:
    store = make(f"09:10 ben respond / 09:20 {setup}")
    before = dump(store, of=("tickets", "clocks"))
    do(store, f"10:00 ana {verb} / 10:00:05 ana undo")
    assert dump(store, of=("tickets", "clocks")) == before


def test_undo_takes_back_the_last_act_then_the_one_before(make: MakeStore) -> None:
    store = make("09:50 ana claim / 09:50:05 ana respond")
    do(store, "09:50:10 ana undo")
    assert words(store) == f"respond ana; {RUNNING}"
    do(store, "09:50:15 ana undo")
    assert words(store) == f"respond -; {RUNNING}"


def test_undo_of_a_named_event_leaves_what_came_after(make: MakeStore) -> None:
    store = make()
    claim, _ = do(store, "09:50 ana claim / 09:50:05 ana respond")
    do(store, f"09:50:10 ana undo #{claim.seq}")
    assert words(store).startswith("plan -; response met 50m")


def revisions(store: SqliteStore, bucket: str) -> list[tuple[object, ...]]:
    sql = """SELECT revision, met, elapsed_s / 60, withdrawn, why FROM outcomes
        WHERE ticket_id = 'A-1' AND bucket = ? ORDER BY revision"""
    return [tuple(row) for row in store.ask(sql, (bucket,))]


def test_undo_withdraws_an_outcome_by_a_new_revision(make: MakeStore) -> None:
    store = make("09:50 ana respond / 09:50:20 ana undo")
    assert revisions(store, "response") == [(0, 1, 50, 0, None), (1, 1, 50, 1, "undone")]
    do(store, "10:30 ben respond")
    assert revisions(store, "response")[2:] == [(2, 0, 90, 0, None)]
    assert words(store).startswith("plan -; response missed 90m")
    assert agrees(store)


def test_a_finished_result_stays_what_it_was_under_the_priority_of_then(make: MakeStore) -> None:
    """Rule 14: a bucket that has stopped keeps its target."""
    store = make("09:50 ana respond / 10:00 ana set priority=P1")
    assert words(store).startswith("plan -; response met 50m; resplan running due 10:00")
    assert revisions(store, "response") == [(0, 1, 50, 0, None)]


@pytest.mark.parametrize("table", ["outcomes", "policies"])
@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("UPDATE {table} SET {column} = 'x'", id="update"),
        pytest.param("DELETE FROM {table}", id="delete"),
        pytest.param("INSERT OR REPLACE INTO {table} SELECT * FROM {table}", id="replace"),
    ],
)
def test_what_was_promised_and_kept_is_never_rewritten(make: MakeStore, table: str, statement: str) -> None:
    store = make("09:50 ana resolve")
    held = dump(store, of=(table,))
    column = {"outcomes": "zone", "policies": "text"}[table]
    with pytest.raises(SlaboardError, match=f"{table} are immutable"):
        store.ask(statement.format(table=table, column=column))
    assert dump(store, of=(table,)) == held


def test_a_replaced_outcome_under_another_number_is_refused_too(make: MakeStore) -> None:
    store = make("09:50 ana resolve")
    columns = [row["name"] for row in store.ask("PRAGMA table_info(outcomes)") if row["name"] != "id"]
    names = ", ".join(columns)
    with pytest.raises(SlaboardError, match="immutable"):
        store.ask(f"INSERT OR REPLACE INTO outcomes ({names}) SELECT {names} FROM outcomes")  # noqa: S608

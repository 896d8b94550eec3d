"""The made-up day: shipped as generated, legal, odd enough, and at 14:41 what the demo wants to show."""

from __future__ import annotations

import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import chain, islice

import msgspec
import pytest

from slaboard import resources
from slaboard.connectors.ndjson import Ndjson
from slaboard.demo import cast, realday
from slaboard.demo.generate import FILE, MIDNIGHT, PIVOT, SEED, endless, generate, line
from slaboard.demo.story import HOUR
from slaboard.sla.clock import replay
from slaboard.sla.policy import PolicySet, parse
from slaboard.ticket import ActorKind, Bucket, Engineer, Event, Kind, Zone

SAMPLES = resources.shipped("sample_data")
LATER_DAYS = 4


@pytest.fixture(scope="module", name="day")
def _day() -> list[Event]:
    return generate()


@pytest.fixture(scope="module", name="policies")
def _policies() -> PolicySet:
    policies, problems = parse((SAMPLES / "demo_policy.toml").read_text(encoding="utf-8"))
    assert policies is not None
    assert not problems
    return policies


def by_ticket(events: Iterable[Event]) -> dict[str, list[Event]]:
    stories: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        stories[event.ticket].append(event)
    return stories


def test_the_shipped_day_is_the_generated_one(day: list[Event]) -> None:
    """Byte for byte; `python -m slaboard.demo.generate` writes it again."""
    assert (SAMPLES / FILE).read_bytes() == "".join(f"{line(event)}\n" for event in day).encode()


def test_the_shipped_day_reads_back_as_it_was_meant(day: list[Event]) -> None:
    """Every line is a good event line, and no fact is lost on the way."""
    parsed = list(Ndjson().read((SAMPLES / FILE).read_bytes().splitlines(keepends=True)))
    assert [one.problem for one in parsed if one.problem] == []
    assert [event for one in parsed for event in one.events] == day


def test_a_seed_gives_one_day_and_another_seed_another() -> None:
    """Nothing but the seed decides."""
    assert generate(SEED) == generate()
    assert generate(1) != generate(2)


def test_lines_stand_in_order_and_number_what_shares_an_instant(day: list[Event]) -> None:
    """(at, seq) never repeats and only grows, and the day ends at 18:00."""
    places = [(event.at, event.order) for event in day]
    assert places == sorted(set(places))
    assert max(places)[0] < MIDNIGHT + realday.LAST_HOUR * HOUR


def test_tickets_are_numbered_as_they_come(day: list[Event]) -> None:
    """From T-10001 on, without a gap."""
    created = [event.ticket for event in day if event.kind is Kind.CREATED]
    assert created == [f"T-{number}" for number in range(10_001, 10_001 + len(created))]


@pytest.mark.parametrize("seed", [SEED, 1, 2, 3])
def test_nobody_does_what_the_store_would_refuse(seed: int) -> None:
    """Rule 22 and the verbs: claim what is free, release what is yours, touch nothing that is resolved."""
    for story in by_ticket(chain(generate(seed), chain.from_iterable(islice(endless(seed), 2)))).values():
        owner, ended, closed = None, False, False
        ids: dict[str | None, Event] = {event.id: event for event in story if event.id}
        assert story[0].kind is Kind.CREATED
        for event in story:
            match event.kind:
                case Kind.CLAIM:
                    assert owner is None, event
                    owner = event.actor
                case Kind.RELEASE:
                    assert owner == event.actor, event
                    owner = None
                case Kind.TAKEOVER:
                    assert owner not in (None, event.actor), event
                    owner = event.actor
                case Kind.UNDO:
                    assert owner == event.actor == ids[event.caused_by].actor, event
                    owner = None
                case Kind.ENGAGE:
                    assert owner == event.actor, event
            assert not closed or event.kind in (Kind.SURVEY, Kind.MESSAGE), event
            if event.kind in (Kind.REOPEN, Kind.CLOSE):
                assert ended, event
            elif event.kind not in (Kind.SURVEY, Kind.MESSAGE):
                assert not ended, event
            ended = event.kind is not Kind.REOPEN and (ended or event.kind is Kind.RESOLVE)
            closed = closed or event.kind is Kind.CLOSE


def test_all_that_can_happen_happens(day: list[Event]) -> None:
    """Every kind of event but a change of title, both surveys, and all reasons to wait."""
    assert {event.kind for event in day} == set(Kind) - {Kind.TITLE, Kind.PRUNE}
    surveys = [event for event in day if event.kind is Kind.SURVEY]
    assert {event.csat is None for event in surveys} == {True, False}
    assert {"customer", "vendor", "parts"} <= {event.reason for event in day if event.reason}


def test_robots_answer_in_both_ways(day: list[Event]) -> None:
    """Most say only that a ticket came in; some notices were set off by a colleague's note on the same ticket."""
    notes: dict[str | None, Event] = {event.id: event for event in day if event.kind is Kind.NOTE and event.id}
    robots = [event for event in day if event.kind is Kind.MESSAGE and event.actor_kind is ActorKind.AUTOMATION]
    caused = [event for event in robots if event.caused_by]
    assert len(robots) - len(caused) > 200
    assert len(caused) > 20
    for event in caused:
        cause = notes[event.caused_by]
        assert (cause.ticket, cause.actor_kind) == (event.ticket, ActorKind.HUMAN)
        assert cause.at < event.at


def test_subjects_are_many_and_mostly_harmless(day: list[Event]) -> None:
    """At least sixty ways to complain, and no more than a dozen that a careless board would choke on."""
    books = (cast.URGENT, cast.USUAL, cast.WISHES, cast.ODD)
    assert len({subject for book in books for subjects in book.values() for subject in subjects}) >= 60
    titles = Counter(event.title or "" for event in day if event.kind is Kind.CREATED)
    odd = {subject for subjects in cast.ODD.values() for subject in subjects}
    assert odd <= set(titles)
    assert sum(titles[subject] for subject in odd) <= 12
    assert len(titles) > 250
    assert not any("{" in title for title in titles)


def test_everybody_who_acts_is_on_the_shipped_roster(day: list[Event]) -> None:
    """`team.toml` and the cast say the same; no letter is taken twice or means something else on the board."""
    roster = tomllib.loads((SAMPLES / "team.toml").read_text(encoding="utf-8"))["engineer"]
    team = msgspec.convert(roster, tuple[Engineer, ...])
    assert team == cast.TEAM
    assert {event.actor for event in day if event.actor_kind is ActorKind.HUMAN} == {one.name for one in team}
    keys = [one.key for one in team]
    assert len(set(keys)) == len(keys)
    assert not set(keys) & set("q?/")


def test_the_samples_are_data_only() -> None:
    """They are shipped as files, not as modules."""
    assert not list(SAMPLES.rglob("*.py"))


def test_the_policy_knows_every_status_word(day: list[Event], policies: PolicySet) -> None:
    """Else `doctor` would complain about the demo."""
    assert all(policies.stage_of(event.status) for event in day if event.status)


class Seen(msgspec.Struct):
    """What the board counts at one moment."""

    cells: Counter[tuple[Bucket, Zone]]
    open: int = 0
    waiting: int = 0
    no_sla: int = 0
    needs: int = 0
    """Unclaimed, and yellow or orange."""


def look(events: Iterable[Event], policies: PolicySet, now: int) -> Seen:
    seen = Seen(Counter())
    for ticket, story in by_ticket(event for event in events if event.at <= now).items():
        state = replay(ticket, story, policies)
        if not state.standing.stage.is_open:
            continue
        seen.open += 1
        place = state.place(state.clocks())
        if place is None:
            seen.no_sla += 1
            continue
        zone = place.zone(now)
        seen.needs += state.standing.owner is None and zone in (Zone.YELLOW, Zone.ORANGE)
        if state.standing.is_waiting:
            seen.waiting += 1
        else:
            seen.cells[place.bucket, zone] += 1
    return seen


def test_the_demo_opens_on_a_board_worth_seeing(day: list[Event], policies: PolicySet) -> None:
    """14:41: about 180 open, every cell of the grid filled, plenty to claim, little lost."""
    seen = look(day, policies, PIVOT)
    assert 165 <= seen.open <= 195
    assert 38 <= seen.needs <= 52
    assert 15 <= seen.waiting <= 45
    assert 2 <= seen.no_sla <= 3
    assert all(
        seen.cells[bucket, zone] for bucket in (Bucket.RESPONSE, Bucket.RESPLAN, Bucket.RESOLUTION) for zone in Zone
    )
    assert 5 <= sum(count for (_, zone), count in seen.cells.items() if zone is Zone.RED) <= 12


def test_the_demo_lives_on_without_drowning(day: list[Event], policies: PolicySet) -> None:
    """Days later there are still new tickets, an outage of another cause, and a board one can work with."""
    events, last = list(day), day[-1].at
    for number, following in enumerate(islice(endless(), LATER_DAYS), 1):
        created = [event for event in following if event.kind is Kind.CREATED]
        problem = cast.OUTAGES[number % len(cast.OUTAGES)][0]
        assert last <= following[0].at <= last + 10 * 60
        assert not {event.ticket for event in created} & {event.ticket for event in events}
        assert sum((event.title or "").startswith(f"{problem}: ") for event in created) == realday.WAVE_TICKETS
        events, last = events + following, following[-1].at
        assert 150 <= look(events, policies, last).open <= 350

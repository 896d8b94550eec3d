"""The figures of the real day against the log they come from, and the made-up day against the figures."""

from __future__ import annotations

import csv
import gzip
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain, islice, pairwise
from statistics import mean, pstdev

import pytest

from slaboard.demo import cast, realday
from slaboard.demo.generate import MIDNIGHT, endless, generate
from slaboard.demo.realday import Knots
from slaboard.demo.story import HOUR, MINUTE
from slaboard.ticket import Event, Kind, Stage
from tests.shared_data import need_shared

OPENING, CLOSING = realday.FIRST_HOUR * HOUR, realday.LAST_HOUR * HOUR
NEVER = 10**9
_WAVES = {("Category 23", "Subcategory 3"): 1, ("Category 28", "Subcategory 174"): 2}


@dataclass(frozen=True, slots=True)
class Life:
    """One ticket of the day, as both worlds can tell it. `opened` is seconds into the day, the others are minutes."""

    opened: int
    priority: str
    assigned: int
    moved: int
    resolved: int
    wave: int = 0
    """1 for the day's first outage, 2 for its second, 0 for neither."""
    waited: bool = False
    reassigned: bool = False
    reprioritised: bool = False
    """This and the two above: by closing time."""


def real_lives() -> list[Life]:
    """The incidents of the real day, from the shared log; skips the test where that is missing."""
    folder = need_shared("data", "sample_day")
    with (folder / "incidents.csv").open(encoding="utf-8") as file:
        incidents = {row["number"]: row for row in csv.DictReader(file)}
    rows = defaultdict(list)
    with (folder / "events.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            rows[row["number"]].append(row)
    lives = [_real_life(incident, rows[number]) for number, incident in incidents.items()]
    return [life for life in lives if OPENING <= life.opened < CLOSING]


def _real_seconds(text: str) -> int:
    """Seconds from the real day's midnight to an instant as the log writes it."""
    at = datetime.strptime(text, "%d/%m/%Y %H:%M").replace(tzinfo=UTC)
    return int((at - datetime(2016, 4, 20, tzinfo=UTC)).total_seconds())


def _real_life(incident: dict[str, str], rows: list[dict[str, str]]) -> Life:
    opened = _real_seconds(incident["opened_at"])
    rows = sorted(rows, key=lambda row: (_real_seconds(row["sys_updated_at"]), int(row["sys_mod_count"])))
    today = [row for row in rows if _real_seconds(row["sys_updated_at"]) < CLOSING]

    def first(holds: Callable[[dict[str, str]], bool]) -> int:
        return next(((_real_seconds(row["sys_updated_at"]) - opened) // MINUTE for row in rows if holds(row)), NEVER)

    return Life(
        opened=opened,
        priority=f"P{rows[0]['priority'][0]}",
        assigned=first(lambda row: row["assigned_to"] != "?"),
        moved=first(lambda row: row["incident_state"] != "New"),
        resolved=first(lambda row: row["incident_state"] in ("Resolved", "Closed")),
        wave=_WAVES.get((incident["category"], incident["subcategory"]), 0) if opened >= 14 * HOUR else 0,
        waited=any(row["incident_state"].startswith("Awaiting") for row in today),
        reassigned=any(row["reassignment_count"] != "0" for row in today),
        reprioritised=len({row["priority"] for row in today}) > 1,
    )


def made_up_lives() -> list[Life]:
    """The tickets that the generator opens on the sample day, followed to their end on the days after it."""
    stories: dict[str, list[Event]] = defaultdict(list)
    for event in chain(generate(), chain.from_iterable(islice(endless(), 3))):
        stories[event.ticket].append(event)
    lives = [_made_up_life(story) for story in stories.values()]
    return [life for life in lives if OPENING <= life.opened < CLOSING]


def _made_up_life(story: list[Event]) -> Life:
    created, *_ = story
    today = [event for event in story if event.at < MIDNIGHT + CLOSING]
    kinds = Counter(event.kind for event in today)

    def first(*kinds: Kind) -> int:
        found = (event.at // MINUTE - created.at // MINUTE for event in story if event.kind in kinds)
        return next(found, NEVER)

    return Life(
        opened=created.at - MIDNIGHT,
        priority=created.priority or "",
        assigned=first(Kind.CLAIM),
        moved=first(Kind.ENGAGE, Kind.STATUS, Kind.RESOLVE),
        resolved=first(Kind.RESOLVE),
        wave=int((created.title or "").startswith(cast.OUTAGES[0][0])),
        waited=any(event.stage is Stage.WAITING for event in today),
        reassigned=bool(kinds[Kind.TAKEOVER] or kinds[Kind.RELEASE]),
        reprioritised=bool(kinds[Kind.PRIORITY] and created.priority),
    )


@pytest.fixture(scope="module", name="real")
def _real() -> list[Life]:
    return real_lives()


@pytest.fixture(scope="module", name="made_up")
def _made_up() -> list[Life]:
    return made_up_lives()


def of_wave(lives: Iterable[Life], wave: int) -> list[Life]:
    return [life for life in lives if life.wave == wave]


def share(answers: Iterable[bool]) -> float:
    return mean(map(int, answers))


def shares_within(lives: Sequence[Life], span: str, knots: Knots) -> list[float]:
    """The shares of `lives` whose `span` is over by each of the knots' minutes."""
    return [share(getattr(life, span) <= limit for life in lives) for _, limit in knots]


def per_hour(lives: Iterable[Life]) -> list[int]:
    """Arrivals in each hour of the window."""
    counts = Counter(life.opened // HOUR for life in lives)
    return [counts[hour] for hour in range(realday.FIRST_HOUR, realday.LAST_HOUR)]


def gap_variation(lives: Iterable[Life]) -> float:
    """Standard deviation over mean of the gaps between arrivals, in whole minutes as the real log has them."""
    gaps = [b - a for a, b in pairwise(sorted(life.opened // MINUTE for life in lives))]
    return pstdev(gaps) / mean(gaps)


SPANS = [
    pytest.param(0, "assigned", realday.ASSIGNED, id="assigned"),
    pytest.param(0, "moved", realday.MOVED, id="moved"),
    pytest.param(0, "resolved", realday.RESOLVED, id="resolved"),
    pytest.param(1, "assigned", realday.WAVE_ASSIGNED, id="outage assigned"),
    pytest.param(1, "moved", realday.WAVE_MOVED, id="outage moved"),
    pytest.param(1, "resolved", realday.WAVE_RESOLVED, id="outage resolved"),
]


@pytest.mark.parametrize(("wave", "span", "knots"), SPANS)
def test_spans_are_counted_from_the_real_day(real: list[Life], wave: int, span: str, knots: Knots) -> None:
    """Each knot is the real share, rounded to a hundredth."""
    found = shares_within(of_wave(real, wave), span, knots)
    assert found == pytest.approx([part for part, _ in knots], abs=0.0051)


@pytest.mark.parametrize(("wave", "span", "knots"), SPANS)
def test_spans_of_the_made_up_day_are_true(made_up: list[Life], wave: int, span: str, knots: Knots) -> None:
    """Colleagues of the demo are as fast as the real ones, within seven of a hundred tickets at every knot."""
    found = shares_within(of_wave(made_up, wave), span, knots)
    assert found == pytest.approx([part for part, _ in knots], abs=0.07)


def test_arrivals_are_counted_from_the_real_day(real: list[Life]) -> None:
    """Per hour, how they bunch, and how the first outage came in."""
    usual, outage = of_wave(real, 0), of_wave(real, 1)
    assert tuple(per_hour(usual)) == realday.ARRIVALS
    assert gap_variation(usual) == pytest.approx(realday.GAP_VARIATION, abs=0.005)
    assert len(outage) == realday.WAVE_TICKETS
    assert (outage[-1].opened - outage[0].opened) // MINUTE == realday.WAVE_MINUTES
    assert share(life.priority == "P2" for life in outage) == realday.WAVE_PRIORITY["P2"]


@pytest.mark.slow
def test_what_a_weekend_has_is_counted_from_the_whole_log() -> None:
    """A day of it against a working day, in the twelve weeks from the last of February 2016 on."""
    log = need_shared("data", "uci_incident_event_log_open.csv.gz")
    opened: dict[str, str] = {}
    with gzip.open(log, "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            opened[row["number"]] = row["opened_at"].split()[0]
    dates = [datetime.strptime(text, "%d/%m/%Y").replace(tzinfo=UTC) for text in opened.values()]
    begin = datetime(2016, 2, 29, tzinfo=UTC)
    weekdays = Counter(day.weekday() for day in dates if 0 <= (day - begin).days < 84)
    found = (weekdays[5] + weekdays[6]) / 2 / (sum(weekdays[day] for day in range(5)) / 5)
    assert found == pytest.approx(realday.WEEKEND, abs=0.005)


def test_arrivals_of_the_made_up_day_are_true(made_up: list[Life]) -> None:
    """Every hour within a tenth and three tickets; the bunching within a sixth."""
    usual = of_wave(made_up, 0)
    for found, wanted in zip(per_hour(usual), realday.ARRIVALS, strict=True):
        assert abs(found - wanted) <= wanted * 0.1 + 3
    assert gap_variation(usual) == pytest.approx(realday.GAP_VARIATION, rel=1 / 6)


def test_outage_of_the_made_up_day_is_true(made_up: list[Life]) -> None:
    """As many tickets in as many minutes, half of its hour, but three quarters of them in the first 25 minutes."""
    outage = of_wave(made_up, 1)
    late = sorted((life.opened - outage[0].opened) // MINUTE for life in outage)
    assert outage[0].opened == 14 * HOUR + 2 * MINUTE
    assert len(outage) == realday.WAVE_TICKETS
    assert late[-1] == pytest.approx(realday.WAVE_MINUTES, abs=3)
    assert sum(minutes <= 25 for minutes in late) == pytest.approx(0.75 * len(late), abs=2)
    assert share(life.wave == 1 for life in made_up if life.opened // HOUR == 14) > 0.4


def test_shares_are_counted_from_the_real_day(real: list[Life]) -> None:
    """Priorities, waits, changes of hand and of priority."""
    for priority, part in realday.PRIORITY.items():
        assert share(life.priority == priority for life in real) == pytest.approx(part, abs=0.006)
    assert share(life.waited for life in real) == pytest.approx(realday.WAITED, abs=0.005)
    assert share(life.reassigned for life in real) == pytest.approx(realday.REASSIGNED, abs=0.005)
    assert share(life.reprioritised for life in real) == pytest.approx(realday.REPRIORITISED, abs=0.0005)


def test_shares_of_the_made_up_day_are_true(made_up: list[Life]) -> None:
    """Priorities within two of a hundred tickets, the rest within what so few tickets can show."""
    for priority, part in realday.PRIORITY.items():
        assert share(life.priority == priority for life in made_up) == pytest.approx(part, abs=0.02)
    assert share(life.waited for life in made_up) == pytest.approx(realday.WAITED, abs=0.03)
    assert share(life.reassigned for life in made_up) == pytest.approx(realday.REASSIGNED, abs=0.06)
    assert share(life.reprioritised for life in made_up) == pytest.approx(realday.REPRIORITISED, abs=0.015)


def test_leftovers_wait_as_often_as_the_real_ones() -> None:
    """A third of what is open at six in the morning waits for somebody."""
    waits: dict[str, bool] = {}
    for event in generate():
        if event.at >= MIDNIGHT + OPENING:
            break
        if event.kind in (Kind.CREATED, Kind.STATUS):
            waits[event.ticket] = event.stage is Stage.WAITING
    assert share(waits.values()) == pytest.approx(realday.OPEN_WAITING, abs=0.1)


@pytest.mark.slow
def test_long_shares_are_counted_from_the_whole_log() -> None:
    """Reopens, and what waits as the day begins: the day's own extract shows neither."""
    rows: dict[str, list[dict[str, str]]] = defaultdict(list)
    with gzip.open(need_shared("data", "uci_incident_event_log_open.csv.gz"), "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            rows[row["number"]].append(row)
    reopened = share(any(row["reopen_count"] != "0" for row in history) for history in rows.values())
    assert reopened == pytest.approx(realday.REOPENED, abs=0.0005)
    states = [_state_at_midnight(history) for history in rows.values()]
    still_open = [state for state in states if state not in ("", "Resolved", "Closed")]
    assert share(state == "Awaiting User Info" for state in still_open) == pytest.approx(
        realday.OPEN_WAITING, abs=0.005
    )


def _state_at_midnight(history: list[dict[str, str]]) -> str:
    """The state that the real day began with; empty for what came later."""
    return next((row["incident_state"] for row in reversed(history) if _real_seconds(row["sys_updated_at"]) <= 0), "")


def test_reopens_of_the_made_up_days_are_true() -> None:
    """One or two more of a hundred than in the log, so that a day shows some."""
    events = [*generate(), *chain.from_iterable(islice(endless(), 3))]
    resolved, reopened = (
        {event.ticket for event in events if event.kind is kind} for kind in (Kind.RESOLVE, Kind.REOPEN)
    )
    assert realday.REOPENED <= len(reopened) / len(resolved) <= realday.REOPENED + 0.025

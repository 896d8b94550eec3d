"""Why a ticket's clocks stand where they stand, and where their time went: what the store holds, explained."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

from slaboard.board.state import Detail
from slaboard.sla.autopsy import Autopsy, autopsy, is_breached
from slaboard.sla.explain import Explanation, Judgement, Version, explain
from slaboard.sla.hands import Course, course
from slaboard.sla.story import Story, story
from slaboard.store.base import PolicyVersion
from slaboard.store.disk.driver import Row
from slaboard.store.read.past import Past
from slaboard.store.read.queries import OUTCOMES_OF
from slaboard.store.sqlite import SqliteStore
from slaboard.text import clean
from slaboard.ticket import Bucket, Clock, Ticket


def explanations(source: SqliteStore | Past, ticket: str, now: int) -> Iterator[Explanation]:
    """Each clock of `ticket`, the one it counts under first; finished ones under the policy version that judged them.

    Raises NoSuchTicket.
    """
    store = source.store if isinstance(source, Past) else source
    detail = source.detail(ticket, now)
    clocks, counted = detail.ticket.clocks, detail.ticket.clock(detail.ticket.bucket)
    applied = {version.version: version for version in store.history()}
    versions = _versions(store, ticket, applied)
    before = _judgements(store, ticket, now)
    cycles = Counter(clock.bucket for clock in clocks)
    stories: dict[int, Story] = {}
    for clock in sorted(clocks, key=lambda clock: clock is not counted):
        number = clock.policy_version
        if number not in stories:
            stories[number] = story(ticket, detail.events, store.policy_of(number))
        yield explain(
            stories[number], clock, now, version=_version(store, applied[number]), versions=versions,
            before=before.get((clock.bucket, clock.cycle), ()), cycles=cycles[clock.bucket],
        )  # fmt: skip


def nothing(ticket: Ticket) -> str:
    """Why nothing of `ticket` can be explained, as a sentence; its texts clean."""
    why = f"{ticket.no_sla}, so nothing is promised for it" if ticket.no_sla else "nothing is promised for it"
    return f"{clean(ticket.id)} has no clock: {why}."


def _version(store: SqliteStore, one: PolicyVersion) -> Version:
    return Version(one.version, one.author, one.applied_at, store.policy_of(one.version))


def _versions(store: SqliteStore, ticket: str, applied: Mapping[int, PolicyVersion]) -> list[Version]:
    """The policy under which a ticket came into the store, and those that have been applied since."""
    since = store.ask(_KNOWN_SINCE, {"ticket": ticket})[0][0] or 0
    later = [one for one in applied.values() if one.applied_at > since]
    first = [applied[one.version - 1] for one in later[:1] if one.version - 1 in applied]
    return [_version(store, one) for one in (*first, *later)]


def _judgements(store: SqliteStore, ticket: str, now: int) -> dict[tuple[Bucket, int], list[Judgement]]:
    """What was judged before of each clock and stands no more, by its key, oldest first."""
    rows: dict[tuple[Bucket, int], list[Row]] = {}
    for row in store.ask(OUTCOMES_OF, (ticket,)):
        if row["stopped_at"] <= now:
            rows.setdefault((Bucket(row["bucket"]), row["cycle"]), []).append(row)
    return {
        key: [
            Judgement(row["policy_version"], bool(row["met"]), row["elapsed_s"], row["target_s"], row["stopped_at"],
                      later["why"] or "")
            for row, later in pairwise(found) if not row["withdrawn"]
        ]
        for key, found in rows.items()
    }  # fmt: skip


# When a ticket was first heard of: by an act, or by the import that brought it.
_KNOWN_SINCE = """
    SELECT min(coalesce(i.started_at, e.at)) FROM events e LEFT JOIN imports i ON i.id = e.import_id
    WHERE e.ticket_id = :ticket"""


def autopsies(source: SqliteStore | Past, ticket: str, now: int) -> tuple[Autopsy, ...]:
    """Each clock of `ticket` taken apart, in the board's order; finished ones under the version that judged them.

    Raises NoSuchTicket.
    """
    detail = source.detail(ticket, now)
    return taken_apart(source, detail, detail.ticket.clocks, now)


def late(source: SqliteStore | Past, detail: Detail, now: int) -> tuple[Autopsy, ...]:
    """The late clocks of a ticket taken apart."""
    return taken_apart(source, detail, [clock for clock in detail.ticket.clocks if is_breached(clock, now)], now)


def taken_apart(source: SqliteStore | Past, detail: Detail, clocks: Iterable[Clock], now: int) -> tuple[Autopsy, ...]:
    """These clocks of a ticket, in their order."""
    store = source.store if isinstance(source, Past) else source
    found, wholes, ticket = [], dict[int, Course](), detail.ticket.id
    for clock in clocks:
        policies = store.policy_of(clock.policy_version)
        if clock.policy_version not in wholes:
            wholes[clock.policy_version] = course(ticket, detail.events, policies)
        calendar, whole = policies.calendars[clock.calendar], wholes[clock.policy_version]
        found.append(autopsy(ticket, clock, calendar, detail.events, policies, now, whole=whole))
    return tuple(found)

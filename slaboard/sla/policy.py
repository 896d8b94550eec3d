"""Which targets a ticket gets: policies in order, their calendars and status words, and how a file becomes them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from operator import itemgetter
from typing import Any

from slaboard.sla.calendar import ALWAYS, BusinessCalendar
from slaboard.sla.policy_file import Problem, Table, load
from slaboard.sla.zones import Zones
from slaboard.text import clean
from slaboard.ticket import PROMISES, Bucket, Stage, Zone

__all__ = ["Policy", "PolicySet", "Problem", "UpdateMode", "Zones", "parse"]

ATTRIBUTES = ("customer", "priority", "board", "type")
"""What of a ticket a policy may match; never its status, which changes while the clocks run."""
TARGETS = (*PROMISES, Bucket.UPDATE)
ZONE_KEYS = ("yellow", "orange", "yellow_floor", "orange_floor")
CALENDAR_KEYS = ("timezone", "hours", "days", "holidays", "holidays_in")
SETTINGS = ("zones", "response_pauses", "response_by_status", "update_mode", "engage_skill", "reopen_grace")
"""What may stand at the top of the file, for all, and in a [[policy]], for its tickets."""
FILE_KEYS = ("calendar", "status", "claim", "policy", *SETTINGS)
POLICY_KEYS = ("name", "match", "calendar", "targets", *SETTINGS)
FIRST_YEAR, LAST_YEAR = 1970, 2200
"""The years that a calendar's dates may be in, as those of events (connectors/times.py)."""
CLAIM_ZONES = frozenset({Zone.YELLOW, Zone.ORANGE, Zone.RED})
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
REMEMBERED = 65_536
"""How many combinations of attributes a policy set remembers the policy of, before it starts afresh."""


class UpdateMode(StrEnum):
    """What starts the Update clock (rule 23)."""

    UNANSWERED = "unanswered"
    """A customer's message that no human has answered."""
    KEEP_INFORMED = "keep_informed"
    """Also each human message to the customer."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What one group of tickets is promised. The defaults are those of a file that says nothing."""

    name: str
    match: Mapping[str, frozenset[str]]
    """Folded words by attribute: a ticket must have one of each; none at all match every ticket."""
    calendar: str
    targets: Mapping[Bucket, int]
    """Business seconds by bucket; a bucket left out has no clock."""
    zones: Zones = field(default_factory=Zones)
    response_pauses: bool = False
    """Response waits with the ticket (rule 7)."""
    response_by_status: bool = False
    """Moving on to plan or resolve counts as a response (rule 8)."""
    update_mode: str = UpdateMode.UNANSWERED
    engage_skill: str | None = None
    """The skill that whoever engages must hold (rule 9)."""
    reopen_grace_s: int = 0
    """Seconds after a reopen that total resolution does not count yet (rule 13)."""

    def takes(self, words: Mapping[str, str]) -> bool:
        """True when a ticket of these folded attributes is one of this policy's."""
        return all(words[key] in wanted for key, wanted in self.match.items())

    def covers(self, other: Policy) -> bool:
        """True when this policy surely takes every ticket that `other` takes."""
        return all(key in other.match and other.match[key] <= wanted for key, wanted in self.match.items())


class Shelf:
    """Policies in order, filed under one of their words: a ticket is held against few of them, however many there are.

    With 1,600 policies (400 customers, 4 priorities) trying each in turn took 2 ms a ticket.
    """

    def __init__(self, policies: Iterable[Policy]) -> None:
        self._filed: defaultdict[tuple[str, str], list[tuple[int, Policy]]] = defaultdict(list)
        for place, policy in enumerate(policies):
            key = next(iter(policy.match), "")
            for word in policy.match.get(key, ("",)):
                self._filed[key, word].append((place, policy))

    def candidates(self, words: Mapping[str, str]) -> list[tuple[int, Policy]]:
        """Every policy that may take a ticket of these folded attributes, with its place, in order."""
        found = (filed for item in (("", ""), *words.items()) for filed in self._filed.get(item, ()))
        return sorted(found, key=itemgetter(0))


@dataclass(frozen=True, slots=True)
class PolicySet:
    """Everything one policy file says."""

    calendars: Mapping[str, BusinessCalendar]
    statuses: Mapping[str, Stage]
    claim_zones: frozenset[Zone]
    policies: tuple[Policy, ...]
    text: str
    """The file as it was written."""
    _stages: dict[str, Stage] = field(init=False, repr=False, compare=False)
    _shelf: Shelf = field(init=False, repr=False, compare=False)
    _matched: dict[tuple[str | None, ...], Policy | None] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        stages: dict[str, Stage] = {}
        for word, stage in self.statuses.items():
            stages.setdefault(fold(word), stage)
        object.__setattr__(self, "_stages", stages)
        object.__setattr__(self, "_shelf", Shelf(self.policies))
        object.__setattr__(self, "_matched", {})

    def match(
        self, *, customer: str | None, priority: str | None, board: str | None, type: str | None
    ) -> Policy | None:
        """The first policy in order that takes such a ticket; None when nothing is promised to it."""
        key = (customer, priority, board, type)
        try:
            return self._matched[key]
        except KeyError:
            words = dict(zip(ATTRIBUTES, map(fold, key), strict=True))
        found = next((policy for _, policy in self._shelf.candidates(words) if policy.takes(words)), None)
        if len(self._matched) >= REMEMBERED:
            self._matched.clear()
        self._matched[key] = found
        return found

    def stage_of(self, status: str | None) -> Stage | None:
        """The stage of a status word: as it is written, else whatever its case; None when unmapped (rule 25)."""
        if status is None:
            return None
        return self.statuses.get(status) or self._stages.get(fold(status))

    @property
    def uses_update(self) -> bool:
        """True when some policy promises to keep its customers informed (rule 23)."""
        return any(Bucket.UPDATE in policy.targets for policy in self.policies)


def fold(word: str | None) -> str:
    """`word` as policies compare it: case, spaces around it and invisible characters do not count."""
    return clean(word or "").strip().casefold()


def parse(text: str) -> tuple[PolicySet | None, list[Problem]]:
    """What the policy file `text` says, and all that is wrong with it, by line; with any problem it says nothing.

    Never raises. The keys and what they mean: docs/policy.md.
    """
    root = load(text)
    if isinstance(root, Problem):
        return None, [root]
    root.only(*FILE_KEYS)
    calendars = _calendars(root.table("calendar", right="write [calendar.office] above the keys of a calendar"))
    statuses = _statuses(root.table("status"))
    claim_zones = _claim_zones(root.table("claim"))
    policies = _policies(root, _settings(root, Policy("", {}, "", {})), calendars)
    if root.problems:
        return None, sorted(root.problems.values(), key=lambda problem: (problem.line or 0, problem.what))
    open_hours = {ALWAYS: BusinessCalendar.from_dict({"timezone": "UTC", "hours": "24x7"})}
    open_hours |= {name: calendar for name, calendar in calendars.items() if calendar is not None}
    return PolicySet(open_hours, statuses, claim_zones, policies, text), []


# --- settings -------------------------------------------------------------------------------------------------

ELSEWHERE = {
    **dict.fromkeys(POLICY_KEYS, "it belongs directly under [[policy]], above any [policy.match] or [policy.targets]"),
    **dict.fromkeys(
        SETTINGS, "it belongs at the top of the file, above the first [table], or directly under a [[policy]]"
    ),
}
"""Where a key belongs: in TOML, what is written below a [table] is part of it."""


def _settings(table: Table, base: Policy) -> Policy:
    """`base` with the settings that are written in `table`."""
    skill = table.text("engage_skill", base.engage_skill or "")
    if "," in skill and "engage_skill" in table:
        table.wrong_value("engage_skill", "has a comma, which parts one skill from the next", "name one skill")
    return replace(
        base,
        zones=_zones(table.table("zones"), base.zones),
        response_pauses=table.flag("response_pauses", base.response_pauses),
        response_by_status=table.flag("response_by_status", base.response_by_status),
        update_mode=table.choice("update_mode", UpdateMode, UpdateMode(base.update_mode)),
        engage_skill=skill or None,
        reopen_grace_s=table.seconds("reopen_grace", base.reopen_grace_s),
    )


def _zones(table: Table, base: Zones) -> Zones:
    table.only(*ZONE_KEYS, elsewhere=ELSEWHERE)
    zones = Zones(
        yellow=table.share("yellow", base.yellow),
        orange=table.share("orange", base.orange),
        yellow_floor_s=table.seconds("yellow_floor", base.yellow_floor_s),
        orange_floor_s=table.seconds("orange_floor", base.orange_floor_s),
    )
    if zones.yellow > zones.orange and ("yellow" in table or "orange" in table):
        what = f"yellow begins at {zones.yellow}, after orange at {zones.orange}"
        table.wrong("yellow" if "yellow" in table else "orange", what, "yellow may not be above orange")
    return zones


def _statuses(table: Table) -> dict[str, Stage]:
    return {word: table.choice(word, Stage, Stage.RESPOND, elsewhere=ELSEWHERE) for word in table}


def _claim_zones(table: Table) -> frozenset[Zone]:
    table.only("zones", elsewhere=ELSEWHERE)
    if "zones" not in table:
        return CLAIM_ZONES
    words = table.items("zones")
    if not words.values:
        table.wrong("zones", "zones is empty, so nothing could be claimed", 'list at least one, such as ["red"]')
    return frozenset(words.choice(item, Zone, Zone.RED) for item in words)


# --- calendars ------------------------------------------------------------------------------------------------


def _calendars(table: Table) -> dict[str, BusinessCalendar | None]:
    found: dict[str, BusinessCalendar | None] = {}
    for written in table:
        name = clean(written).strip()
        if not name:
            table.wrong(written, "the calendar has no name", "write [calendar.office] above it")
        elif name in found:
            table.wrong(written, f'a calendar named "{name}" is there already', "give each calendar a name of its own")
        found[name] = _calendar(table, written)
    return found


def _calendar(calendars: Table, name: str) -> BusinessCalendar | None:
    """The calendar `name`; None when something is wrong with it."""
    table = calendars.table(name, right="write [calendar.office] above it: a calendar has a name")
    if not table.is_sound:
        return None
    table.only(*CALENDAR_KEYS, elsewhere=ELSEWHERE)
    holidays = table.items("holidays")
    always = table.values.get("hours") == ALWAYS
    data: dict[str, Any] = {key: table.written(key) for key in ("timezone", "holidays_in") if key in table}
    data["hours"] = ALWAYS if always else _spans_by_day(table, "hours", f'"{ALWAYS}" or {{ mon = ["09:00-17:00"] }}')
    data["date_hours"] = _spans_by_day(table, "days", '{ "2026-12-24" = ["09:00-12:00"] }')
    data["holidays"] = [holidays.written(item) for item in holidays]
    _report_far_dates(table, holidays)
    for path, sentence in BusinessCalendar.problems(data):
        what, _, right = sentence.removesuffix(".").partition("; ")
        if not path and not table.is_sound:
            continue  # its hours could not be read: that they are none is no news
        if not path:
            what, right = "the calendar is never open", 'give it hours such as { mon = ["09:00-17:00"] } or "24x7"'
        place = ("days", *path[1:]) if path[:1] == ("date_hours",) else path
        table.wrong(place, what[:1].lower() + what[1:], right)
    return BusinessCalendar.from_dict(data) if table.is_sound else None


def _report_far_dates(calendar: Table, holidays: Table) -> None:
    """Each date beyond the years that events may have: nobody means it, and thousands of years take 5 s to compile."""
    days = calendar.values.get("days")
    found: list[tuple[tuple[str, str], object]] = [(("holidays", item), date) for item, date in holidays.values.items()]
    found += [(("days", date), date) for date in days] if isinstance(days, dict) else []
    for place, date in found:
        if isinstance(date, str) and _DATE.fullmatch(date) and not FIRST_YEAR <= int(date[:4]) <= LAST_YEAR:
            what = f'"{date}" is outside the years {FIRST_YEAR} to {LAST_YEAR}'
            calendar.wrong(place, what, "write a date of these years")


def _spans_by_day(table: Table, key: str, example: str) -> dict[str, list[list[str]]]:
    """`{ mon = ["09:00-17:00"] }` as `{"mon": [["09:00", "17:00"]]}`."""
    days = table.table(key, right=f"write {key} = {example}")
    return {day: _spans(days.items(day)) for day in days}


def _spans(spans: Table) -> list[list[str]]:
    """Each span's two ends; none where it cannot be read, so that the items after it keep their place."""
    read: list[list[str]] = []
    for item, value in spans.values.items():
        begin, dash, end = value.partition("-") if isinstance(value, str) else ("", "", "")
        if not dash:
            spans.wrong_value(item, "is not a span of opening hours", 'write "09:00-17:00"')
        read.append([begin.strip(), end.strip()] if dash else [])
    return read


# --- policies -------------------------------------------------------------------------------------------------


def _policies(root: Table, defaults: Policy, calendars: Collection[str]) -> tuple[Policy, ...]:
    rows = root.items("policy")
    if not rows.values:
        right = 'add [[policy]] with name = "Everyone" and targets = { resolution = "16h" }'
        root.wrong("policy", "the file has no policy, so no ticket would have an SLA", right)
    if isinstance(root.values.get("policy"), dict):
        root.wrong("policy", "[policy] has single brackets", "write [[policy]], for there may be several")
        return ()
    tables = [rows.table(item, right="write [[policy]] above the keys of each policy") for item in rows]
    policies = [(_policy(table, defaults, calendars), table) for table in tables if table.is_sound]
    _report_twins(policies)
    _report_unreachable([(policy, table) for policy, table in policies if table.table("match").is_sound])
    return tuple(policy for policy, _ in policies)


def _policy(table: Table, defaults: Policy, calendars: Collection[str]) -> Policy:
    table.only(*POLICY_KEYS)
    name = table.text("name")
    if not name and isinstance(table.values.get("name", ""), str):
        table.wrong("name", "the policy has no name", 'write name = "..." as people should read it')
    return replace(
        _settings(table, defaults),
        name=name,
        match=_match(table.table("match")),
        calendar=_calendar_of(table, calendars),
        targets=_targets(table),
    )


def _match(table: Table) -> Mapping[str, frozenset[str]]:
    never = "leave it out: a status changes while the ticket lives, what it was promised does not"
    table.only(*ATTRIBUTES, elsewhere={"status": never, **ELSEWHERE})
    return {key: _words(table, key) for key in ATTRIBUTES if key in table}


def _words(table: Table, key: str) -> frozenset[str]:
    words = table.items(key)
    if not words.values:
        table.wrong(key, f"{key} = [] matches no ticket", f"list at least one {key}, or leave the key out")
    return frozenset(fold(words.text(item)) for item in words)


def _calendar_of(table: Table, calendars: Collection[str]) -> str:
    known = [*calendars, *([] if ALWAYS in calendars else [ALWAYS])]
    if "calendar" in table:
        name = table.text("calendar")
        if name != ALWAYS and name not in calendars and isinstance(table.values["calendar"], str):
            table.wrong_value("calendar", "is not defined", table.meant(name, known))
        return name
    if len(calendars) == 1:
        return next(iter(calendars))
    names = " or ".join(f'"{name}"' for name in known[:5])
    what = f"the policy names no calendar and the file defines {len(calendars)}"
    table.wrong("calendar", what, f"write calendar = {names}")
    return ""


def _targets(policy: Table) -> Mapping[Bucket, int]:
    table = policy.table("targets")
    if policy.values.get("targets", {}) == {}:
        right = 'write targets = { resolution = "8h" }, or take the policy out: what none matches is shown as no SLA'
        policy.wrong("targets", "the policy has no targets", right)
    follows = "leave it out: it has the target of resolution"
    table.only(*TARGETS, elsewhere={Bucket.TOTAL_RESOLUTION: follows, **ELSEWHERE})
    return {bucket: table.seconds(bucket, 0) for bucket in TARGETS if bucket in table}


def _report_twins(policies: Iterable[tuple[Policy, Table]]) -> None:
    first: dict[str, Table] = {}
    for policy, table in policies:
        if policy.name and first.setdefault(policy.name, table) is not table:
            taken = f'the name "{policy.name}" is taken by the policy on line {first[policy.name].line()}'
            table.wrong("name", taken, "give each policy a name of its own")


def _report_unreachable(policies: list[tuple[Policy, Table]]) -> None:
    shelf = Shelf(policy for policy, _ in policies)
    for own_place, (policy, table) in enumerate(policies):
        words = {key: next(iter(wanted)) for key, wanted in policy.match.items()}
        for place, other in shelf.candidates(words):
            if place < own_place and other.covers(policy):
                line = policies[place][1].line()
                what = f"no ticket can reach this policy: the one on line {line} takes all that it matches"
                table.wrong((), what, "move it above that one, or narrow the match of that one")
                break

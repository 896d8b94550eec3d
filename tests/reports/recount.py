"""The figures of a report counted a second time, slowly and plainly, from the rows of a store: nothing of slaboard's.

Every result and every event is walked through for every figure; docs/metrics.md says what each one is.
"""

from __future__ import annotations

import itertools
import json
import sqlite3
import statistics
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

Row = dict[str, Any]
BUCKETS = ("response", "resplan", "resolution", "total_resolution", "update")
FOREVER = 1 << 60


@dataclass(frozen=True)
class Asked:
    """What a report was asked for."""

    by: tuple[str, ...]
    since: int | None = None
    until: int | None = None
    zone: str = "UTC"
    skipped: bool = True
    by_status: bool = True
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def holds(self, at: int) -> bool:
        return (self.since is None or at >= self.since) and (self.until is None or at < self.until)


def piece(unit: str, at: int, zone: str) -> str:
    """The name of the unit of time that holds `at`."""
    moment = datetime.fromtimestamp(at, ZoneInfo(zone))
    return {
        "day": moment.strftime("%Y-%m-%d"),
        "week": moment.strftime("%G-W%V"),
        "month": moment.strftime("%Y-%m"),
        "quarter": f"{moment.year}-Q{1 + (moment.month - 1) // 3}",
        "year": str(moment.year),
    }[unit]


def rows_of(path: Path, sql: str) -> list[Row]:
    """The rows of a query, by another connection of Python's own driver."""
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    connection.row_factory = sqlite3.Row
    try:
        return [dict(row) for row in connection.execute(sql)]
    finally:
        connection.close()


COLUMN = {"priority": "priority", "customer": "customer", "engineer": "owner", "bucket": "bucket", "policy": "policy",
          "board": "board"}  # fmt: skip


def _key(row: Row, at: int, asked: Asked, by: Iterable[str]) -> tuple[str | None, ...]:
    return tuple((row[COLUMN[word]] or None) if word in COLUMN else piece(word, at, asked.zone) for word in by)


def _wanted(row: Row, asked: Asked, *without: str) -> bool:
    return all(row[COLUMN[fact]] in names for fact, names in asked.only.items() if fact not in without)


def times(prefix: str, values: list[int]) -> Row:
    """Mean, median and 90th percentile."""
    p90: float | None = None
    if values:
        p90 = statistics.quantiles(values, n=10, method="inclusive")[8] if len(values) > 1 else values[0]
    return {
        f"{prefix}mean_s": statistics.fmean(values) if values else None,
        f"{prefix}median_s": statistics.median(values) if values else None,
        f"{prefix}p90_s": p90,
    }


def promises(path: Path, asked: Asked) -> list[Row]:
    """The rows of the first sheet."""
    newest: dict[tuple[str, str, int], Row] = {}
    for row in rows_of(path, "SELECT * FROM outcomes ORDER BY revision"):
        newest[row["ticket_id"], row["bucket"], row["cycle"]] = row
    groups: dict[tuple[str | None, ...], list[Row]] = {}
    by = (*asked.by, *(() if "bucket" in asked.by else ("bucket",)))
    for row in newest.values():
        if row["withdrawn"] or not asked.holds(row["stopped_at"]) or not _wanted(row, asked):
            continue
        if (row["skipped"] and not asked.skipped) or (row["by_status"] and not asked.by_status):
            continue
        groups.setdefault(_key(row, row["stopped_at"], asked, by), []).append(row)
    return [{**dict(zip(by, key, strict=True)), **_kept(found)} for key, found in groups.items()]


def _kept(found: list[Row]) -> Row:
    met = [row for row in found if row["met"]]
    missed = [row for row in found if not row["met"]]
    spare = [row["target_s"] - row["elapsed_s"] for row in met]
    over = [row["elapsed_s"] - row["target_s"] for row in missed]
    return {
        "n": len(found),
        "met": len(met),
        "share": len(met) / len(found),
        "missed": len(missed),
        "small": len(found) < 20,
        "skipped": len([1 for row in found if row["skipped"]]),
        "by_status": len([1 for row in found if row["by_status"]]),
        "retargeted": len([1 for row in found if row["cause"] == "retarget"]),
        "saved": len([1 for row in met if row["zone"] in ("yellow", "orange") and row["owner"] is not None]),
        **times("", [row["elapsed_s"] for row in found]),
        **times("wall_", [row["stopped_at"] - row["started_at"] for row in found]),
        "spare_mean_s": sum(spare) / len(spare) if spare else None,
        "over_mean_s": sum(over) / len(over) if over else None,
    }


# --- tickets --------------------------------------------------------------------------------------------------------


@dataclass
class Life:
    """What one ticket went through."""

    row: Row
    opened: int
    turns: list[tuple[int, bool]]
    """When it ended (True) or was opened again (False)."""
    answers: list[int]
    claims: list[tuple[int, str, str]]
    surveys: list[Row]

    def is_open(self, at: int) -> bool:
        """Whether it was open just before `at`."""
        ended = [is_end for when, is_end in self.turns if when < at]
        return self.opened < at and not (ended and ended[-1])

    @property
    def first_end(self) -> int | None:
        return next((at for at, is_end in self.turns if is_end), None)


def lives(path: Path, words: Mapping[str, str], asked: Asked, now: int) -> list[Life]:
    """Every ticket's life until now; `words` is the [status] table of the policy."""
    tickets = {row["id"]: row for row in rows_of(path, "SELECT * FROM tickets")}
    events: dict[str, list[Row]] = {}
    undone: dict[str, set[str]] = {}
    for event in rows_of(path, "SELECT * FROM events ORDER BY at, kind <> 'created', order_in_instant, seq"):
        if event["kind"] == "undo":
            undone.setdefault(event["ticket_id"], set()).add(event["caused_by"])
        elif event["at"] < min(now + 1, asked.until or FOREVER):
            events.setdefault(event["ticket_id"], []).append(event)
    found = []
    for ticket, history in events.items():
        back = undone.get(ticket, set())
        kept = [event for event in history if event["id"] not in back and f"#{event['seq']}" not in back]
        begin = next((i for i, event in enumerate(kept) if event["kind"] == "created"), None)
        if begin is not None and ticket in tickets and _wanted(tickets[ticket], asked, "bucket", "engineer"):
            found.append(_life(tickets[ticket], kept[begin:], words))
    return found


def _life(row: Row, events: list[Row], words: Mapping[str, str]) -> Life:
    life = Life(row, events[0]["at"], [], [], [], [])
    ended = False
    for event in events:
        kind = event["kind"]
        stage = (event["stage"] or words.get(event["status"] or "")) if kind in ("status", "created") else None
        ends = kind in ("resolve", "close") or stage in ("resolved", "closed")
        opens = kind == "reopen" or (stage is not None and not ends)
        if (ends and not ended) or (opens and ended):
            ended = ends
            life.turns.append((event["at"], ends))
        if kind == "message" and event["actor_kind"] == "human" and (
            event["direction"] == "out" or (event["channel"] or "").lower() in ("phone", "call")
        ):  # fmt: skip
            life.answers.append(event["at"])
        if kind in ("claim", "takeover"):
            life.claims.append((event["at"], kind, event["owner"] or event["actor"]))
        if kind == "survey":
            life.surveys.append(event)
    return life


def _pieces(lifes: list[Life], asked: Asked, by: tuple[str, ...], now: int) -> list[tuple[int, str | None]]:
    """The end of every piece of time with its name; one nameless piece without a unit. Days are tried one by one."""
    until = min(now + 1, asked.until or FOREVER)
    unit = next((word for word in by if word not in COLUMN), None)
    if unit is None:
        return [(until, None)]
    first = max([min((life.opened for life in lifes), default=until - 1), asked.since or 0])
    ends: dict[str, int] = {}
    for at in [*range(first, until - 1, 7_200), until - 1]:
        ends[piece(unit, at, asked.zone)] = at
    # The exact end: the first second that has another name.
    exact: list[tuple[int, str | None]] = []
    for name, at in ends.items():
        while at < until and piece(unit, at, asked.zone) == name:
            at += 900 - at % 900 if at + 900 <= until else 1
        exact.append((at, name))
    return exact


def tickets(path: Path, asked: Asked, words: Mapping[str, str], now: int) -> dict[str, list[Row]]:
    """The rows of the sheets that count tickets, by the sheet's name."""
    by = tuple(word for word in asked.by if word != "bucket")
    found = lives(path, words, asked, now)
    ends = _pieces(found, asked, by, now)

    def grouped(
        pick: Callable[[Life], Iterable[tuple[int, Any, str | None]]],
    ) -> dict[tuple[str | None, ...], list[Any]]:
        groups: dict[tuple[str | None, ...], list[Any]] = {}
        for life in found:
            for at, what, engineer in pick(life):
                owner = life.row["owner"] if engineer is None else engineer
                if asked.holds(at) and owner in asked.only.get("engineer", (owner,)):
                    row = life.row if engineer is None else {**life.row, "owner": engineer}
                    groups.setdefault(_key(row, at, asked, by), []).append(what)
        return groups

    flows = {
        "opened": grouped(lambda life: [(life.opened, 1, None)]),
        "reopened": grouped(lambda life: [(at, 1, None) for at, is_end in life.turns if not is_end]),
        "ended": grouped(lambda life: [(at, 1, None) for at, is_end in life.turns if is_end]),
        "solved": grouped(lambda life: [(at, life, None) for at in [life.first_end] if at is not None]),
        "backlog": grouped(
            lambda life: [(end - 1, end - life.opened, None) for end, _ in ends if life.is_open(end)]
        ),
    }  # fmt: skip
    claims = grouped(
        lambda life: [(at, (kind, at, life, i == 0), who) for i, (at, kind, who) in enumerate(life.claims)]
    )
    answers = grouped(lambda life: [(row["at"], (life, row), None) for row in life.surveys])
    return {
        "tickets": _rows(
            by, flows.values(), lambda key: _flow({name: part.get(key, []) for name, part in flows.items()})
        ),
        "claims": _rows(by, [claims], lambda key: _claims(claims[key])),
        "surveys": _rows(
            by, [flows["solved"], answers], lambda key: _surveys(flows["solved"].get(key, []), answers.get(key, []))
        ),
    }  # fmt: skip


def _rows(
    by: tuple[str, ...], parts: Iterable[Mapping[tuple[str | None, ...], Any]],
    values: Callable[[tuple[str | None, ...]], Row],
) -> list[Row]:  # fmt: skip
    keys = {key for part in parts for key in part}
    return [{**dict(zip(by, key, strict=True)), **values(key)} for key in keys]


def _flow(part: Mapping[str, list[Any]]) -> Row:
    told = [
        len([at for at in life.answers if at <= life.first_end]) for life in part["solved"]
    ]  # fmt: skip
    answered, once = len([n for n in told if n]), len([n for n in told if n == 1])
    return {
        **{name: len(part[name]) for name in ("opened", "reopened", "ended", "solved")},
        "reopen_rate": len(part["reopened"]) / len(part["ended"]) if part["ended"] else None,
        "answered": answered,
        "one_touch": once,
        "first_contact_share": once / answered if answered else None,
        "backlog": len(part["backlog"]),
        **times("backlog_age_", part["backlog"]),
    }


def _claims(found: list[tuple[str, int, Life, bool]]) -> Row:
    first = [at - life.opened for _, at, life, is_first in found if is_first]
    return {
        "claims": len([1 for kind, *_ in found if kind == "claim"]),
        "takeovers": len([1 for kind, *_ in found if kind == "takeover"]),
        "first_claims": len(first),
        **times("to_claim_", first),
    }


def _surveys(solved: list[Life], answers: list[tuple[Life, Row]]) -> Row:
    csat: dict[str, int] = {}
    nps: dict[str, int] = {}
    for life, row in answers:
        if row["csat"] is not None:
            csat[life.row["id"]] = row["csat"]
        if row["nps"] is not None:
            nps[life.row["id"]] = row["nps"]
    happy = len([1 for score in csat.values() if score in (4, 5)])
    fans, critics = len([1 for s in nps.values() if s in (9, 10)]), len([1 for s in nps.values() if s <= 6])
    answered = len({life.row["id"] for life, _ in answers})
    return {
        "solved": len(solved),
        "answered": answered,
        "response_rate": answered / len(solved) if solved else None,
        "csat_n": len(csat),
        "satisfied": happy,
        "csat": happy / len(csat) if csat else None,
        "csat_mean": statistics.fmean(csat.values()) if csat else None,
        "nps_n": len(nps),
        "promoters": fans,
        "detractors": critics,
        "nps": 100 * (fans - critics) / len(nps) if nps else None,
    }


def same(ours: list[Row], theirs: list[Row], keys: tuple[str, ...]) -> None:
    """Assert that both have the same rows, whatever their order, and the same figures to 12 digits."""

    def by_key(rows: list[Row]) -> dict[tuple[Any, ...], Row]:
        found = {tuple(row[key] for key in keys): row for row in rows}
        assert len(found) == len(rows)
        return found

    mine, other = by_key(ours), by_key(theirs)
    assert mine.keys() == other.keys()
    for key, row in mine.items():
        assert list(row) == list(other[key])
        for name, value in row.items():
            expected = other[key][name]
            if isinstance(expected, float) and value is not None:
                assert abs(value - expected) <= 1e-9 * max(1.0, abs(expected)), (key, name, value, expected)
            else:
                assert value == expected, (key, name, value, expected)


# --- footnotes ------------------------------------------------------------------------------------------------------

Hours = Callable[[str, int, int], int]
"""Business seconds in a calendar from one instant to another."""


def footnotes(path: Path, asked: Asked, words: Mapping[str, str], now: int, hours: Hours) -> list[Row]:
    """The rows of the footnotes, each ticket looked at: instant by instant, from the results and the events.

    Every policy promises a resolution.
    """
    results: dict[str, list[Row]] = {}
    newest: dict[tuple[str, str, int], Row] = {}
    for row in rows_of(path, "SELECT * FROM outcomes ORDER BY revision"):
        newest[row["ticket_id"], row["bucket"], row["cycle"]] = row
    for row in newest.values():
        is_left_out = (row["skipped"] and not asked.skipped) or (row["by_status"] and not asked.by_status)
        if not row["withdrawn"] and asked.holds(row["stopped_at"]) and _wanted(row, asked) and not is_left_out:
            results.setdefault(row["ticket_id"], []).append(row)
    until = min(now + 1, asked.until or FOREVER)
    events: dict[str, list[Row]] = {}
    for event in rows_of(path, "SELECT * FROM events ORDER BY at, kind <> 'created', order_in_instant, seq"):
        if event["at"] < until:
            events.setdefault(event["ticket_id"], []).append(event)
    found: dict[str, set[str]] = {"late_wait": set(), "quick_reopen": set(), "held_idle": set()}
    for ticket, rows in results.items():
        stages = [_stage(event, words) for event in events[ticket]]
        if any(_waits_late(row, events[ticket], stages, hours) for row in rows):
            found["late_wait"].add(ticket)
        if _taken_back(events[ticket], stages, asked):
            found["quick_reopen"].add(ticket)
        named = [row for row in rows if row["bucket"] == "resolution"]
        if named and _sat(max(named, key=lambda row: int(row["target_s"])), events[ticket], stages, hours):
            found["held_idle"].add(ticket)
    return [
        {"about": name, "tickets": len(some), "looked_at": len(results),
         "share": len(some) / len(results) if results else None}
        for name, some in found.items()
    ] if results else []  # fmt: skip


def _stage(event: Row, words: Mapping[str, str]) -> str | None:
    return (event["stage"] or words.get(event["status"] or "")) if event["kind"] in ("status", "created") else None


def _waits_late(result: Row, events: list[Row], stages: list[str | None], hours: Hours) -> bool:
    """A person set it to wait with at most a twentieth of the target left, and not late yet."""
    waits = json.loads(result["waits"] or "[]")
    by_person = {
        event["at"] for event, stage in zip(events, stages, strict=True)
        if stage == "waiting" and event["actor_kind"] == "human"
    }  # fmt: skip
    for number, (begin, _) in enumerate(waits):
        used = hours(result["calendar"], result["started_at"], begin)
        used -= sum(hours(result["calendar"], *wait) for wait in waits[:number])
        left = result["target_s"] - used
        if begin in by_person and result["bucket"] != "total_resolution" and 0 <= 20 * left <= result["target_s"]:
            return True
    return False


def _taken_back(events: list[Row], stages: list[str | None], asked: Asked) -> bool:
    """A person opened it again within ten minutes of its end."""
    ended: int | None = None
    for event, stage in zip(events, stages, strict=True):
        if event["kind"] in ("resolve", "close") or stage in ("resolved", "closed"):
            ended = event["at"] if ended is None else ended
        elif (event["kind"] == "reopen" or stage is not None) and ended is not None:
            if event["at"] - ended <= 600 and event["actor_kind"] == "human" and asked.holds(event["at"]):
                return True
            ended = None
    return False


def _sat(result: Row, events: list[Row], stages: list[str | None], hours: Hours) -> bool:
    """One person held it for a quarter of the target, half an hour at least, at one go, and nobody worked on it."""
    owner = worker = None
    hands: list[tuple[int, str | None]] = []
    for event, stage in zip(events, stages, strict=True):
        kind, actor, is_human = event["kind"], event["actor"], event["actor_kind"] == "human"
        ends = kind in ("resolve", "close") or stage in ("resolved", "closed", "waiting")
        if kind in ("claim", "takeover", "release"):
            owner = None if kind == "release" else event["owner"] or actor
            worker = worker if worker is not None and worker == owner else None
        elif ends:
            worker = None
        elif is_human and kind == "status" and stage is not None and (actor == owner or stage == "resolve"):
            worker = actor
        hands.append((event["at"], None if worker is not None else owner))
    waits = json.loads(result["waits"] or "[]")
    begin, end = result["started_at"], result["stopped_at"]
    edges = sorted({at for at in (begin, end, *(at for at, _ in hands), *(at for wait in waits for at in wait))
                    if begin <= at <= end})  # fmt: skip
    longest, holder, run = 0, None, 0
    for first, last in itertools.pairwise(edges):
        idle = next((who for at, who in reversed(hands) if at <= first), None)
        if any(a <= first < b for a, b in waits):
            idle = None
        run = (run if idle == holder else 0) + (hours(result["calendar"], first, last) if idle is not None else 0)
        holder, longest = idle, max(longest, run)
    return longest >= 1_800 and 4 * longest >= result["target_s"]

"""`slaboard watch`: changes of zone as they happen, a line of JSON each, and the team's hooks, without a screen."""

from __future__ import annotations

import os
import select
import signal
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from types import FrameType
from typing import Any

import click
from msgspec import Struct, field

from slaboard.alerts import alert as alerts
from slaboard.alerts import ways
from slaboard.alerts.alert import HOOK, Alert, Rules, Vigil
from slaboard.alerts.hooks import Hooks, hooks, ring
from slaboard.alerts.messenger import Messenger
from slaboard.board.instant import within
from slaboard.board.tidings import sentence
from slaboard.board.views import Filter, parse_filter
from slaboard.commands.clock import exactly
from slaboard.commands.options import Common, pass_common, plain, store_option
from slaboard.errors import UsageError
from slaboard.follow.patrol import Change, Patrol
from slaboard.host.machine import timezone, via
from slaboard.output import alert_json, change_json
from slaboard.store.disk.sole import Sole
from slaboard.store.read.moment import cleaned
from slaboard.store.read.past import matches
from slaboard.text import clean, json_line
from slaboard.ticket import ZONES, Zone

MOST = 20
"""So many tickets stand in one alert."""
FAREWELL_S = 2.0
"""For so long a watch that ends waits for hooks that are under way."""


@click.command("watch")
@store_option
@click.option("--zones", metavar="ZONES", help='Only who comes into these: "orange red". Else every change is told.')
@click.option("--filter", "text", metavar="F", default="", help="Only these tickets, as behind / on the board.")
@click.option("--once", is_flag=True, help="End after the first that is told.")
@click.option("--also", is_flag=True, help="Beside another watch: streams, and runs no hooks.")
@pass_common
def watch(common: Common, store: str | None, zones: str | None, text: str, once: bool, also: bool) -> int:
    """Tell every change of zone as it happens, a line of JSON each, and run the hooks of the config."""
    common.take({"store": store})
    if zones is not None and (wrong := ways.zones(zones)):
        raise UsageError(f"--zones {clean(zones, limit=60)} cannot be used: {wrong}.")
    for problem in common.config.problems:
        _say(problem)
    wanted = frozenset(ZONES) if zones is None else alerts.zones_of(zones) or frozenset()
    patrol, sole = Patrol(common.store, exactly, _say), Sole(common.store)
    found = Hooks() if also else hooks(common.config, os.environ)
    messenger = Messenger(_say)
    bellman = Bellman(found, common.config.alerts, common.config.get("timezone") or timezone(), messenger)
    bellman.store = clean(str(common.store))
    teller = Teller(wanted, parse_filter(plain(text)), is_all=zones is None)
    try:
        with _signals(), closing(patrol.rounds()) as rounds:
            for number, changes in enumerate(rounds):
                if not number:  # there is such a store
                    if not also:
                        sole.take(via("watch").split()[0])
                    _say(_began(common, found, also=also))
                sole.keep()
                chosen = teller.chosen(changes, int(exactly()))
                told = teller.tell(chosen)
                bellman.heard(chosen, int(exactly()))
                if once and told:
                    return 0
                if _is_unheard():
                    return 0
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # else the end of the process stumbles over it
        return 0
    finally:
        messenger.close(FAREWELL_S)
        sole.release()
    return 0


def _began(common: Common, found: Hooks, *, also: bool) -> str:
    if also:
        rings = "Hooks are left to the other watch"
    elif found.is_any and HOOK in common.config.alerts.ways:
        rings = f"Alerts go to {found}"
    else:
        rings = "No hook is set (alerts.command, alerts.webhook)"
    return f"Watching {common.store} from now on. {rings}."


def _say(sentence: str) -> None:
    """On the error output, which a journal keeps; nobody may be there to read it."""
    with suppress(OSError, ValueError):
        print(f"slaboard: {clean(sentence, limit=2_000)}", file=sys.stderr, flush=True)


# --- what is told -----------------------------------------------------------------------------------------------


class Teller(Struct, frozen=True):
    """Prints the changes that somebody wants to hear of."""

    zones: frozenset[Zone]
    wanted: Filter
    is_all: bool = True
    """Also of who leaves for no zone at all."""

    def chosen(self, changes: list[Change], now: int) -> list[Change]:
        """Those of the tickets that are watched."""
        if self.wanted.is_empty:
            return changes
        return [c for c in changes if c.ticket is not None and matches(cleaned(c.ticket), self.wanted, now)]

    def tell(self, changes: list[Change]) -> int:
        """A line each; how many. BrokenPipeError when nobody listens any more."""
        lines = [
            json_line(change_json(change.crossing, change.ticket))
            for change in changes
            if self.is_all or change.crossing.after in self.zones
        ]
        if lines:
            sys.stdout.write("\n".join(lines) + "\n")
            sys.stdout.flush()
        return len(lines)


def _is_unheard() -> bool:
    """True when whoever read our lines has gone: else only the next line would find out."""
    if not hasattr(select, "poll"):
        return False
    with suppress(OSError, ValueError):
        poll = select.poll()
        poll.register(sys.stdout.fileno(), 0)
        return any(events & select.POLLERR for _, events in poll.poll(0))
    return False


# --- what rings -------------------------------------------------------------------------------------------------


class Bellman(Struct):
    """Runs the hooks, at most one alert in ten seconds and none in quiet hours."""

    hooks: Hooks
    rules: Rules
    timezone: str
    messenger: Messenger
    store: str = ""
    _vigil: Vigil = field(default_factory=Vigil)
    _tickets: list[Change] = field(default_factory=list)
    """The most urgent of those that have not rung yet."""

    def heard(self, changes: list[Change], now: int) -> None:
        """Take what has changed, and ring what is due."""
        if not self.hooks.is_any or HOOK not in self.rules.ways:
            return
        zones = self.rules.ways[HOOK]
        entries = [c for c in changes if c.crossing.is_entry and c.crossing.after in zones]
        if entries:
            by_crossing = {entry.crossing: entry for entry in entries}
            burst = alerts.burst(by_crossing, lambda crossing: alerts.entry_of(crossing, _clean(by_crossing[crossing])))
            self._vigil = alerts.entered(self._vigil, burst, now, self.rules)
            self._tickets = sorted([*self._tickets, *entries], key=_urgency)[:MOST]
        is_quiet = within(self.rules.quiet, now, self.timezone)
        self._vigil, alert = alerts.rung(self._vigil, now, self.rules, is_quiet=is_quiet)
        if alert is not None:
            self._ring(alert, now)
        if not self._vigil.waiting.counts:
            self._tickets = []

    def _ring(self, alert: Alert, now: int) -> None:
        text = sentence(alert, now, self.timezone)
        tickets = [change_json(change.crossing, _clean(change)) for change in self._tickets]
        payload = alert_json(alert, text, self.store, tickets)
        ring(self.hooks, self.messenger, json_line(payload), _facts(payload))


def _clean(change: Change) -> Any:
    """The ticket with its texts made safe, and short enough for a message."""
    return None if change.ticket is None else cleaned(change.ticket)


def _urgency(change: Change) -> tuple[int, int, str]:
    """The worst zone first, in it what is due first."""
    crossing = change.crossing
    rank = crossing.after.rank if crossing.after is not None else -1
    return -rank, crossing.due_at or sys.maxsize, crossing.ticket


def _facts(payload: Mapping[str, Any]) -> dict[str, str]:
    """What a command finds in its environment, each behind SLABOARD_: the worst ticket's facts, and the counts."""
    worst: Mapping[str, Any] = next(iter(payload["tickets"]), {})
    names = ("ticket", "bucket", "owner", "customer", "priority", "title", "due_at", "url")
    facts = {name.upper(): str(worst.get(name) or "") for name in names}
    counts = {f"COUNT_{zone.upper()}": str(count) for zone, count in payload["counts"].items()}
    alert = {name.upper(): str(payload[name]) for name in ("zone", "total", "store")}
    return facts | counts | alert | {"ALERT": payload["text"]}


# --- ending -----------------------------------------------------------------------------------------------------


@contextmanager
def _signals() -> Iterator[None]:
    """Whoever asks us to end is heard at once: the stream ends, hooks under way get their moment."""

    def asked(number: int, _: FrameType | None) -> None:
        raise SystemExit(128 + number)

    numbers: Iterable[int] = [
        getattr(signal, name) for name in ("SIGTERM", "SIGINT", "SIGHUP") if hasattr(signal, name)
    ]
    before = {number: signal.signal(number, asked) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

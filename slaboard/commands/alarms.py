"""What doctor says of alerts: what rings here and how, what is missing for it, and who runs the hooks."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from slaboard.alerts.alert import HOOK, Rules
from slaboard.alerts.hooks import Hooks, hooks, secret_of
from slaboard.alerts.ringing import problems
from slaboard.config import Config
from slaboard.host.finding import Finding
from slaboard.store.disk.sole import holder_of
from slaboard.text import clean
from slaboard.ticket import ZONES, Zone


def findings(config: Config, store: Path, environment: Mapping[str, str]) -> Iterator[Finding]:
    """Boards first, then hooks."""
    rules = config.alerts
    yield Finding("ok", "alerts", _told(rules, config.get("alerts.quiet")))
    for problem in problems(rules, environment):
        yield Finding("warn", "alerts", problem.removesuffix("."))
    found = hooks(config, environment)
    if found.is_any and HOOK in rules.ways:
        yield from _hooks(found, store, environment)


def _told(rules: Rules, quiet: str) -> str:
    """`alerts: orange and red ring by bell (red by desktop, too); quiet 18:00-08:00`."""
    ways = {way: zones for way, zones in rules.ways.items() if way != HOOK}
    if not rules.zones or not ways:
        return "alerts: nothing rings on a board here (alerts.zones, alerts.bell)"
    told = ", ".join(f"{way} for {_named(zones)}" for way, zones in ways.items())
    return f"alerts: {told}; " + (f"quiet {quiet}" if rules.quiet else "no quiet hours")


def _named(zones: frozenset[Zone]) -> str:
    return " and ".join(zone for zone in ZONES if zone in zones)


def _hooks(found: Hooks, store: Path, environment: Mapping[str, str]) -> Iterator[Finding]:
    if found.command and shutil.which(found.command[0], path=environment.get("PATH")) is None:
        program = clean(found.command[0], limit=100)
        yield Finding("warn", "alerts", f"alerts.command: {program} is no program that can be run here")
    _, wrong = secret_of(found.secret, environment)
    if found.webhook and wrong:
        yield Finding("warn", "alerts", f"The webhook's secret: {wrong.removesuffix('.')}")
    if (holder := holder_of(store)) is not None:
        yield Finding("ok", "alerts", f"alerts of {store} go out through {holder}")
    else:
        do = "Leave one running: slaboard watch (docs/alerts.md has a service)"
        yield Finding("warn", "alerts", f"No watch runs on {store}, so nobody is sent what is set: {found}", do)

"""`slaboard replay`: the engine on a file of events, without a store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC
from itertools import groupby
from operator import attrgetter
from pathlib import Path

import click
from msgspec.structs import replace

from slaboard.commands import ticket_line
from slaboard.commands.options import at_option, now
from slaboard.commands.policy_file import read_policy
from slaboard.connectors.files import open_lines
from slaboard.connectors.ndjson import Ndjson
from slaboard.connectors.registry import FILE_CONNECTORS, detect
from slaboard.connectors.servicenow_log import ServicenowLog
from slaboard.errors import UsageError
from slaboard.host.aside import InOrder
from slaboard.output import iso, ticket_json
from slaboard.sla.order import ordered
from slaboard.sla.policy import PolicySet
from slaboard.store.folding import NO_TIME_LEFT, folded
from slaboard.store.read.moment import cleaned, ticket_from
from slaboard.store.read.past import ENDED, saving_order
from slaboard.store.rows import fingerprint, raw
from slaboard.store.write.intake import AT_ANY_TIME
from slaboard.text import clean, json_line
from slaboard.ticket import Event, Kind, Ticket

HISTORIES = (Ndjson.name, ServicenowLog.name)
"""What a file may be: a table of tickets or surveys says nothing of what happened when."""


@click.command("replay")
@click.argument("file", type=click.Path())
@click.option("--policy", "policy", required=True, type=click.Path(), help="The policy file to replay under.")
@at_option
@click.option("--json", "as_json", is_flag=True, help="One JSON object a ticket and line.")
def replay(file: str, policy: str, at: int | None, as_json: bool) -> int:
    """The engine on a file of events, without a store. Exit 1 when nothing of it could be used."""
    _, policies = read_policy(policy, "nothing was replayed")
    moment, counts = now() if at is None else at, Counter[str]()
    tickets: InOrder[Ticket] = InOrder(Ticket)
    for ticket in _replayed(_events(file, counts), policies, at, moment):
        tickets.add(_order(ticket, moment), ticket)
        counts["tickets"] += 1
    for line in _told(tickets, policies, moment, as_json=as_json):
        click.echo(line)
    if not counts["tickets"]:
        when = f" by {iso(at)}" if at is not None and counts["events"] else ""
        click.echo(f"No ticket is in {clean(file, limit=400)}{when}.", err=True)
    return 1 if counts["problems"] and not counts["events"] else 0


def _order(ticket: Ticket, moment: int) -> tuple[int, int, str]:
    return saving_order(ticket, moment) if ticket.stage.is_open else (ENDED, 0, ticket.id)


def _told(tickets: Iterable[Ticket], policies: PolicySet, moment: int, *, as_json: bool) -> Iterator[str]:
    """As `slaboard tickets --all` tells them."""
    wide = ticket_line.widths()
    for number, ticket in enumerate(tickets):
        if as_json:
            yield json_line(ticket_json(ticket, policies.calendars, moment))
            continue
        if not number and wide.all is not None:
            yield ticket_line.heading(wide)
        yield ticket_line.line(cleaned(ticket), moment, policies.calendars, wide)


def _replayed(events: Iterable[Event], policies: PolicySet, at: int | None, moment: int) -> Iterator[Ticket]:
    """The tickets of any number of events, which come one ticket after the other, as they were `at`."""
    for ticket, happened in groupby(events, attrgetter("ticket")):
        known = [event for event in _used(ticket, happened, policies) if at is None or event.at <= at]
        if not known:
            continue
        found = folded(ticket, known, policies, 0)
        for event, reason in found.fold.ignored:
            click.echo(f"{clean(ticket)}: {event.kind.value} at {iso(event.at)} is left out: {clean(reason)}", err=True)
        made = ticket_from(found.fold, found.clocks, moment, raw)
        yield made if found.is_promised else replace(made, no_sla=made.no_sla and NO_TIME_LEFT)


def _used(ticket: str, happened: Iterable[Event], policies: PolicySet) -> Iterator[Event]:
    """What an import would keep: a line that stands there twice is one event, none is older than the creation."""
    own = {fingerprint(event): event for event in happened}
    counted = ordered(own.values(), policies)  # a creation that was taken back is none
    opened = next((event.at for event in counted if event.kind is Kind.CREATED), None)
    for event in own.values():
        if opened is None or event.at >= opened or event.kind in AT_ANY_TIME:
            yield event
            continue
        reason = "it is older than the ticket's creation"
        click.echo(f"{clean(ticket)}: {event.kind.value} at {iso(event.at)} is left out: {reason}", err=True)


def _events(file: str, counts: Counter[str]) -> Iterator[Event]:
    """What happened, one ticket after the other, each in the order of the file; `counts` what was read."""
    events: InOrder[Event] = InOrder(Event)
    with open_lines(file) as found:
        kind = Ndjson.name if file == "-" else detect(Path(file).name, found.head)
        if kind not in HISTORIES:
            raise UsageError(
                f"{clean(file, limit=400)} is a table, not a history: replay reads event lines or a ServiceNow log. "
                "`slaboard import` takes it into a store."
            )
        for parsed in FILE_CONNECTORS[kind](UTC).read(found):
            if parsed.problem is not None:
                counts["problems"] += 1
                click.echo(f"line {parsed.line}: {clean(parsed.problem)}", err=True)
            for event in parsed.events:
                counts["events"] += 1
                events.add((0, 0, event.ticket), event)
    yield from events

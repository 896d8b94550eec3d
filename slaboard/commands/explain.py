"""`slaboard explain` and `slaboard replay`: why a clock stands where it stands, and the engine on a file."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from datetime import UTC
from itertools import groupby
from operator import attrgetter
from pathlib import Path

import click

from slaboard.board.draw.reason import drawn
from slaboard.commands import choice
from slaboard.commands.options import Common, at_option, now, pass_common, plain, store_option
from slaboard.commands.policy_file import read_policy
from slaboard.commands.read import at_of
from slaboard.connectors.files import open_lines
from slaboard.connectors.registry import FILE_CONNECTORS, detect
from slaboard.errors import UsageError
from slaboard.host.aside import InOrder
from slaboard.output import dated, iso, ticket_json
from slaboard.sla.clock import replay as fold_of
from slaboard.sla.policy import PolicySet
from slaboard.sla.wording import facts, lines
from slaboard.store.read.past import ENDED, saving_order, ticket_from
from slaboard.store.read.reasons import explanations, nothing
from slaboard.store.rows import fingerprint, raw
from slaboard.text import clean, json_line
from slaboard.ticket import Bucket, Event, Ticket


@click.command("explain")
@click.argument("ticket", shell_complete=choice.any_tickets)
@click.option("--bucket", type=click.Choice([bucket.value for bucket in Bucket]), help="One clock; else each of them.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, one object a clock and line.")
@store_option
@at_option
@pass_common
def explain(
    common: Common, ticket: str, bucket: str | None, as_json: bool, store: str | None, at: int | None
) -> None:  # fmt: skip
    """The due instant of a ticket's clocks as a sum that can be checked by hand."""
    common.take({"store": store})
    with common.open() as opened:
        moment, reader = now() if at is None else at, common.settings().timezone
        source = at_of(opened, at)
        found = list(explanations(source, plain(ticket), moment))
        wanted = [one for one in found if bucket is None or one.clock.bucket.value == bucket]
        if not wanted:
            detail = source.detail(plain(ticket), moment)
            has = ", ".join(dict.fromkeys(one.clock.bucket.value for one in found))
            raise UsageError(f"{clean(ticket)} has no {bucket} clock; it has {has}." if has else nothing(detail.ticket))
    if as_json:
        for one in wanted:
            click.echo(json_line(dated(facts(one))))
        return
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    last = None
    for one in wanted:
        click.echo(("\n" if last else "") + "\n".join(_fitted(lines(one, reader, after=last), width)))
        last = one


def _fitted(told: list[str], width: int | None) -> Iterator[str]:
    """The sum as wide as the terminal, as the board shows it; whole where something else reads it."""
    for text in told:
        if width is None:
            yield text
            continue
        for line in drawn(text, width + 1):  # which begins with the board's margin
            yield "".join(part for part, _ in line)[1:].rstrip()


@click.command("replay")
@click.argument("file", type=click.Path())
@click.option("--policy", "policy", required=True, type=click.Path(), help="The policy file to replay under.")
@at_option
@click.option("--json", "as_json", is_flag=True, help="One JSON object a ticket and line.")
def replay(file: str, policy: str, at: int | None, as_json: bool) -> None:
    """The engine on a file of events, without a store."""
    _, policies = read_policy(policy)
    moment = now() if at is None else at
    tickets: InOrder[Ticket] = InOrder(Ticket)
    for ticket in _replayed(file, policies, at, moment):
        tickets.add(_order(ticket, moment), ticket)
    for ticket in tickets:
        if as_json:
            click.echo(json_line(ticket_json(ticket, policies.calendars, moment)))
        else:
            place = ticket.clock(ticket.bucket)
            zone = place.zone(moment).value if place is not None else clean(ticket.no_sla or ticket.stage.value)
            click.echo(f"{clean(ticket.id):<14} {ticket.stage.value:<9} {zone:<8} {clean(ticket.title)}")


def _order(ticket: Ticket, moment: int) -> tuple[int, int, str]:
    return saving_order(ticket, moment) if ticket.stage.is_open else (ENDED, 0, ticket.id)


def _replayed(file: str, policies: PolicySet, at: int | None, moment: int) -> Iterator[Ticket]:
    """The tickets of a file of any size, by their ids."""
    for ticket, events in groupby(_events(file, at), attrgetter("ticket")):
        own = {fingerprint(event): event for event in events}  # a line that stands there twice is one event
        fold = fold_of(ticket, own.values(), policies)
        for event, reason in fold.ignored:
            click.echo(f"{clean(ticket)}: {event.kind.value} at {iso(event.at)} is left out: {clean(reason)}", err=True)
        yield ticket_from(fold, fold.clocks(), moment, raw)


def _events(file: str, at: int | None) -> Iterator[Event]:
    """What happened by `at`, one ticket after the other, each in the order of the file."""
    events: InOrder[Event] = InOrder(Event)
    with open_lines(file) as found:
        kind = "ndjson" if file == "-" else detect(Path(file).name, found.head)
        for parsed in FILE_CONNECTORS[kind](UTC).read(found):
            if parsed.problem is not None:
                click.echo(f"line {parsed.line}: {clean(parsed.problem)}", err=True)
            for event in parsed.events:
                if at is None or event.at <= at:
                    events.add((0, 0, event.ticket), event)
    yield from events

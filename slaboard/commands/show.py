"""`slaboard show`: one ticket as the board's detail has it, or as JSON with its events as an import reads them."""

from __future__ import annotations

import shutil
import sys
from typing import Any

import click
import msgspec
from msgspec.structs import replace

from slaboard.board.draw import detail
from slaboard.board.state import Board
from slaboard.commands import choice
from slaboard.commands.options import Common, at_option, now, pass_common, plain, store_option
from slaboard.commands.read import at_of
from slaboard.output import iso, ticket_json
from slaboard.store.read.reasons import late
from slaboard.text import json_line
from slaboard.ticket import Event

WIDTH = 100
"""Columns of what no terminal shows."""


@click.command("show")
@click.argument("ticket", shell_complete=choice.any_tickets)
@click.option("--json", "as_json", is_flag=True, help="As one JSON object, with its events.")
@store_option
@at_option
@pass_common
def show(common: Common, ticket: str, as_json: bool, store: str | None, at: int | None) -> None:
    """One ticket: its facts, its clocks and who did what when."""
    common.take({"store": store})
    moment = now() if at is None else at
    with common.open() as opened:
        source, calendars = at_of(opened, at), opened.policy().calendars
        found = source.detail(plain(ticket), moment)
        if as_json:
            facts = ticket_json(found.ticket, calendars, moment)
            click.echo(json_line({**facts, "events": [event_json(event) for event in found.events]}))
            return
        board = Board(
            now=moment, past_at=at, timezone=common.settings().timezone or "UTC", calendars=calendars,
            cursor=found.ticket.id, detail=replace(found, late=late(source, found, moment)),
        )  # fmt: skip
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else WIDTH
    for line in detail.lines(board, width):
        click.echo("".join(text for text, _ in line).rstrip())


def event_json(event: Event) -> dict[str, Any]:
    """An event by the keys of docs/import.md, texts as they came; `event` is its number in commit order."""
    said: dict[str, Any] = msgspec.to_builtins(event)
    said |= {"at": iso(event.at), "seq": event.order, "event": event.seq}
    if event.source_due is not None:
        said["source_due"] = {bucket.value: iso(at) for bucket, at in event.source_due.items()}
    said.pop("order", None)
    return said

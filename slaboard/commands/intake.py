"""`slaboard import`: files of tickets and events."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from slaboard.commands import choice
from slaboard.commands.amount import many
from slaboard.commands.options import Common, now, pass_common, store_option
from slaboard.connectors.files import open_lines
from slaboard.connectors.registry import FILE_CONNECTORS, detect
from slaboard.connectors.ticket_csv import ColumnMap, TicketCsv, parse_mapping
from slaboard.errors import UsageError
from slaboard.host import document
from slaboard.sync import WEEK_S, Order, Report, import_file
from slaboard.sync import dry_run as rehearse
from slaboard.text import MAX_TEXT, clean

WORDS = {"list": "list_", "undo": "undo_"}
"""What may stand in the place of FILE; a file of that name is `./list`."""

_OPEN = "SELECT 1 FROM tickets WHERE ended_at IS NULL LIMIT 1"


class FileOrWord(click.Command):
    """A command of its own behind each of WORDS; anything else is a file."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """The context of the command that is meant."""
        if not args or args[0] not in WORDS:
            return super().make_context(info_name, args, parent, **extra)
        from slaboard.commands import imports

        word: click.Command = getattr(imports, WORDS[args[0]])
        return word.make_context(f"{info_name} {args[0]}", args[1:], parent, **extra)


@click.command("import", cls=FileOrWord)
@click.argument("file", shell_complete=choice.files)
@click.option("--map", "mapping", metavar="TOML", type=click.Path(), help="Which column is what (docs/import.md).")
@click.option(
    "--format", "kind", type=click.Choice(list(FILE_CONNECTORS)), help="What the file is, if not as it looks."
)
@click.option("--tz", default="UTC", show_default=True, metavar="ZONE", help="The zone of times that carry none.")
@click.option("--shift-to-now", is_flag=True, help="Move an old log by whole weeks to end now; remembered per file.")
@click.option("--draft-map", is_flag=True, help="Print a map guessed from the file's headings; changes nothing.")
@click.option("--dry-run", is_flag=True, help="Say what would happen and change nothing.")
@store_option
@pass_common
def import_(
    common: Common,
    file: str,
    mapping: str | None,
    kind: str | None,
    tz: str,
    shift_to_now: bool,
    draft_map: bool,
    dry_run: bool,
    store: str | None,
) -> int:
    """Take tickets or events in from FILE (- is event lines from standard input); twice changes nothing. Exit 1 when
    nothing of it could be used.

    `slaboard import list` names the imports there were, and `slaboard import undo ID` takes one back.
    """
    common.take({"store": store})
    if draft_map:
        return _draft(file)
    with _progress(file) as on_bytes, common.open() as opened:
        order = Order(file, kind, _zone(tz), _mapping(mapping), shift_to_now, on_bytes)
        report = (rehearse if dry_run else import_file)(opened, order, now(), _say)
        if report.tickets and not dry_run and not opened.ask(_OPEN):
            report.notes.append(
                "no ticket of the store is open, so boards are empty; `tickets --all` and `report` are not"
            )
    _told(report, dry_run)
    return 1 if report.problems and not report.used else 0


def _draft(file: str) -> int:
    """Print a map of the table; 1 where no column can be the ticket's number."""
    from slaboard.connectors.draft import drafted, text  # most files need none

    with open_lines(file) as lines:
        name = "standard input" if file == "-" else Path(file).name
        if (kind := detect(name, lines.head)) != TicketCsv.name:
            raise UsageError(f"{clean(name)} is {kind}, which needs no map: slaboard import {clean(name)}")
        if not lines.head.strip():
            raise UsageError(f"{clean(name)} is empty; a table of tickets begins with its headings.")
        found = drafted(lines)
    for line in text(found, name).splitlines():
        click.echo(clean(line, limit=MAX_TEXT))
    if "id" in found.columns:
        return 0
    click.echo("slaboard: No column looks like the number of a ticket; say it at `id`.", err=True)
    return 1


def _say(line: int, reason: str) -> None:
    click.echo(f"line {line}: {clean(reason)}", err=True)


def _told(report: Report, rehearsed: bool) -> None:
    verb = "would add" if rehearsed else "added"
    known = report.read - report.events - report.refused
    told = [
        f"{verb} {many(report.events, 'event')} and {many(report.tickets, 'ticket')}",
        f"{many(known, 'event')} {'was' if known == 1 else 'were'} there already",
        f"{many(report.problems, 'line')} could not be used",
    ]
    if not (report.events or known or report.problems):
        told = ["nothing is new"]
    click.echo(f"{many(report.lines, 'line')} of {report.kind}: {'; '.join(told)}.")
    if report.problems and not report.used:
        click.echo("Nothing of it could be used; docs/import.md says what is read.", err=True)
    if report.shift_s:
        click.echo(f"Moved by {report.shift_s // WEEK_S} weeks.")
    for note in report.notes:
        click.echo(f"Note: {clean(note)}.")


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UsageError(f"{clean(name)} is no time zone; write one such as Europe/Berlin or UTC.") from None


def _mapping(path: str | None) -> ColumnMap | None:
    if path is None:
        return None
    found, problems = parse_mapping(document.read(Path(path), "The map"))
    if found is None:
        raise UsageError(f"The map {path} has problems: {' '.join(problems)}")
    return found


@contextmanager
def _progress(file: str) -> Iterator[Callable[[int], None] | None]:
    """How much of the file is read, on one line of a terminal; nothing elsewhere."""
    if not sys.stderr.isatty() or file == "-" or not Path(file).is_file():
        yield None
        return
    size = Path(file).stat().st_size
    with click.progressbar(length=max(1, size), label=clean(Path(file).name), file=sys.stderr) as bar:
        seen = 0

        def on_bytes(total: int) -> None:
            nonlocal seen
            bar.update(max(0, total - seen))
            seen = max(seen, total)

        yield on_bytes

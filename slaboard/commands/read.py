"""What a store says, for people, programs and status lines."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from typing import Any

import click

from slaboard import outfile
from slaboard.board.state import Grid
from slaboard.board.views import Sort, SortBy, Tab, View, parse_filter
from slaboard.commands import choice, ticket_line
from slaboard.commands.options import Common, as_option, at_option, force_option, now, pass_common, plain, store_option
from slaboard.commands.policy_file import MANY, Counting, counting
from slaboard.commands.status import FORMS
from slaboard.commands.status import told as told_of
from slaboard.host import place
from slaboard.output import grid_json
from slaboard.store.read.glance import Glance
from slaboard.store.read.past import Past
from slaboard.store.sqlite import SqliteStore
from slaboard.text import json_line
from slaboard.ticket import PROMISES, Bucket, Ticket, Zone

SORTS = ", ".join(SortBy)
_GRID = 56
"""From so many columns on a terminal has room for the names of the zones."""
ALL = "SELECT count(*) FROM tickets"
OPEN = f"{ALL} WHERE ended_at IS NULL"


def at_of(
    store: SqliteStore, at: int | None, on_tickets: Callable[[int], None] | None = None
) -> SqliteStore | Past:  # fmt: skip
    """The store, or the store as it was at `at`, asked one thing."""
    return store if at is None else Past(store, at, once=True, on_tickets=on_tickets)


def looking(store: SqliteStore, at: int | None, what: str = "Looking back") -> Counting:
    """How far a look at every ticket has come; only the past has to be looked at like that."""
    return counting(0 if at is None else int(store.ask(ALL)[0][0]), what, MANY)


@click.command("grid")
@store_option
@at_option
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
@pass_common
def grid(common: Common, store: str | None, at: int | None, as_json: bool) -> None:
    """The SLA-by-status grid."""
    common.take({"store": store})
    with common.open() as opened, looking(opened, at) as told:
        found = at_of(opened, at, told).grid(now() if at is None else at)
    click.echo(json_line(grid_json(found)) if as_json else "\n".join(_grid_lines(found)))


def _grid_lines(grid: Grid) -> list[str]:
    is_narrow = sys.stdout.isatty() and shutil.get_terminal_size().columns < _GRID
    first, cell = (10, 6) if is_narrow else (14, 8)
    zones = [zone.letter if is_narrow else zone.upper() for zone in Zone]
    lines = [f"{'SLA' if is_narrow else 'SLA by Status':<{first}}" + "".join(f"{z:>{cell}}" for z in (*zones, "SUM"))]
    for bucket in (*PROMISES, Bucket.UPDATE) if grid.uses_update else PROMISES:
        row = grid.row(bucket)
        name = bucket.value.capitalize()
        lines.append(f"{name:<{first}}" + "".join(f"{number:>{cell}}" for number in (*row, sum(row))))
    timed = grid.open - grid.waiting - grid.no_sla
    rest = f"{grid.waiting} waiting, {grid.no_sla} no SLA"
    return [*lines, f"{grid.open} open: {timed} on a clock,{chr(10) if is_narrow else ' '}{rest}"]


@click.command("tickets")
@store_option
@at_option
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.option("--csv", "as_csv", is_flag=True, help="CSV, safe for spreadsheets.")
@click.option("--format", "form", type=click.Choice(["csv", "ndjson"]), help="The same in a word; for --out, too.")
@click.option(
    "--out", metavar="FILE", help="Into a file: its name's end says how, NAME.csv or NAME.ndjson.",
    shell_complete=choice.files,
)  # fmt: skip
@force_option
@click.option(
    "--view", "name", metavar="NAME", help="What a saved view lists, in its order.", shell_complete=choice.views
)
@click.option("--all", "ended", is_flag=True, help="The resolved and closed ones too.")
@click.option(
    "--filter", "text", metavar="F", default="", help='As behind / on the board: p1 o: owner:NAME cust:"NAME"'
)
@click.option("--list", "tab", type=click.Choice([tab.value for tab in Tab]), help="One of the board's lists.")
@click.option("--sort", metavar="COLUMN", callback=lambda _c, _o, value: _sort(value), help=f"{SORTS}; -due turns.")
@click.option("--limit", metavar="N", type=click.IntRange(1), help="The first N of them.")
@as_option
@pass_common
def tickets(
    common: Common, /, store: str | None, at: int | None, as_json: bool, as_csv: bool, form: str | None,
    out: str | None, force: bool, name: str | None, ended: bool, limit: int | None, as_: str | None, **listed: Any,
) -> None:  # fmt: skip
    """Tickets, in the order in which they can be saved."""
    common.take({"store": store, "as_": as_})
    forms = {*(["ndjson"] if as_json else []), *(["csv"] if as_csv else []), *([form] if form else [])}
    if len(forms) > 1:
        raise click.UsageError("--json, --csv and --format: choose one of them")
    view = _view(common, name, **listed)
    with common.open() as opened:
        moment = now() if at is None else at
        form = next(iter(forms), None)
        if out is not None:
            told = _written(opened, view, moment, at, form, plain(out), ended=ended, force=force, limit=limit)
            click.echo(f"OK {told}")
            return
        with looking(opened, at) as seen:
            if form is not None:
                found = outfile.listed(opened, view, moment, at, ended=ended, on_tickets=seen)
            else:
                found = at_of(opened, at, seen).tickets(moment, view=view, ended=ended)
            first = list(islice(found, 1))
        rest = islice(chain(first, found), limit)
        for line in outfile.lines(opened, rest, form, moment) if form else _told(opened, rest, moment):
            click.echo(line)
        if not first and form is None:
            click.echo("No ticket is listed." if ended else "No open ticket is listed.", err=True)


def _told(opened: SqliteStore, found: Iterable[Ticket], moment: int) -> Iterator[str]:
    """The list for people, under a heading where a terminal shows it."""
    wide, calendars = ticket_line.widths(), opened.policy().calendars
    for number, ticket in enumerate(found):
        if not number and wide.all is not None:
            yield ticket_line.heading(wide)
        yield ticket_line.line(ticket, moment, calendars, wide)


def _view(common: Common, name: str | None, *, text: str, tab: str | None, sort: Sort | None) -> View:
    """The list that is meant, by a saved view or by what was said; that of one's own tickets asks whose they are."""
    if name is None:
        wanted = Tab(tab or Tab.ALL)
        who = common.who if wanted is Tab.MINE else None
        return View(wanted, parse_filter(plain(text)), who, sort or Sort())
    if text or tab or sort:
        raise click.UsageError("--view says the list itself: leave out --filter, --list and --sort; choose one of them")
    from slaboard.commands.views import find

    found = find(common, plain(name))
    return found.view(common.who if found.tab is Tab.MINE else None)


def _sort(text: str | None) -> Sort | None:
    """The order of a word such as `due` or `-due`."""
    by = text.removeprefix("-") if text else None
    if by is None or text is None:
        return None
    if by not in set(SortBy) or text == f"-{SortBy.SAVING}":
        raise click.BadParameter(f"{text!r} is no order; there are {SORTS}; -due turns one round")
    return Sort(SortBy(by), text.startswith("-"))


def _written(
    opened: SqliteStore, view: View, moment: int, at: int | None, form: str | None, out: str, *, ended: bool,
    force: bool, limit: int | None,
) -> str:  # fmt: skip
    """The list in a file; how many tickets are where."""
    path, form = place.path_of(out), outfile.form_of(out, form)
    total = int(opened.ask(ALL if ended or at is not None else OPEN)[0][0])
    with counting(total, "Writing" if at is None else "Looking back", MANY) as told:
        listed = outfile.listed(opened, view, moment, at, ended=ended, on_tickets=told)
        found = outfile.Counted(islice(listed, limit), told if at is None else None)
        outfile.write(opened, path, outfile.lines(opened, found, form, moment), force=force)
    return f"{outfile.told(found.count)} in {place.told(path)}"


@click.command("status")
@store_option
@click.option("--format", "form", type=click.Choice(list(FORMS)), default="plain", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option("--exit-code", is_flag=True, help="Exit 12 when any is red, 11 orange, 10 yellow; 0 when all are green.")
@pass_common
def status(common: Common, store: str | None, form: str, as_json: bool, exit_code: bool) -> int:
    """One line for a status bar: how many are red, orange, yellow."""
    common.take({"store": store})
    with common.open() as opened, opened.reading() as connection:
        line, worst = told_of(Glance(opened.path, connection, now()), "json" if as_json else form)
    click.echo(line)
    return worst if exit_code else 0

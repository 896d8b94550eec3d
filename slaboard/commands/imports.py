"""`slaboard import list` and `slaboard import undo`: which imports there were, and taking one back."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from slaboard.commands.amount import many
from slaboard.commands.consent import agreed
from slaboard.commands.options import Common, as_option, now, pass_common, store_option, when
from slaboard.commands.prose import folded
from slaboard.output import iso
from slaboard.store.write.imports import EVENTS, Import, Plan, Undone, imports, plan, undo
from slaboard.text import clean, json_line

NAMED = 3
"""Files that are named in one line."""


@click.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@store_option
@pass_common
def list_(common: Common, as_json: bool, store: str | None) -> None:
    """Every import: when, of what, what it brought, and whether it was taken back."""
    common.take({"store": store})
    with common.open(read_only=True) as opened:
        found = imports(opened)
    for one in found:
        click.echo(json_line(_facts(one)) if as_json else folded(_line(one), 6))
    if not found and not as_json:
        click.echo("Nothing was imported yet.")


def _facts(one: Import) -> dict[str, object]:
    return {
        "id": one.id, "name": one.name, "kind": one.kind, "state": one.state, "started_at": iso(one.started_at),
        "finished_at": iso(one.finished_at), "lines": one.lines, "events": one.here, "problems": one.problems,
        "shift_s": one.shift_s, "undone_at": iso(one.undone_at), "undone_by": one.undone_by,
    }  # fmt: skip


def _line(one: Import) -> str:
    told = f"{many(one.lines, 'line')}, {many(one.here, 'event')}, {many(one.problems, 'problem')}"
    if one.undone_at is not None:
        told = f"undone {when(one.undone_at)} by {clean(one.undone_by or '?')}"
        told += f"; {many(one.here, 'event')} left: undo it again" if one.here else ""
    elif one.finished_at is None:
        told = f"broken off, {many(one.here, 'event')}: import it again, or undo it"
    return f"{one.id:>4}  {when(one.started_at)}  {clean(one.kind):<14}  {clean(one.name)}: {told}"


@click.command("undo")
@click.argument("number", metavar="ID", type=int)
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--force", is_flag=True, help="Also when somebody has worked on its tickets; what they did stays.")
@as_option
@store_option
@pass_common
def undo_(common: Common, number: int, yes: bool, force: bool, as_: str | None, store: str | None) -> int:
    """Take back what one import added, while boards go on."""
    common.take({"store": store, "as_": as_})
    with common.open() as opened:
        wanted = plan(opened, number)
        if wanted.record.state == "undone":
            click.echo(f"Import {number} was taken back already. Nothing changed.")
            return 0
        wanted.check(force=force)
        for line in _plan(wanted):
            click.echo(line)
        if not yes and not _agreed():
            click.echo("Nothing was taken back.")
            return 1
        by = common.author
        with _counting(wanted.record.here) as on_events:
            done = undo(opened, wanted, by, now(), force=force, on_events=on_events)
    click.echo(_outcome(wanted.record, done))
    return 0


def _agreed() -> bool:
    return agreed("Take it back?", "taken back", "take it back")


def _plan(wanted: Plan) -> Iterator[str]:
    """What would happen."""
    one, staying = wanted.record, wanted.tickets - wanted.vanishing
    yield (
        f"Import {one.id}, {clean(one.name)} ({clean(one.kind)}) of {when(one.started_at)}: {many(one.here, 'event')} "
        f"of {many(wanted.tickets, 'ticket')} would go."
    )
    yield f"{many(wanted.vanishing, 'ticket')} would vanish: nothing else is known there."
    if staying:
        yield (
            f"{many(staying, 'ticket')} would stay with what else is known, {wanted.headless:,} of these without an "
            f"opening time and so under no SLA."
        )
    if wanted.worked.tickets:
        yield f"{many(wanted.worked.tickets, 'ticket')} saw work since; what was done stays in the history."
    if wanted.later:
        names = ", ".join(map(clean, wanted.later[:NAMED])) + (", ..." if len(wanted.later) > NAMED else "")
        yield f"Lines that later files had as well go, too; import those again afterwards: {names}"


def _outcome(one: Import, done: Undone) -> str:
    noted = f" {many(done.noted, 'ticket')} with work of others say so in their history." if done.noted else ""
    return (
        f"OK import {one.id} is taken back: {many(done.events, 'event')} and {many(done.vanished, 'ticket')} gone, "
        f"{many(done.settled, 'ticket')} computed anew, {many(done.results, 'result')} withdrawn or judged anew."
        f"{noted} {clean(one.name)} can be imported again."
    )


@contextmanager
def _counting(total: int) -> Iterator[Callable[[int], None] | None]:
    """How many events are gone, on one line of a terminal; nothing elsewhere or for few."""
    if total < 4 * EVENTS or not sys.stderr.isatty():
        yield None
        return
    with click.progressbar(length=total, label="Taking back", file=sys.stderr) as bar:
        yield lambda done: bar.update(min(done, total) - bar.pos)

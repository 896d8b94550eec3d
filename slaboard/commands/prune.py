"""`slaboard prune`: the texts of tickets that ended long ago are removed; results and times stay."""

from __future__ import annotations

import re

import click

from slaboard.commands.consent import agreed
from slaboard.commands.options import Common, as_option, now, pass_common, store_option, when
from slaboard.commands.policy_file import MANY, counting
from slaboard.host.machine import via
from slaboard.store.care.prune import Pruned, ended, prunable, prune
from slaboard.text import clean

DAY_S = 86_400


def _age(context: click.Context, option: click.Parameter, value: str) -> int:
    """The seconds of `400d` or `57w`, at least a day."""
    match = re.fullmatch(r"(\d{1,5})([dw])", value.strip().lower(), re.ASCII)
    seconds = int(match[1]) * DAY_S * (7 if match[2] == "w" else 1) if match else 0
    if seconds < DAY_S:
        raise click.BadParameter(
            f"{clean(value, limit=40)!r} is no age; write 400d for days, 57w for weeks, at least 1d"
        )
    return seconds


@click.command("prune")
@click.option("--older-than", "age", required=True, metavar="AGE", callback=_age, help="400d, 57w: ended so long ago.")
@click.option("--dry-run", is_flag=True, help="Only say what would be removed.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@as_option
@store_option
@pass_common
def prune_(common: Common, age: int, dry_run: bool, yes: bool, as_: str | None, store: str | None) -> int:
    """Remove titles, notes, messages and links of tickets that ended long ago; results, times and kinds stay."""
    common.take({"store": store, "as_": as_})
    moment = now()
    before = moment - age
    with common.open(read_only=dry_run) as opened:
        with counting(ended(opened, before), "Looking", MANY) as looked:
            found = prunable(opened, before, looked)
        if not found.tickets:
            click.echo(f"No ticket that ended before {when(before)} has texts; nothing was removed.")
            return 0
        click.echo(f"Ended before {when(before)}, with texts that go for good: {_counted(found)}.")
        click.echo("Results, times and kinds of events stay. Backups keep the texts; a restore brings them back.")
        if dry_run:
            click.echo("Nothing was removed: --dry-run.")
            return 0
        if not yes and not _agreed():
            click.echo("Nothing was removed.")
            return 1
        who = str(common.said.get("as_") or via("cli").split("@")[0])
        with counting(found.tickets, "Pruning") as told:
            done = prune(opened, before, who, via("cli"), moment, told)
        is_whole = opened.empty_log()
    click.echo(f"OK the texts of {_counted(done)} are gone.")
    if not is_whole:
        click.echo(
            "The log beside the store holds old pages until nobody reads in them; boards let go of it by themselves."
        )
    return 0


def _counted(found: Pruned) -> str:
    tickets, events = "s" * (found.tickets != 1), "s" * (found.events != 1)
    return f"{found.tickets:,} ticket{tickets} ({found.events:,} event{events})"


def _agreed() -> bool:
    return agreed("Remove?", "removed", "remove it")

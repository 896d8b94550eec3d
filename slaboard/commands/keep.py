"""Making a store and checking one."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from slaboard.commands import choice
from slaboard.commands.options import Common, as_option, now, pass_common, store_option
from slaboard.config import store_path
from slaboard.machine import via
from slaboard.resources import shipped
from slaboard.store.check import differences
from slaboard.store.sqlite import SqliteStore
from slaboard.text import clean


def new_store(path: Path, author: str) -> SqliteStore:
    """A store at `path` with the documented default policy, so that it works before anyone writes one."""
    store = SqliteStore.create(path)
    store.apply_policy((shipped("sample_data") / "policy.toml").read_text(encoding="utf-8"), author, now())
    return store


@click.command("init")
@click.argument("path", required=False, shell_complete=choice.files)
@as_option
@store_option
@pass_common
def init(common: Common, path: str | None, as_: str | None, store: str | None) -> None:
    """Make a new store, with a documented default policy."""
    common.take({"store": path or store, "as_": as_})
    where, _ = store_path(common.said.get("store"), common.config)
    with new_store(where, str(common.said.get("as_") or via("cli").split("@")[0])) as made:
        click.echo(f"OK {clean(str(made.path))} is a store with the default policy.")
    if sys.stdout.isatty():
        click.echo(f"""
   slaboard policy show > policy.toml        what it promises; edit it, then
   slaboard policy apply policy.toml         put your own promises in force
   slaboard import tickets.csv               bring your tickets in (docs/import.md)
   slaboard add "Printer on fire"            or open one by hand
   slaboard --store {clean(str(made.path))}              the board""")


@click.command("check")
@store_option
@pass_common
def check(common: Common, store: str | None) -> int:
    """Recompute every clock and report each that differs from what the store holds."""
    common.take({"store": store})
    found = 0
    with common.open() as opened:
        for difference in differences(opened, now()):
            found += 1
            click.echo(clean(difference))
        tickets = opened.ask("SELECT count(*) FROM tickets")[0][0]
    click.echo(f"{tickets:,} tickets recomputed, {found:,} differences.")
    return 1 if found else 0

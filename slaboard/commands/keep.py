"""Making a store and checking one."""

from __future__ import annotations

from pathlib import Path

import click

from slaboard.commands.amount import many
from slaboard.commands.options import Common, now, pass_common, store_option
from slaboard.commands.policy_file import MANY, counting
from slaboard.resources import shipped
from slaboard.store.care.check import differences
from slaboard.store.sqlite import SqliteStore
from slaboard.text import clean


def default_policy() -> str:
    """The documented policy that a store begins with."""
    return (shipped("sample_data") / "policy.toml").read_text(encoding="utf-8")


def new_store(path: Path, author: str, policy: str | None = None) -> SqliteStore:
    """A store at `path` with `policy`, else the documented default one, so that it works before anyone writes one."""
    store = SqliteStore.create(path)
    store.apply_policy(default_policy() if policy is None else policy, author, now())
    return store


@click.command("check")
@store_option
@pass_common
def check(common: Common, store: str | None) -> int:
    """Recompute every clock and report each that differs from what the store holds."""
    common.take({"store": store})
    found = 0
    with common.open() as opened:
        tickets = opened.ask("SELECT count(*) FROM tickets")[0][0]
        with counting(tickets, "Checking", MANY) as told:
            for difference in differences(opened, now(), told):
                found += 1
                click.echo(clean(difference))
    click.echo(f"{many(tickets, 'ticket')} recomputed, {many(found, 'difference')}.")
    return 1 if found else 0

"""`slaboard bench`: how quick the store is on this machine, and what is slow when something is."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager, suppress

import click

from slaboard.commands.options import Common, now, pass_common, store_option
from slaboard.gauge import Reading, copied, folder_for, made, readings, verdicts
from slaboard.store.sqlite import SqliteStore
from slaboard.text import clean, json_line

FEW = 10_000
"""Tickets of a made store, where there is no store of one's own."""


@click.command("bench")
@click.option("--tickets", type=click.IntRange(1, 2_000_000), metavar="N", help="Measure a made store of N tickets.")
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
@store_option
@pass_common
def bench(common: Common, tickets: int | None, as_json: bool, store: str | None) -> int:
    """Measure claims, the grid, pages and filters on a copy of the store; the store itself is only read."""
    common.take({"store": store})
    path = common.store
    if tickets is None and not path.exists() and not common.said.get("store"):
        tickets = FEW
    what = f"a made store of {tickets:,} tickets" if tickets else f"a copy of {clean(str(path))}"
    source: AbstractContextManager[SqliteStore] = made(folder_for(path), tickets, now()) if tickets else copied(path)
    if not as_json:
        click.echo(f"Measuring {what} ...", err=True)
    found: list[Reading] = []
    with source as opened:
        folder = opened.path.parent.parent
        for reading in readings(opened, now()):
            found.append(reading)
            if not as_json:
                click.echo(_line(reading))
    said = verdicts(found, load=_load(), cores=os.cpu_count() or 1)
    if as_json:
        click.echo(
            json_line({"measured": what, "folder": str(folder), "figures": list(map(_facts, found)), "said": said})
        )
    else:
        click.echo("\n".join(["", *said, f"Measured on the disk of {clean(str(folder))}."]))
    return 0 if all(reading.ok for reading in found) else 1


def _line(reading: Reading) -> str:
    verdict = "ok" if reading.ok else "SLOW"
    return f"{verdict:<4} {reading.took_s * 1000:>9.3f} ms  {reading.ratio:>6.2f} <= {reading.most:<3g} {reading.what}"


def _facts(reading: Reading) -> dict[str, object]:
    return {
        "id": reading.id, "what": reading.what, "ratio": round(reading.ratio, 3), "goal": f"<= {reading.most:g}",
        "ok": reading.ok, "ms": round(reading.took_s * 1000, 3), "against_ms": round(reading.against_s * 1000, 3),
    }  # fmt: skip


def _load() -> float:
    """How many processes want a core, over the last minute; 0 where the system does not say."""
    with suppress(OSError, AttributeError):
        return os.getloadavg()[0]
    return 0.0

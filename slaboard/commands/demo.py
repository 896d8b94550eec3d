"""`slaboard demo`: the board on made-up tickets that go on living."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

import click
from msgspec.structs import replace

from slaboard.commands.init import login
from slaboard.commands.options import Common, board_options, now, pass_common
from slaboard.commands.picture import picture
from slaboard.demo.live import Life, fill
from slaboard.store.sqlite import SqliteStore


@click.command("demo")
@board_options
@click.option(
    "--speed", type=click.FloatRange(0.1, 1000), default=1.0, show_default=True, help="How fast the day goes on."
)
@pass_common
def demo(common: Common, /, speed: float, **options: Any) -> int:
    """The board on a made-up busy day that goes on living. Without a terminal, one board as text."""
    common.take(options)
    start = now()
    if path := common.said.get("store"):
        return _show(common, Path(path), start, speed)
    with tempfile.TemporaryDirectory(prefix="slaboard-demo-", ignore_cleanup_errors=True) as folder:
        return _show(common, Path(folder) / "demo.db", start, speed)


def _show(common: Common, path: Path, start: int, speed: float) -> int:
    with SqliteStore.create(path) as store:
        future = fill(store, start)
    settings = replace(common.settings(), store=path)
    if not settings.person:
        settings = replace(settings, person=login())
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        with SqliteStore(path) as store:
            click.echo(picture(store, settings, start))
        return 0
    from slaboard.tui.terminal import can_run

    if reason := can_run():
        click.echo(f"slaboard: {reason} Here is one board.", err=True)
        with SqliteStore(path) as store:
            click.echo(picture(store, settings, start))
        return 0
    from slaboard.tui.opening import run

    life = Life(path, future, start=start, speed=speed, clock=now)
    life.start()
    try:
        return run(settings)
    finally:
        life.stop()

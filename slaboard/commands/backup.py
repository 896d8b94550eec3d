"""`slaboard backup` and `slaboard restore`: a copy of the store, and the way back, while boards go on."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import humanize

from slaboard.commands import choice
from slaboard.commands.amount import many
from slaboard.commands.consent import agreed
from slaboard.commands.options import Common, force_option, now, pass_common, store_option, when
from slaboard.errors import SlaboardError, UsageError
from slaboard.output import iso
from slaboard.store.care.backup import STEP, Backup, Facts, OnPages, backup
from slaboard.store.care.restore import Change, Place, Restore, Restored, prepared
from slaboard.text import clean, json_line

_JSON = click.option("--json", "as_json", is_flag=True, help="Say it as one JSON object.")


@click.command("backup")
@click.argument("file", shell_complete=choice.files)
@force_option
@_JSON
@store_option
@pass_common
def backup_(common: Common, file: str, force: bool, as_json: bool, store: str | None) -> int:
    """Copy the store to FILE while boards go on; it is checked, and gets its name when it is whole."""
    common.take({"store": store})
    try:
        if file == "-":
            raise UsageError("A backup is a file, which is checked before it gets its name. Name one.")
        if not file.strip():
            raise UsageError("The name of the file is empty. Name one.")
        with common.open(read_only=True) as opened, _progress("Copying", "Checking the copy") as on_pages:
            made = backup(opened, Path(file), force=force, on_pages=on_pages)
    except SlaboardError as error:
        if not as_json:
            raise
        click.echo(json_line({"ok": False, "error": error.word, "exit_code": error.exit_code, "sentence": str(error)}))
        return error.exit_code
    click.echo(json_line(_facts(made, common.store)) if as_json else f"OK {_named(made.path)}: {_told(made.facts)}; "
               f"{humanize.naturalsize(made.size)}, checked.")  # fmt: skip
    return 0


def _facts(made: Backup, store: Path) -> dict[str, object]:
    found = made.facts
    return {"ok": True, "file": str(made.path), "store": str(store), "bytes": made.size, "tickets": found.tickets,
            "events": found.events, "newest_event": iso(found.newest), "schema": found.schema}  # fmt: skip


def _named(path: Path) -> str:
    return clean(str(path))


def _told(facts: Facts) -> str:
    newest = "" if facts.newest is None else f", the newest of {when(facts.newest)}"
    return f"{many(facts.tickets, 'ticket')}, {many(facts.events, 'event')}{newest}"


@contextmanager
def _progress(label: str, then: str) -> Iterator[OnPages | None]:
    """How much is copied, on one line of a terminal, and what comes `then`; nothing elsewhere or for little."""
    if not sys.stderr.isatty():
        yield None
        return
    bars: list[Any] = []

    def on_pages(done: int, total: int) -> None:
        if not bars and total > 8 * STEP:
            bars.append(click.progressbar(length=total, label=label, file=sys.stderr))
        for bar in bars:
            bar.update(done - bar.pos)
        if done >= total and bars:
            finish()
            click.echo(f"{then} ...", err=True)

    def finish() -> None:
        while bars:
            bars.pop().render_finish()

    try:
        yield on_pages
    finally:
        finish()


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--yes", is_flag=True, help="Do not ask.")
@store_option
@pass_common
def restore(common: Common, file: Path, yes: bool, store: str | None) -> int:
    """Put the backup FILE back into the store while boards go on; the store as it is now is kept beside it."""
    common.take({"store": store})
    with _progress("Reading", "Checking it") as on_pages, prepared(file, common.store, on_pages) as ready:
        for line in _plan(file, ready):
            click.echo(line)
        if not yes and not _agreed():
            click.echo("Nothing was restored.")
            return 1
        with _progress("Restoring", "Bringing it to the disk") as on_pages:
            done = ready.run(now(), on_pages)
    for line in _outcome(ready, done):
        click.echo(line)
    return 0


def _agreed() -> bool:
    return agreed("Restore?", "restored", "restore it")


def _plan(file: Path, ready: Restore) -> Iterator[str]:
    """What would happen."""
    live = _named(ready.live)
    yield f"Backup {_named(file)}: {_told(ready.backup)}."
    if ready.place is Place.NOTHING:
        yield f"There is nothing at {live}; the backup is put there."
    elif ready.store is None or ready.change is None:
        yield f"{live} is damaged, or not a store any more: it is moved aside and the backup takes its place."
    else:
        yield f"Store {live}: {_told(ready.store)}."
        yield _lost(ready.change, "will be gone", "come back")
        yield "The store as it is now is kept beside it. Boards that are open show the backup by themselves."


def _lost(change: Change, gone: str, back: str) -> str:
    more = f"; {change.back:,} that the store does not have {back}" if change.back else ""
    if not change.gone:
        return f"Every event of the store is in the backup{more}."
    are = "is" if change.gone == 1 else "are"
    return f"{many(change.gone, 'event')} of the store {are} not in the backup and {gone}{more}."


def _outcome(ready: Restore, done: Restored) -> Iterator[str]:
    """What has happened."""
    yield f"OK {_named(ready.live)}: {_told(done.facts)}."
    if done.change is not None:
        yield _lost(done.change, "gone now", "are back")
    if done.before is not None:
        yield f"What was there before: {_named(done.before)}"
    if ready.place is not Place.STORE:
        yield "It is another file now: boards that are open look for it once a second and open it."

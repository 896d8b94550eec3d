"""`slaboard doctor`: what this machine, this terminal, the store and the config are, and what to do about it."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from slaboard import __version__
from slaboard.board.keymap import keymap
from slaboard.commands.options import Common, now, pass_common, store_option
from slaboard.config import store_path
from slaboard.errors import SlaboardError
from slaboard.store import holder
from slaboard.store.driver import cannot_write, module, version, version_warning
from slaboard.store.imports import imports
from slaboard.store.log import TOO_MUCH
from slaboard.store.settle import HELD
from slaboard.store.sqlite import SqliteStore
from slaboard.text import clean
from slaboard.ticket import Kind

Finding = tuple[str, str]
"""`ok`, `warn` or `fail`, and a sentence."""

# Imports that were taken back and of which there is still something.
_HALF_UNDONE = """
    SELECT id FROM imports i WHERE undone_at IS NOT NULL AND EXISTS (SELECT 1 FROM events WHERE import_id = i.id)"""


@click.command("doctor")
@store_option
@pass_common
def doctor(common: Common, store: str | None) -> int:
    """Look at everything the board needs; exit 1 only when it cannot run."""
    common.take({"store": store})
    worst = 0
    for mark, sentence in (*_program(), *_config(common), *_store(common), *_terminal()):
        click.echo(f"{mark:<5} {clean(sentence, limit=400)}")
        worst = max(worst, mark == "fail")
    return int(worst)


def _program() -> Iterator[Finding]:
    yield "ok", f"slaboard {__version__}, Python {platform.python_version()} on {platform.system()}"
    linked = ".".join(map(str, version()))
    warning = version_warning()
    yield ("warn", warning) if warning else ("ok", f"SQLite {linked} (through {module().__name__})")


def _config(common: Common) -> Iterator[Finding]:
    config = common.config
    if not config.problems:
        yield "ok", f"config {config.path} {'is read' if config.path.exists() else 'is not there; defaults hold'}"
    for problem in (*config.problems, *keymap(config.keys, config.key_places).problems):
        yield "warn", problem
    from slaboard.commands.themes import problems

    try:
        for problem in problems(common.settings().theme):
            yield "warn", problem
    except SlaboardError as error:
        yield "warn", str(error)


def _store(common: Common) -> Iterator[Finding]:
    path, place = store_path(common.said.get("store"), common.config)
    if not path.exists():
        yield "warn", f"There is no store at {path} (from {place}). Make one: slaboard init {path}"
        return
    try:
        may_write = os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)
        with SqliteStore(path, read_only=not may_write) as store:
            tickets = store.ask("SELECT count(*), sum(ended_at IS NULL) FROM tickets")[0]
            yield "ok", f"store {path} (from {place}): {tickets[0]:,} tickets, {tickets[1] or 0:,} open"
            if not may_write:
                yield "warn", f"{cannot_write(path)} The board shows it, claims are off"
            problems = store.ask("PRAGMA quick_check(3)")
            if problems[0][0] != "ok":
                yield "fail", f"The store {path} is damaged: {problems[0][0]}. Put a backup back: slaboard restore FILE"
            mode = store.ask("PRAGMA journal_mode")[0][0]
            if mode != "wal" and may_write:
                yield "warn", f"The store's journal mode is {mode}; with wal nobody waits for readers"
            yield from _log(path)
            yield from _contents(store)
    except SlaboardError as error:
        yield "fail", str(error)


def _log(path: Path) -> Iterator[Finding]:
    """Who keeps the log from being begun anew: a board that was stopped while it read."""
    log = path.with_name(path.name + "-wal")
    size = log.stat().st_size if log.exists() else 0
    stopped = [pid for pid in holder.readers(path) if holder.is_stopped(pid)]
    if size > TOO_MUCH and stopped:
        yield (
            "warn",
            (
                f"The log {log.name} has grown to {size / 1e6:,.0f} MB, for {holder.named(stopped[0])} reads in it. "
                f"Let it go on (kill -CONT {stopped[0]}), or end it"
            ),
        )


def _contents(store: SqliteStore) -> Iterator[Finding]:
    versions = store.history()
    if not versions:
        yield "warn", "No policy is in force, so nothing has a clock: slaboard policy apply FILE"
    else:
        yield "ok", f"policy version {versions[-1].version} by {versions[-1].author}"
    policy = store.policy()
    words = [row[0] for row in store.ask("SELECT DISTINCT status FROM tickets WHERE status <> ''")]
    unmapped = sorted(word for word in words if policy.stage_of(word) is None)
    if unmapped:
        yield "warn", "status words that the policy maps to no stage: " + ", ".join(unmapped[:10])
    held = store.ask("SELECT count(*) FROM tickets WHERE stale = ?", (HELD,))[0][0]
    if held:
        yield "warn", f"{held:,} tickets wait for an import to end; if it was broken off, run it again"
    for (number,) in store.ask(_HALF_UNDONE):
        yield "warn", f"Import {number} is taken back only in part. Finish that with: slaboard import undo {number}"
    for half in (one for one in imports(store) if one.state == "half undone"):
        yield "warn", f"Import {half.id} is taken back only in part. Finish that with: slaboard import undo {half.id}"
    known = ", ".join("?" * len(Kind))
    strange = store.ask(f"SELECT count(*) FROM events WHERE kind NOT IN ({known})", list(Kind))[0][0]  # noqa: S608 marks
    if strange:
        yield "warn", f"{strange:,} events that another program wrote are of no known kind and are left out"
    future = store.ask("SELECT count(*) FROM events WHERE at > ?", (now() + 86_400,))[0][0]
    if future:
        yield "warn", f"{future:,} events lie more than a day in the future: is a clock or a time zone wrong?"


def _terminal() -> Iterator[Finding]:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        yield "warn", "no terminal here: `slaboard` prints one board instead of opening it"
    term = os.environ.get("TERM", "")
    size = shutil.get_terminal_size()
    yield "ok", f"terminal {term or '(TERM is not set)'}, {size.columns}x{size.lines}, colours: {_colours()}"
    if term == "dumb":
        yield "warn", "TERM is dumb, so the board prints itself once instead of opening"
    if os.environ.get("TMUX") and "truecolor" not in os.environ.get("COLORTERM", ""):
        yield (
            "ok",
            "tmux shows 256 colours; for all of them: set -ga terminal-features ',*:RGB' and COLORTERM=truecolor",
        )
    if "UTF-8" not in (sys.stdout.encoding or "").upper():
        yield "warn", f"the terminal's encoding is {sys.stdout.encoding}, not UTF-8: some characters will be wrong"


def _colours() -> str:
    if os.environ.get("NO_COLOR"):
        return "none (NO_COLOR)"
    if os.environ.get("COLORTERM", "") in ("truecolor", "24bit"):
        return "24 bit"
    return "256" if "256" in os.environ.get("TERM", "") else "16"

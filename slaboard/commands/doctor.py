"""`slaboard doctor`: what this machine, this terminal, the store and the config are, and what to do about it."""

from __future__ import annotations

import os
import platform
import shutil
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import click
from msgspec.structs import asdict

from slaboard import __version__, themefile, viewfile
from slaboard.board.keymap import Keymap, keymap
from slaboard.commands import alarms
from slaboard.commands.options import Common, now, pass_common, store_option
from slaboard.config import store_path
from slaboard.errors import SlaboardError
from slaboard.host.finding import Finding
from slaboard.host.terminal import findings, look
from slaboard.store.care.backup import interruptible
from slaboard.store.disk import holder
from slaboard.store.disk.driver import INDEX_BYTES, LOG_LIMIT, cannot_write, module, version, version_warning
from slaboard.store.disk.log import TOO_MUCH
from slaboard.store.disk.opening import is_writable
from slaboard.store.disk.sibling import beside, real
from slaboard.store.read import queries
from slaboard.store.sqlite import SqliteStore
from slaboard.store.write.imports import imports
from slaboard.store.write.settle import HELD
from slaboard.text import clean, json_line
from slaboard.ticket import Kind

Sentence = tuple[str, str]
"""`ok`, `warn` or `fail`, and a sentence about the store."""


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
@store_option
@pass_common
def doctor(common: Common, as_json: bool, store: str | None) -> int:
    """Look at everything the board needs; exit 1 only when it cannot run."""
    common.take({"store": store})
    found = []
    for finding in _all(common):
        found.append(finding)
        if not as_json:
            click.echo(_line(finding))
    if as_json:
        click.echo(json_line({"findings": [asdict(finding) for finding in found]}, indent=2))
    return int(any(finding.mark == "fail" for finding in found))


def _all(common: Common) -> Iterator[Finding]:
    yield from _program()
    yield from _config(common)
    yield from _held(common)
    yield from alarms.findings(common.config, common.store, os.environ)
    yield from findings(look(), _keys(common).actions)
    yield _browser(common)


def _line(finding: Finding) -> str:
    """One line; on a terminal as many as it needs, with what is not well in bold."""
    line = f"{finding.mark:<5} {clean(str(finding), limit=400)}"
    if not sys.stdout.isatty():
        return line
    width = max(20, shutil.get_terminal_size().columns)
    line = textwrap.fill(line, width, subsequent_indent=" " * 6, break_on_hyphens=False)
    return line if finding.mark == "ok" else click.style(finding.mark, bold=True) + line.removeprefix(finding.mark)


def _program() -> Iterator[Finding]:
    yield Finding("ok", "program", f"slaboard {__version__}, Python {platform.python_version()} on {platform.system()}")
    linked = ".".join(map(str, version()))
    if warning := version_warning():
        yield Finding("warn", "program", warning)
    else:
        yield Finding("ok", "program", f"SQLite {linked} (through {module().__name__})")


def _keys(common: Common) -> Keymap:
    return keymap(common.config.keys, common.config.key_places)


def _config(common: Common) -> Iterator[Finding]:
    """The config file, its keys, the theme that is on and the person's own ones."""
    config, keys = common.config, _keys(common)
    if not config.problems:
        state = "is read" if config.path.exists() else "is not there; defaults hold"
        yield Finding("ok", "config", f"config {config.path} {state}")
    for problem in config.problems:
        yield Finding("warn", "config", problem)
    if not keys.problems:
        own = f"{len(keys.own)} of the config's own" if keys.own else "all as by default"
        yield Finding("ok", "keys", f"keys: {own}; slaboard keys lists them")
    for problem in keys.problems:
        yield Finding("warn", "keys", problem)
    for problem in viewfile.load().problems:
        yield Finding("warn", "views", problem)
    yield from _themes(common)


def _themes(common: Common) -> Iterator[Finding]:
    try:
        settings, found = common.settings(), themefile.theme_files()
    except (SlaboardError, OSError) as error:
        yield Finding("warn", "theme", str(error))
        return
    chosen = settings.theme
    others = [file for name, file in found.items() if file.is_own and name != chosen]
    unworn = (problem for other in others for problem in themefile.read(other).problems)
    problems = [*themefile.load(chosen, settings.theme_place)[1], *unworn]
    if not problems:
        yield Finding("ok", "theme", f"theme {chosen}; slaboard themes lists {len(found)}")
    for problem in problems:
        yield Finding("warn", "theme", problem)


def _browser(common: Common) -> Finding:
    """What opens a ticket's link."""
    from slaboard.tui.courier import Courier

    command, missing = Courier(tuple(common.config.get("browser")), lambda _: None).opener()
    if missing:
        return Finding(
            "ok", "browser", f"{missing}: a ticket's link is copied instead", "The config's browser names one"
        )
    if shutil.which(command[0]) is None:
        what = f"{command[0]}, which is to open links, is not to be found: they are copied instead"
        return Finding("warn", "browser", what, "slaboard config edit, or BROWSER")
    return Finding("ok", "browser", f"a ticket's link opens with {command[0]}")


def _held(common: Common) -> Iterator[Finding]:
    for mark, sentence in _store(common):
        yield Finding(mark, "store", sentence)


def _store(common: Common) -> Iterator[Sentence]:
    path, place = store_path(common.said.get("store"), common.config)
    if not path.exists():
        yield "warn", f"There is no store at {path} (from {place}). Make one: slaboard init {path}"
        return
    try:
        may_write = is_writable(path)
        with SqliteStore(path, read_only=not may_write) as store:
            tickets = store.ask("SELECT count(*), sum(ended_at IS NULL) FROM tickets")[0]
            yield "ok", f"store {path} (from {place}): {tickets[0]:,} tickets, {tickets[1] or 0:,} open"
            if not may_write:
                yield "warn", f"{cannot_write(path)} The board shows it, claims are off"
            with interruptible(store.connection):
                problems = store.ask("PRAGMA quick_check(3)")
            if problems[0][0] != "ok":
                yield "fail", f"The store {path} is damaged: {problems[0][0]}. Put a backup back: slaboard restore FILE"
            mode = store.ask("PRAGMA journal_mode")[0][0]
            if mode != "wal" and may_write:
                yield "warn", f"The store's journal mode is {mode}; with wal nobody waits for readers"
            yield from _place(path) if may_write else ()
            yield from _log(path)
            yield from _contents(store)
    except SlaboardError as error:
        yield "fail", str(error)


def _place(path: Path) -> Iterator[Sentence]:
    """Whether there is room for what is written next, and whether the file has one name."""
    free = shutil.disk_usage(real(path).parent).free
    if free < INDEX_BYTES:
        yield "fail", f"The disk that holds {path} is full: nothing can be changed before there is room"
    elif free < 2 * LOG_LIMIT:
        yield "warn", f"The disk that holds {path} has {free / 1e6:.1f} MB left, and the log alone may take 16"
    if os.stat(path).st_nlink > 1:
        yield "warn", f"The store {path} has another name (a hard link). Who came by that would have a log of his own"


def _log(path: Path) -> Iterator[Sentence]:
    """Who keeps the log from being begun anew: a board that was stopped while it read."""
    log = beside(path, "-wal")
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


_EARLIER = f"SELECT count(*) FROM tickets WHERE {queries.BEHIND}"  # noqa: S608 a condition of ours


def _contents(store: SqliteStore) -> Iterator[Sentence]:
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
    if earlier := store.ask(_EARLIER)[0][0]:
        yield "warn", f"{earlier:,} open tickets stand under an earlier policy; a board or `slaboard grid` renews them"
    for half in (one for one in imports(store) if one.state == "half undone"):
        yield "warn", f"Import {half.id} is taken back only in part. Finish that with: slaboard import undo {half.id}"
    known = ", ".join("?" * len(Kind))
    strange = store.ask(f"SELECT count(*) FROM events WHERE kind NOT IN ({known})", list(Kind))[0][0]  # noqa: S608 marks
    if strange:
        yield "warn", f"{strange:,} events that another program wrote are of no known kind and are left out"
    future = store.ask("SELECT count(*) FROM events WHERE at > ?", (now() + 86_400,))[0][0]
    if future:
        yield "warn", f"{future:,} events lie more than a day in the future: is a clock or a time zone wrong?"

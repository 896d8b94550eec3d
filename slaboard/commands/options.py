"""Options that many commands share, and what they come to once the environment and the config were asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from slaboard.commands import choice
from slaboard.commands.clock import now as now
from slaboard.config import Config, Settings, load, minutes, person, store_path
from slaboard.errors import StoreError, UsageError
from slaboard.host.machine import timezone, via
from slaboard.store.disk.driver import sentences, version_warning
from slaboard.store.disk.opening import is_writable, opened
from slaboard.text import cap

if TYPE_CHECKING:
    from slaboard.store.sqlite import SqliteStore

F = TypeVar("F", bound=Callable[..., Any])


LOOK_UP = 100_000
"""Steps of SQLite's machine between two looks at ctrl+c; some milliseconds."""


class Common:
    """What was said before and behind the command's name, and what follows from it."""

    def __init__(self) -> None:
        self.said: dict[str, Any] = {}
        self._config: Config | None = None

    def take(self, options: Mapping[str, Any]) -> None:
        """Options given here win over those given further left."""
        said = {name: value for name, value in options.items() if value not in (None, False)}
        self.said |= said | {name: cap(said[name]) for name in ("as_", "theme") if name in said}

    @property
    def config(self) -> Config:
        """The config file, read once."""
        if self._config is None:
            self._config = load()
        return self._config

    @property
    def store(self) -> Path:
        """Which store is meant."""
        return store_path(self.said.get("store"), self.config)[0]

    @property
    def who(self) -> str:
        """Who acts; UsageError when nobody said so."""
        found = self._person(self.store)
        if found is None:
            raise UsageError("Say who acts: --as NAME, or SLABOARD_USER, or `name` in the config file.")
        return found

    @property
    def author(self) -> str:
        """Who acts, for what is written down and nobody is refused for: else the login name."""
        return self._person(self.store) or via("cli").split("@")[0]

    def _person(self, store: Path) -> str | None:
        """Who acts, as the roster writes the name, whatever its case."""
        team = _roster(store)
        found = person(self.said.get("as_"), self.config, team)
        return next((name for name in team if found is not None and name.casefold() == found.casefold()), found)

    def open(self, *, read_only: bool = False, whole: bool = True) -> SqliteStore:
        """The store, caught up with what other programs wrote; for reading only where nobody may write it.

        Not the `whole` of it for an act, which brings its own ticket up to date and should not wait for a million.
        """
        from slaboard.store.disk.turnstile import CATCH_UP_S
        from slaboard.store.sqlite import SqliteStore  # 100 ms that --version, --help and completions need not wait for

        path = self.store
        store = SqliteStore(path, read_only=path.exists() and (read_only or not is_writable(path)))
        # Else ctrl+c is heard when a long question is answered, and of a million tickets some take seconds.
        store.connection.set_progress_handler(lambda: 0, LOOK_UP)
        if warning := version_warning():
            click.echo(f"slaboard: warning: {warning}", err=True)
        with suppress(StoreError):  # somebody else writes, or the disk is full: what can be read is shown all the same
            if store.catch_up(now(), wait_s=CATCH_UP_S) and whole:
                _catch_up(store)
        return store

    def settings(self, at: int | None = None, *, config: Config | None = None) -> Settings:
        """What a board is opened with; by another config file when one is given."""
        from slaboard import viewfile  # a status line reads no views

        config = config or self.config
        path, place = store_path(self.said.get("store"), config)
        return Settings(
            store=path,
            store_from=place,
            person=self._person(path),
            shared=bool(self.said.get("shared") or config.get("shared")),
            read_only=bool(self.said.get("read_only")),
            theme=self.said.get("theme") or config.get("theme"),
            theme_place="" if self.said.get("theme") else config.theme_place,
            timezone=config.get("timezone") or timezone(),
            past_at=at,
            mouse=config.get("mouse"),
            browser=tuple(config.get("browser")),
            reduce_motion=config.get("reduce_motion"),
            wall_seconds=config.get("wall.seconds"),
            wall_show=config.get("wall.show"),
            wall_night=minutes(config.get("wall.night")),
            alerts=config.alerts,
            keys=config.keys,
            key_places=config.key_places,
            problems=(*config.problems, *viewfile.load().problems),
        )


_NAMES = "SELECT name FROM engineers"


def _roster(path: Path) -> tuple[str, ...]:
    """Names on the store's roster, none while it cannot be read: then nobody is known by their login."""
    if not path.is_file():
        return ()
    try:
        with sentences(path), closing(opened(path, read_only=True)) as connection:
            return tuple(str(row[0]) for row in connection.execute(_NAMES).fetchall())
    except (StoreError, OSError):
        return ()


def _catch_up(store: SqliteStore) -> None:
    """Recompute all that is stale, a batch at a time; how far it has come is said where it is much."""
    from slaboard.commands.policy_file import MANY, counting
    from slaboard.store.disk.turnstile import CATCH_UP_S

    done = 0
    with counting(store.how_stale(), "Catching up", MANY) as told:
        while moved := store.catch_up(now(), wait_s=CATCH_UP_S):
            done += moved
            if told is not None:
                told(done)


pass_common = click.make_pass_decorator(Common, ensure=True)


def store_option(command: F) -> F:
    """`--store PATH`."""
    summary = "The store: a file. Else SLABOARD_STORE, else the config."
    return click.option("--store", metavar="PATH", help=summary, shell_complete=choice.files)(command)


def as_option(command: F) -> F:
    """`--as NAME`."""
    summary = "Who acts. Else SLABOARD_USER, else the config."
    return click.option("--as", "as_", metavar="NAME", help=summary, shell_complete=choice.people)(command)


def board_options(command: F) -> F:
    """What a board is opened with."""
    for option in (
        click.option(
            "--theme",
            metavar="NAME",
            help="A theme's name; slaboard themes lists them.",
            shell_complete=choice.themes,
        ),
        click.option("--read-only", is_flag=True, help="Only look: no key changes anything."),
        click.option("--shared", is_flag=True, help="A shared screen: each claim asks who is taking it."),
    ):
        command = option(command)
    return store_option(as_option(command))


def at_option(command: F) -> F:
    """`--at T`."""
    return click.option(
        "--at",
        metavar="TIME",
        callback=instant,
        help="As it was then: 2026-01-05T09:00:00Z, UTC where no zone is said, or epoch seconds.",
    )(command)


def force_option(command: F) -> F:
    """`--force`, of every command that writes a file."""
    return click.option("--force", is_flag=True, help="Overwrite a file of that name.")(command)


def instant(context: click.Context, option: click.Parameter, value: str | None) -> int | None:
    """The epoch second of an option's value, UTC where it says no zone."""
    if value is None:
        return None
    from slaboard.store.rows import epoch

    found = epoch(value)
    if found is None or not -62_135_596_800 <= found <= 253_402_300_799:
        raise click.BadParameter(f"{value!r} is no instant; write 2026-01-05T09:00:00Z, or epoch seconds")
    return found


def plain(text: str) -> str:
    """`text` with a question mark for every byte that the shell handed over and that is no UTF-8."""
    return text if text.isascii() else text.encode(errors="replace").decode()


def when(at: int) -> str:
    """An instant for people: `2026-01-05 09:00 UTC`."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M UTC")

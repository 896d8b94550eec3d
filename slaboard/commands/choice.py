"""What the shell offers behind tab: tickets, people, themes, skills; nothing that a shell could take for a command.

Ids come from strangers. One that is not plain letters, digits, points, slashes and hyphens is never offered, whatever
the shell would do with it; it can still be typed in quotes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from slaboard.address import quickly
from slaboard.errors import SlaboardError

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

MOST = 60
"""So many are offered at once; who wants another types more of it."""
SEEN = 5_000
"""So many ids are looked at for a prefix: a tab must not wait for a store of millions."""
PLAIN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,63}\Z")
PLAIN_NAME = re.compile(r"[^\W_](?:[\w .'-]{0,58}[\w.])?\Z")
"""A letter or digit of any script, then also blanks, points, hyphens and apostrophes."""

# The open tickets that turn red next.
_NEXT = """
    SELECT ticket_id FROM clocks INDEXED BY clocks_due WHERE place = 1 AND place > 0 ORDER BY due_at LIMIT :most"""
# Tickets by the beginning of their id, without those that have ended.
_OPEN = """
    SELECT id FROM (SELECT id, ended_at FROM tickets WHERE id >= :from AND id < :to ORDER BY id LIMIT :seen)
    WHERE ended_at IS NULL LIMIT :most"""
# Tickets by the beginning of their id.
_ANY = "SELECT id FROM tickets WHERE id >= :from AND id < :to ORDER BY id LIMIT :most"
_VIEWS = "SELECT name FROM views ORDER BY name LIMIT 1000"
_PEOPLE = "SELECT name FROM engineers WHERE active ORDER BY name LIMIT 1000"
# Customers of the tickets with the last ids: not all of them, for a tab must not wait.
_CUSTOMERS = """
    SELECT DISTINCT customer FROM (SELECT customer FROM tickets ORDER BY id DESC LIMIT 5000) ORDER BY customer"""
_GONE = "SELECT name FROM engineers ORDER BY active, name LIMIT 1000"


def tickets(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    """Open tickets; before anything is typed, those that are due next."""
    return _ids(context, incomplete, _OPEN if incomplete else _NEXT)


def any_tickets(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    """Tickets, the ended ones too; before anything is typed, those that are due next."""
    return _ids(context, incomplete, _ANY if incomplete else _NEXT)


def people(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    """Names on the team, in whatever case they are typed."""
    return _names(_asked(context, _PEOPLE, {}), incomplete)


def everybody(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    """Names on the roster, of those first who have left the team."""
    return _names(_asked(context, _GONE, {}), incomplete)


def customers(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    """Customers with tickets, in whatever case they are typed."""
    return _names(_asked(context, _CUSTOMERS, {}), incomplete)


def themes(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    """Shipped themes and the person's own."""
    from slaboard.themefile import theme_files

    return _names(sorted(theme_files()), incomplete)


def views(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    """Saved views: one's own and the team's."""
    from slaboard.viewfile import load

    own = [view.name for view in load().views]
    return _names(dict.fromkeys([*own, *_asked(context, _VIEWS, {})]), incomplete)


def files(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The shell's own way of offering files."""
    from click.shell_completion import CompletionItem

    return [CompletionItem(incomplete, type="file")]


def _ids(context: click.Context, incomplete: str, sql: str) -> list[str]:
    if incomplete and not PLAIN_ID.match(incomplete):
        return []
    values = {"from": incomplete, "to": f"{incomplete}\x7f", "seen": SEEN, "most": MOST}
    used = {name: value for name, value in values.items() if f":{name}" in sql}
    return [id_ for id_ in _asked(context, sql, used) if PLAIN_ID.match(id_)]


def _names(names: Iterable[str], incomplete: str) -> list[str]:
    wanted = incomplete.casefold()
    found = [name for name in names if PLAIN_NAME.match(name) and name.casefold().startswith(wanted)]
    return found[:MOST]


def _asked(context: click.Context, sql: str, values: dict[str, Any]) -> list[str]:
    """The texts of one column; none where there is no store that can be read: a tab is no place for a complaint."""
    from slaboard.store.disk.opening import opened

    try:
        path = _store(context)
        if path is None:
            return []
        with closing(opened(path, read_only=True)) as connection:
            return [row[0] for row in connection.execute(sql, values).fetchall() if isinstance(row[0], str)]
    except (SlaboardError, OSError, ValueError):
        return []


def _store(context: click.Context) -> Path | None:
    """The store that the words before name, or whichever holds."""
    here: click.Context | None = context
    while here is not None:
        if said := here.params.get("store"):
            return quickly(str(said))
        here = here.parent
    return quickly(None)

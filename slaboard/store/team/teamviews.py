"""The team's saved views: in the store, so that every board of it offers them."""

from __future__ import annotations

from slaboard.board import saved
from slaboard.board.saved import SavedView, facts, in_order, is_same, name_problem, of_texts
from slaboard.errors import UsageError
from slaboard.store.disk.file import StoreFile
from slaboard.text import clean

SCHEMA = 5
"""The schema that brought them; an older store that may only be read has none."""
# All of them, and one of them by its name: NOCASE is the column's.
_ALL = "SELECT name, filter, tab, sort, reverse, grid, saved_by FROM views"
_SAVE = """
    INSERT INTO views (name, filter, tab, sort, reverse, grid, saved_by, saved_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (name) DO UPDATE SET name = excluded.name, filter = excluded.filter, tab = excluded.tab,
        sort = excluded.sort, reverse = excluded.reverse, grid = excluded.grid, saved_by = excluded.saved_by,
        saved_at = excluded.saved_at"""
_REMOVE = "DELETE FROM views WHERE name = ?"
_RENAME = "UPDATE views SET name = ? WHERE name = ?"


class TeamViews:
    """The views of one store."""

    def __init__(self, store: StoreFile) -> None:
        self._store = store

    def everything(self) -> tuple[SavedView, ...]:
        """All of them by name; what another program wrote unreadably is left out."""
        if self._store.ask("PRAGMA user_version")[0][0] < SCHEMA:
            return ()
        found = []
        for row in self._store.ask(_ALL):
            order = f"{'-' if row['reverse'] else ''}{row['sort']}"
            said = {"name": clean(str(row["name"])), "filter": str(row["filter"]), "list": str(row["tab"])}
            view, wrong = of_texts({**said, "sort": order, "grid": str(row["grid"])})
            if not wrong:
                found.append(
                    SavedView(view.name, view.filter, view.tab, view.sort, view.pivot, True, clean(row["saved_by"]))
                )
        return in_order(found)

    def save(self, view: SavedView, who: str, now: int) -> None:
        """Keep it under its name, instead of the one that had it. UsageError for a name that cannot be."""
        if problem := name_problem(view.name):
            raise UsageError(f"It was not saved: {problem}.")
        said = facts(view)
        values = (view.name, view.filter, said["list"], view.sort.by.value, int(view.sort.reverse), said["grid"])
        with self._store.writing() as connection:
            for name in self._written(view.name):  # in another case that NOCASE does not know
                connection.execute(_REMOVE, (name,))
            connection.execute(_SAVE, (*values, who, now))

    def rename(self, name: str, new: str) -> None:
        """Give it another name. UsageError when there is none, or the new name is taken or cannot be."""
        if problem := name_problem(new):
            raise UsageError(f"It was not renamed: {problem}.")
        with self._store.writing() as connection:
            found = self._written(name)
            if not found:
                raise UsageError(f"The team has no view {clean(name)}.")
            if not is_same(name, new) and (there := self._written(new)):
                raise UsageError(f"The team has a view {clean(there[0])} already. Choose another name.")
            connection.execute(_RENAME, (new, found[0]))

    def remove(self, name: str) -> None:
        """Take it away. UsageError when there is none."""
        with self._store.writing() as connection:
            found = self._written(name)
            if not found:
                raise UsageError(f"The team has no view {clean(name)}.")
            for one in found:
                connection.execute(_REMOVE, (one,))

    def _written(self, name: str) -> list[str]:
        """How the store writes that name."""
        return [row["name"] for row in self._store.ask(_ALL) if saved.is_same(clean(str(row["name"])), name)]

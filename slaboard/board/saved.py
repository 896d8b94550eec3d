"""Saved views: a filter, a list, an order and a turn of the grid under a name, and how they are written. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from msgspec import Struct, field

from slaboard import toml
from slaboard.board.pivot import Pivot
from slaboard.board.views import MAX_FILTER, Sort, SortBy, Tab, View, parse_filter
from slaboard.text import cap, clean

MAX_NAME = 60
"""A view's name, in characters."""
KEYS = ("name", "filter", "list", "sort", "grid")
"""What a view's file may say."""


class SavedView(Struct, frozen=True):
    """What a board shows, under a name. `filter` is as typed: the board has one grammar."""

    name: str
    filter: str = ""
    tab: Tab = Tab.ALL
    sort: Sort = field(default_factory=Sort)
    pivot: Pivot = Pivot.STAGE
    is_team: bool = False
    """Everybody's: it is in the store."""
    saved_by: str = ""

    def view(self, person: str | None = None) -> View:
        """The list that it means."""
        return View(self.tab, parse_filter(self.filter), person, self.sort)

    @property
    def about(self) -> str:
        """What it shows, in a few words."""
        named = {Tab.NEEDS: "needs claim", Tab.MINE: "my tickets"}
        parts = [self.filter, named.get(self.tab, f"{self.tab} tickets")]
        parts += [f"by {order_text(self.sort)}"] if not self.sort.is_own else []
        parts += [f"grid {self.pivot}"] if self.pivot is not Pivot.STAGE else []
        return " · ".join(part for part in parts if part)


class Parsed(Struct, frozen=True):
    """A view, or none, and all that is wrong with what was written."""

    view: SavedView | None
    problems: tuple[toml.Problem, ...] = ()


def order_text(sort: Sort) -> str:
    """`customer`, `-due` from the last to the first."""
    return f"{'-' if sort.reverse else ''}{sort.by}"


def name_problem(name: str) -> str | None:
    """Why nothing can be called so; None when it can."""
    if not name.strip() or len(name) > MAX_NAME or clean(name) != name or " ".join(name.split()) != name:
        return f"a view's name is plain text of 1 to {MAX_NAME} characters"
    return None


def is_same(one: str, other: str) -> bool:
    """Whether two names are the same to people: without their case."""
    return one.casefold() == other.casefold()


def named(views: Iterable[SavedView], name: str) -> SavedView | None:
    """The view of that name; a personal one wins over the team's."""
    found = [view for view in views if is_same(view.name, name)]
    return min(found, key=lambda view: view.is_team, default=None)


def in_order(views: Iterable[SavedView]) -> tuple[SavedView, ...]:
    """One's own first, then the team's, each by name."""
    return tuple(sorted(views, key=lambda view: (view.is_team, view.name.casefold())))


# --- as a file says it ------------------------------------------------------------------------------------------


def parse(text: str, name: str) -> Parsed:
    """The view that a file's `text` says, called `name` where it says no name; every problem with its line."""
    found = toml.parse(text)
    if isinstance(found, toml.Problem):
        return Parsed(None, (found,))
    problems = [
        found.problem((key,), f"{clean(key, limit=60)} is no part of a view", _known(key))
        for key in found.values
        if key not in KEYS
    ]
    said = {}
    for key in KEYS:
        value = found.values.get(key)
        if value is None:
            continue
        if isinstance(value, str):
            said[key] = value
        else:
            problems.append(found.problem((key,), f"{key} = {toml.shown(value)} is no text", "write it in quotes"))
    view, more = of_texts({"name": name, **said})
    problems += [found.problem((key,), what, right) for key, what, right in more]
    return Parsed(None if problems else view, tuple(problems))


def _known(key: str) -> str:
    near = get_close_matches(key[:60], KEYS, n=1)
    return f"perhaps {near[0]} is meant" if near else f"there are {', '.join(KEYS)}"


Wrong = tuple[str, str, str]
"""Which key, what is wrong with it, what would be right."""


def of_texts(said: Mapping[str, str]) -> tuple[SavedView, list[Wrong]]:
    """The view of these texts; what cannot be meant is left as if it was not said, and told."""
    wrong: list[Wrong] = []
    if problem := name_problem(said["name"]):
        wrong.append(("name", f"name = {toml.shown(said['name'])} cannot be used", problem))
    text = cap(said.get("filter", ""))
    if len(text) > MAX_FILTER:
        wrong.append(("filter", f"the filter has {len(text):,} characters", f"at most {MAX_FILTER:,} count"))

    def one_of(key: str, choices: Iterable[str], default: str) -> str:
        value = said.get(key, default)
        if value in set(choices):
            return value
        wrong.append((key, f"{key} = {toml.shown(value)} is not known", f"there are {', '.join(choices)}"))
        return default

    tab = one_of("list", [tab.value for tab in Tab], Tab.ALL)
    order = said.get("sort", SortBy.SAVING)
    reverse = order.startswith("-")
    by = order.removeprefix("-")
    if by not in set(SortBy) or (reverse and by == SortBy.SAVING):
        sorts = ", ".join(sort.value for sort in SortBy)
        wrong.append(("sort", f"sort = {toml.shown(order)} is not known", f"there are {sorts}; -due turns one round"))
        by, reverse = SortBy.SAVING, False
    grid = one_of("grid", [pivot.value for pivot in Pivot], Pivot.STAGE)
    view = SavedView(said["name"], text, Tab(tab), Sort(SortBy(by), reverse), Pivot(grid))
    return view, wrong


def written(view: SavedView) -> str:
    """The view as a file says it."""
    texts = {"name": view.name, "filter": view.filter, **facts(view)}
    return "".join(f"{key} = {quoted(texts[key])}\n" for key in KEYS)


def facts(view: SavedView) -> Mapping[str, Any]:
    """List, order and grid as people write them."""
    return {"list": view.tab.value, "sort": order_text(view.sort), "grid": view.pivot.value}


def quoted(text: str) -> str:
    """`text` as TOML writes it, on one line and in plain ASCII quotes."""
    escaped = "".join(_ESCAPES.get(char) or (char if char.isprintable() else f"\\U{ord(char):08x}") for char in text)
    return f'"{escaped}"'


_ESCAPES = {"\\": "\\\\", '"': '\\"'}

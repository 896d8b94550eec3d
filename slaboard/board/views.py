"""What the list shows: the tabs, the filter typed after `/`, and what both ask of the store."""

from __future__ import annotations

import shlex
from enum import StrEnum

from msgspec import Struct, field
from msgspec.structs import replace

from slaboard.text import cap
from slaboard.ticket import Bucket, Zone

MAX_FILTER = 1_000
"""How much of a filter counts, in characters: SQLite takes statements of less than 1,000 words."""


class Tab(StrEnum):
    """The lists one key away."""

    NEEDS = "needs"
    """Unclaimed, orange then yellow: what can still be saved."""
    MINE = "mine"
    ALL = "all"
    BREACHED = "breached"


class Filter(Struct, frozen=True):
    """Which tickets are meant. Every part must hold; within a part one of its values must.

    A priority, an owner, a customer or a board that begins with `=` is meant exactly, whatever its case.
    """

    words: tuple[str, ...] = ()
    """Each must stand in the id, title, customer, owner or status, whatever its case."""
    without: tuple[str, ...] = ()
    priorities: tuple[str, ...] = ()
    """As typed: `1` and `P1` both mean a priority whose words or digits match."""
    zones: frozenset[Zone] = frozenset()
    owners: tuple[str, ...] = ()
    customers: tuple[str, ...] = ()
    boards: tuple[str, ...] = ()
    bucket: Bucket | None = None
    clock: Bucket | None = None
    """Some clock of this bucket runs, wherever the ticket counts; then `zones` are that clock's."""
    unowned: bool = False

    @property
    def own_zones(self) -> frozenset[Zone]:
        """The zones in which the ticket itself must count."""
        return self.zones if self.clock is None else frozenset()

    @property
    def is_empty(self) -> bool:
        """True when it lets every ticket through."""
        return self == Filter()


class SortBy(StrEnum):
    """What a list is sorted by."""

    SAVING = "saving"
    """The list's own order: what can be saved first (rule 5)."""
    DUE = "due"
    PRIORITY = "priority"
    CUSTOMER = "customer"
    OWNER = "owner"
    OPENED = "opened"
    ID = "id"


class Sort(Struct, frozen=True):
    """The order of a list."""

    by: SortBy = SortBy.SAVING
    reverse: bool = False
    """From the last to the first; the list's own order has no other way round."""

    @property
    def is_own(self) -> bool:
        """True for the list's own order."""
        return self.by is SortBy.SAVING


class View(Struct, frozen=True):
    """One list: a tab, a filter, for `mine` a person, and its order."""

    tab: Tab = Tab.NEEDS
    filter: Filter = field(default_factory=Filter)
    person: str | None = None
    sort: Sort = field(default_factory=Sort)


_ZONE_WORDS = {
    **{f"{zone.letter.lower()}:": zone for zone in Zone},
    **{f"zone:{zone}": zone for zone in Zone},
    **{f"zone:{zone.letter.lower()}": zone for zone in Zone},
}
_BUCKET_WORDS = {
    "response": Bucket.RESPONSE,
    "resp": Bucket.RESPONSE,
    "resplan": Bucket.RESPLAN,
    "plan": Bucket.RESPLAN,
    "resolution": Bucket.RESOLUTION,
    "resl": Bucket.RESOLUTION,
    "update": Bucket.UPDATE,
    "updt": Bucket.UPDATE,
}


def parse_filter(text: str) -> Filter:
    """The filter that `text` means: words AND; `p1 o: owner:NAME cust:"NAME" board:NAME in:resplan -vpn`;
    `clock:response o:` is any ticket whose Response runs and is orange.

    Never fails: what it does not understand is a word to look for, and an unclosed quote closes at the end.
    """
    found = Filter()
    for token in _tokens(cap(text[:MAX_FILTER])):
        found = _with(found, token)
    return found


def _tokens(text: str) -> list[str]:
    for attempt in (text, text + '"', text.replace('"', " ")):
        lexer = shlex.shlex(attempt, posix=True)
        lexer.whitespace_split, lexer.commenters, lexer.quotes, lexer.escape = True, "", '"', ""
        try:
            return list(lexer)
        except ValueError:
            continue
    return text.split()


def _with(found: Filter, token: str) -> Filter:
    lower = token.lower()
    key, _, value = token.partition(":")
    if lower in _ZONE_WORDS:
        return replace(found, zones=found.zones | {_ZONE_WORDS[lower]})
    if lower in ("unclaimed", "owner:-", "owner:none"):
        return replace(found, unowned=True)
    if value and key.lower() == "owner":
        return replace(found, owners=(*found.owners, value))
    if value and key.lower() in ("cust", "customer"):
        return replace(found, customers=(*found.customers, value))
    if value and key.lower() in ("board", "queue"):
        return replace(found, boards=(*found.boards, value))
    if value and key.lower() in ("p", "priority"):
        return replace(found, priorities=(*found.priorities, value))
    if value and key.lower() in ("in", "bucket") and value.lower() in _BUCKET_WORDS:
        return replace(found, bucket=_BUCKET_WORDS[value.lower()])
    if key.lower() == "clock" and value.lower() in _BUCKET_WORDS:
        return replace(found, clock=_BUCKET_WORDS[value.lower()])
    if len(lower) == 2 and lower[0] == "p" and lower[1].isdigit():
        return replace(found, priorities=(*found.priorities, lower))
    if len(token) > 1 and token[0] == "-":
        return replace(found, without=(*found.without, token[1:]))
    return replace(found, words=(*found.words, token)) if token else found

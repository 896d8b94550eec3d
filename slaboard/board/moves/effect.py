"""What a key asks of the screen besides another board: values that the app carries out."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from msgspec import Struct

from slaboard.board.saved import SavedView
from slaboard.board.views import View


class Effect(StrEnum):
    """What needs nothing more said."""

    QUIT = "quit"
    RELOAD = "reload"
    MOUSE = "mouse"
    """The mouse is the board's, or the terminal's again."""
    VIEWS = "views"
    """The person's own views are to be read and offered."""


@dataclass(frozen=True, slots=True)
class Proof:
    """A PIN to be looked at by the store, which takes 30 to 60 ms."""

    name: str
    digits: str = field(repr=False)
    number: int
    """Which try it is: an answer to an earlier one is no answer."""


class Copy(Struct, frozen=True):
    """A text for the clipboard, and what it is in words."""

    text: str
    what: str


class Browse(Struct, frozen=True):
    """A link for the browser, one of http or https, and whose it is."""

    url: str
    ticket: str


class Keep(Struct, frozen=True):
    """A saved view to be written: in the person's folder, or for the team in the store."""

    verb: str
    """`save`, `rename` or `remove`."""
    view: SavedView
    new: str = ""
    """What it is called from now on."""
    who: str = ""


class Export(Struct, frozen=True):
    """The list to be written to a file, as it is filtered and ordered."""

    file: str
    """As typed: a name, or a path; `.csv` or `.ndjson` says how it is written."""
    view: View
    at: int | None = None
    """The moment of the past that is shown; None for now."""
    replaces: bool = False
    """A file of that name is overwritten."""


Wish = Effect | Proof | Copy | Browse | Keep | Export

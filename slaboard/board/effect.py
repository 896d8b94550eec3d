"""What a key asks of the screen besides another board: values that the app carries out."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Effect(StrEnum):
    """What needs nothing more said."""

    QUIT = "quit"
    RELOAD = "reload"


@dataclass(frozen=True, slots=True)
class Proof:
    """A PIN to be looked at by the store, which takes 30 to 60 ms."""

    name: str
    digits: str = field(repr=False)
    number: int
    """Which try it is: an answer to an earlier one is no answer."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A text for the clipboard, and what it is in words."""

    text: str
    what: str


@dataclass(frozen=True, slots=True)
class Browse:
    """A link for the browser, one of http or https, and whose it is."""

    url: str
    ticket: str


Wish = Effect | Proof | Copy | Browse

"""An errand: what somebody decided to have done, to one ticket or to several, and what became of each. Values only."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace


class Answer(Struct, frozen=True):
    """What became of one ticket's act, in the store's own words."""

    ticket: str
    word: str
    """OK, LOST, GONE, NO, BUSY, ERROR."""
    text: str
    seq: int | None = None
    """Its event in the store, where it is done."""

    @property
    def is_done(self) -> bool:
        """True when it is in the store for good."""
        return self.seq is not None


class Errand(Struct, frozen=True):
    """Acts that were decided together and whose outcomes are not all known yet."""

    verb: str
    who: str
    tickets: tuple[str, ...]
    since: int
    """Epoch seconds at which it was decided."""
    answers: tuple[Answer, ...] = ()
    done: str = ""
    """What has been done with several of them, in a word: `claimed`."""

    @property
    def awaited(self) -> frozenset[str]:
        """The tickets of which nothing has been heard yet."""
        return frozenset(self.tickets) - {answer.ticket for answer in self.answers}

    def answered(self, answer: Answer) -> Errand:
        """The errand with one answer more."""
        return replace(self, answers=(*self.answers, answer))

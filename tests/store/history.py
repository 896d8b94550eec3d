"""What people tried to do to a ticket, when, and what they were told; and whether all of that can be true.

A history is linearizable when each attempt can be given an instant between its begin and its end so that, one after
the other, all of them give the answers that were given (Herlihy and Wing, 1990). The search is Wing and Gong's (1993)
with Lowe's memory of what was tried in vain (2017). Tickets do not touch one another, so each is looked at alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf


@dataclass(frozen=True, slots=True)
class Answer:
    """`done`, `lost` or `refused`, and whom that names as the owner; `unknown` of somebody who was killed."""

    word: str
    owner: str | None = None


UNKNOWN = Answer("unknown")
NOTHING_TO_UNDO = Answer("refused", "(undo)")


@dataclass(frozen=True, slots=True)
class Attempt:
    """One call, from `begun` to `ended` on one clock."""

    id: str
    who: str
    verb: str
    begun: float
    ended: float
    answer: Answer
    target: str | None = None
    """For `undo`: the attempt that is taken back; None for the last one of the same person."""


@dataclass(frozen=True, slots=True)
class Deed:
    """An attempt that changed the owner."""

    id: str
    owner: str | None
    undone: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """A ticket, as far as owning it goes: only what one person did last, in a row, can still be undone."""

    before: str | None = None
    """The owner before that person's row of deeds."""
    who: str | None = None
    row: tuple[Deed, ...] = ()

    @property
    def owner(self) -> str | None:
        """Who owns the ticket."""
        return next((deed.owner for deed in reversed(self.row) if not deed.undone), self.before)

    def after(self, who: str, row: tuple[Deed, ...] | None = None, deed: Deed | None = None) -> State:
        """The state after `who` did something: another person's row is history then."""
        mine = self if self.who == who else State(self.owner, who)
        return replace(mine, row=(mine.row if row is None else row) + ((deed,) if deed else ()))


def told(state: State, attempt: Attempt) -> tuple[Answer, State]:
    """What the person must be told in this state, and the state after it."""
    who, owner = attempt.who, state.owner
    match attempt.verb:
        case "claim" if owner is not None:
            return Answer("lost", owner), state
        case "release" if owner != who:
            return Answer("refused", owner), state
        case "takeover" if owner in (None, who):
            return Answer("refused", owner), state
        case "undo":
            row = _taken_back(state, attempt)
            if row is None:
                return NOTHING_TO_UNDO, state
            after = state.after(who, row)
            return Answer("done", after.owner), after
    new = None if attempt.verb == "release" else who
    return Answer("done", new), state.after(who, deed=Deed(attempt.id, new))


def _taken_back(state: State, attempt: Attempt) -> tuple[Deed, ...] | None:
    """The row without the deed that is undone; None when that is not allowed."""
    if state.who != attempt.who:
        return None
    for i in reversed(range(len(state.row))):
        deed = state.row[i]
        if not deed.undone and attempt.target in (None, deed.id):
            return (*state.row[:i], replace(deed, undone=True), *state.row[i + 1 :])
    return None


def linearization(attempts: Sequence[Attempt], order: Mapping[str, int] | None = None) -> list[Attempt] | None:
    """The attempts in an order that explains every answer, None when there is none.

    Of those who were killed some may be left out: what they began never happened. With `order`, the numbers of the
    attempts that the store holds, exactly those happened, and in that order.
    """
    found = sorted(attempts, key=lambda attempt: attempt.begun)
    path: list[int] = []
    states = [State()]
    tried: set[tuple[int, State]] = set()
    choices = [_possible(found, 0, states[-1], order)]
    done = 0
    while True:
        choice = next(choices[-1], None)
        if choice is None:
            choices.pop()
            states.pop()
            if not path:
                return None
            done ^= 1 << path.pop()
            continue
        i, state = choice
        if i < 0:
            return [found[j] for j in path]
        if (done | 1 << i, state) in tried:
            continue
        done |= 1 << i
        tried.add((done, state))
        path.append(i)
        states.append(state)
        choices.append(_possible(found, done, state, order))


def _possible(
    found: Sequence[Attempt], done: int, state: State, order: Mapping[str, int] | None
) -> Iterator[tuple[int, State]]:
    """Whose instant may be next, with the state after it; -1 when nobody's has to be."""
    left = [(i, attempt) for i, attempt in enumerate(found) if not done >> i & 1]
    known = [attempt.ended for _, attempt in left if attempt.answer != UNKNOWN]
    due = min((order[attempt.id] for _, attempt in left if attempt.id in order), default=None) if order else None
    if not known and due is None:
        yield -1, state
    earliest_end = min(known, default=inf)
    for i, attempt in sorted(left, key=lambda one: one[1].ended):
        if attempt.begun > earliest_end:
            continue
        answer, after = told(state, attempt)
        happens = answer.word == "done"
        if attempt.answer != answer and not (attempt.answer == UNKNOWN and happens):
            continue
        if order is not None and (happens != (attempt.id in order) or (happens and order[attempt.id] != due)):
            continue
        yield i, after

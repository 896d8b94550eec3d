"""A policy file as it was written: its tables, the line of every key, and all that is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches
from enum import StrEnum
from itertools import islice
from typing import Any, TypeVar

from slaboard import toml
from slaboard.text import clean
from slaboard.toml import KeyPath, Problem, shown

__all__ = ["Problem", "Table", "load"]

MAX_HOURS = 10_000
"""The longest duration, in hours: more than a year around the clock."""

ADVISED = 500
"""For how many problems a word that may be meant is looked for, and among how many: both squared took minutes."""
TOLD = 20
"""How many known words a sentence lists."""

_D = TypeVar("_D")
_W = TypeVar("_W", bound=StrEnum)


def load(text: str) -> Table | Problem:
    """The file's top table, or the one problem for which it cannot be read at all."""
    found = toml.parse(text)
    return found if isinstance(found, Problem) else Table((), found.values, found.lines)


_DURATION = re.compile(r"(?:([0-9]{1,6})h)? ?(?:([0-9]{1,6})m)? ?(?:([0-9]{1,6})s)?")
_DAYS = re.compile(r"[0-9] ?(?:d|w|mo|y)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Table:
    """One table or list of the file. What cannot be read becomes a `Problem` and the default is used in its place."""

    path: KeyPath
    values: Mapping[str, Any]
    """A list's items stand under "0", "1", ..."""
    lines: Mapping[KeyPath, int]
    problems: dict[KeyPath, Problem] = field(default_factory=dict)
    """What was found wrong so far, by place; all tables of a file share it."""
    is_list: bool = False
    _unsound: set[KeyPath] = field(default_factory=set)
    """Every table in which something is wrong."""

    def __iter__(self) -> Iterator[str]:
        return iter(self.values)

    def __contains__(self, key: str) -> bool:
        return key in self.values

    @property
    def is_sound(self) -> bool:
        """True while nothing wrong was found in it."""
        return self.path not in self._unsound

    def line(self, *keys: str) -> int | None:
        """The line of the value under `keys`, else of the nearest that encloses it."""
        return toml.line_of(self.lines, (*self.path, *keys))

    def wrong(self, keys: str | KeyPath, what: str, right: str) -> None:
        """Report that `what` is wrong at `keys` (a key or a path; empty: the table itself) and what would be right.

        The first problem of a place counts: what follows from it would only distract.
        """
        keys = (keys,) if isinstance(keys, str) else keys
        place = (*self.path, *keys)
        if place not in self.problems:
            self.problems[place] = Problem(self.line(*keys), what, right)
            self._unsound.update(place[:n] for n in range(len(place) + 1))

    def wrong_value(self, key: str, what: str, right: str) -> None:
        """Report a value, shown as it was written: `priority = 1 is ...`."""
        value = shown(self.values[key])
        said = f"{value} in {self.path[-1]}" if self.is_list else f"{clean(key, limit=60)} = {value}"
        self.wrong(key, f"{said} {what}", right)

    def only(self, *known: str, elsewhere: Mapping[str, str] | None = None) -> None:
        """Report every key that is not `known`; `elsewhere` says for some where they belong."""
        for key in self.values:
            if key in known:
                continue
            right = (elsewhere or {}).get(key) or self.meant(key, known)
            here = clean(".".join(name for name in self.path if not name.isdigit()) or "a policy file", limit=60)
            self.wrong(key, f"{shown(key)} is not a key of {here}", right)

    def table(self, key: str, *, right: str = "") -> Table:
        """The table under `key`; empty when there is none. `right` says how to write it."""
        value = self.values.get(key, {})
        if not isinstance(value, dict):
            self.wrong_value(key, "is not a table", right or f"write {key} = {{ ... }}")
            value = {}
        return self._inner(key, value)

    def items(self, key: str) -> Table:
        """The list under `key`, where one value alone counts as a list of one; empty when there is none."""
        value = self.values.get(key, [])
        items = value if isinstance(value, list) else [value]
        return self._inner(key, {str(n): item for n, item in enumerate(items)}, is_list=True)

    def _inner(self, key: str, values: Mapping[str, Any], *, is_list: bool = False) -> Table:
        return Table((*self.path, key), values, self.lines, self.problems, is_list, self._unsound)

    def flag(self, key: str, default: bool) -> bool:
        """`true` or `false`."""
        value = self.values.get(key, default)
        if not isinstance(value, bool):
            self.wrong_value(key, "is not a yes or no", "write true or false, without quotes")
            return default
        return value

    def written(self, key: str) -> str:
        """The text under `key`, or how a value that is no text was written: whoever takes it will refuse that."""
        value = self.values[key]
        return value if isinstance(value, str) else shown(value)

    def text(self, key: str, default: str = "") -> str:
        """A text, clean for a terminal and without spaces around it."""
        value = self.values.get(key, default)
        if isinstance(value, str):
            return clean(value).strip()
        right = f'write "{shown(value)}"' if isinstance(value, int | Decimal) else "write one text in quotes"
        self.wrong_value(key, "is not a text", right)
        return default

    def choice(
        self, key: str, words: type[_W], default: _W, *, elsewhere: Mapping[str, str] | None = None
    ) -> _W:  # fmt: skip
        """One of `words`; `elsewhere` says for some keys where they belong."""
        value = self.values.get(key, default)
        if isinstance(value, str) and value in {word.value for word in words}:
            return words(value)
        right = (elsewhere or {}).get(key) or self.meant(value, [word.value for word in words])
        self.wrong_value(key, "is not one of the known words", right)
        return default

    def meant(self, word: object, known: Collection[str]) -> str:
        """The known word that `word` resembles, as advice, else those that are known; the first problems get that."""
        near: list[str] = []
        if isinstance(word, str) and len(self.problems) < ADVISED:
            near = get_close_matches(word.casefold()[:60], islice(known, ADVISED), n=1)
        more = f" and {len(known) - TOLD:,} more" if len(known) > TOLD else ""
        return f'perhaps "{near[0]}" is meant' if near else f"known are {', '.join(islice(known, TOLD))}{more}"

    def share(self, key: str, default: Decimal) -> Decimal:
        """A share from 0 to 1, exact."""
        value = self.values.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            self.wrong_value(key, "is not a share of the target", "write a number from 0 to 1 such as 0.75")
        elif not (exact := Decimal(value)).is_finite() or not 0 <= exact <= 1:
            self.wrong_value(key, "is outside 0 to 1", "75 % is written 0.75")
        elif int(exact.as_tuple().exponent) < -6:
            self.wrong_value(key, "has more than six decimals", "0.666667 is exact enough")
        else:
            return exact
        return default

    def seconds(self, key: str, default: _D) -> int | _D:
        """A duration such as "1h30m", in seconds. Days are refused (rule 16), as is a number without a unit."""
        if key not in self.values:
            return default
        value = self.values[key]
        written = value.strip() if isinstance(value, str) else ""
        number = written if isinstance(value, str | bool) else shown(value)
        right = 'write hours, minutes and seconds such as "15m", "1h30m" or "90s"'
        if written and (found := _DURATION.fullmatch(written)):
            hours, minutes, seconds = (int(digits or 0) for digits in found.groups())
            if (total := hours * 3600 + minutes * 60 + seconds) <= MAX_HOURS * 3600:
                return total
            self.wrong_value(key, "is too long", f'the longest is "{MAX_HOURS}h"')
        elif _DAYS.search(written):
            what = "counts days or weeks, and a day can mean 24 hours or one working day"
            self.wrong_value(key, what, 'write the hours of the calendar, such as "8h" for a working day of eight')
        elif number.isascii() and number.isdigit():
            short = f'write "{number}m" for minutes or "{number}h" for hours'
            self.wrong_value(key, "has no unit", short if len(number) < 5 else right)
        elif number.startswith("-"):
            self.wrong_value(key, "is negative", 'write "0m" for at once, or a time such as "15m"')
        else:
            self.wrong_value(key, "is not a duration", right)
        return default

"""The roster: who is on the team, under which letter, with which skills, and the PIN that proves it."""

from __future__ import annotations

import string
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from typing import Any

from slaboard.board.cells import safe, width
from slaboard.errors import UsageError
from slaboard.store.disk.driver import Connection
from slaboard.store.disk.file import StoreFile
from slaboard.store.team import pin
from slaboard.store.team.pin import PinCheck
from slaboard.store.write.settle import next_rev
from slaboard.text import clean
from slaboard.ticket import Engineer

RESERVED = "q?/"
"""What the claim prompt keeps for itself."""
MOST_NAME, MOST_SKILL = 60, 40

# Everybody who is or was on the team; a letter is never given twice.
_EVERYBODY = "SELECT name, key, skills, active, pin IS NOT NULL AS has_pin FROM engineers ORDER BY key"
_ADD = "INSERT INTO engineers (name, key, skills) VALUES (?, ?, ?)"
# Back on the team, or off it; the row with its letter stays.
_ACTIVE = "UPDATE engineers SET active = ? WHERE name = ?"
_KEY = "UPDATE engineers SET key = ? WHERE name = ?"
_SKILLS = "UPDATE engineers SET skills = ? WHERE name = ?"
_PIN = "UPDATE engineers SET pin = ?, pin_wrong = 0, pin_tried_at = NULL WHERE name = ?"
_PINS = "SELECT name, pin, pin_wrong, pin_tried_at FROM engineers WHERE pin IS NOT NULL"
# Counted as a wrong one before it is looked at, so that no process that ends in between has tried for nothing.
_TRY = "UPDATE engineers SET pin_wrong = ?, pin_tried_at = ? WHERE name = ?"
_RIGHT = "UPDATE engineers SET pin_wrong = 0, pin_tried_at = NULL WHERE name = ? AND pin = ?"


class Roster:
    """The team of one store. Names are told apart as people do it: without their case."""

    def __init__(self, store: StoreFile) -> None:
        self._store = store

    def everybody(self) -> tuple[Engineer, ...]:
        """All who are or were on the team, by letter."""
        return tuple(_engineer(row) for row in self._store.ask(_EVERYBODY))

    def find(self, name: str) -> Engineer:
        """The person of that name; UsageError when nobody has it."""
        return _engineer(_found(self._store.ask(_EVERYBODY), name))

    def add(self, name: str, key: str | None = None, skills: Iterable[str] = ()) -> Engineer:
        """Put somebody on the team, under `key` or else the first free letter of the name.

        Who was there before comes back under the letter they had. UsageError for what cannot be.
        """
        name, key, more = checked_name(name), None if key is None else _key(key), _skills(skills)
        with self._changing() as (connection, rows):
            known = next((row for row in rows if _same(row["name"], name)), None)
            if known is not None and known["active"]:
                raise UsageError(f"{clean(known['name'])} is on the team already, under {clean(known['key'])}.")
            if known is None:
                key = key or _free(name, {row["key"].casefold() for row in rows})
                _refuse_taken(rows, key, name)
                connection.execute(_ADD, (name, key, ",".join(more)))
            else:
                name = known["name"]
                connection.execute(_ACTIVE, (True, name))
                connection.execute(_SKILLS, (",".join(_with(known["skills"], more)), name))
                if key is not None:
                    _refuse_taken(rows, key, name)
                    connection.execute(_KEY, (key, name))
        return self.find(name)

    def remove(self, name: str) -> Engineer:
        """Take somebody off the team; what they did and their letter stay."""
        with self._changing() as (connection, rows):
            connection.execute(_ACTIVE, (False, _found(rows, name)["name"]))
        return self.find(name)

    def rekey(self, name: str, key: str) -> Engineer:
        """Give somebody another letter; UsageError when it is somebody else's."""
        key = _key(key)
        with self._changing() as (connection, rows):
            person = _found(rows, name)["name"]
            _refuse_taken(rows, key, person)
            connection.execute(_KEY, (key, person))
        return self.find(name)

    def reskill(self, name: str, more: Iterable[str], less: Iterable[str]) -> Engineer:
        """Give somebody skills and take some away."""
        added, gone = _skills(more), {skill.casefold() for skill in _skills(less)}
        with self._changing() as (connection, rows):
            person = _found(rows, name)
            kept = [skill for skill in _with(person["skills"], added) if skill.casefold() not in gone]
            connection.execute(_SKILLS, (",".join(kept), person["name"]))
        return self.find(name)

    def set_pin(self, name: str, new: str | None) -> Engineer:
        """Give somebody a PIN, or take it away; either ends a pause after wrong ones."""
        kept = None if new is None else pin.hashed(pin.checked(new))
        with self._changing() as (connection, rows):
            connection.execute(_PIN, (kept, _found(rows, name)["name"]))
        return self.find(name)

    def pin_ok(self, name: str, typed: str, now: int) -> PinCheck:
        """Whether `typed` is the PIN of `name`; who has none, or is not on the team, has nothing to prove.

        After three wrong ones in a row each further one makes everybody wait longer, in whatever process they try. A
        try counts as a wrong one before it is looked at: a process that is killed in between has not tried for nothing.
        """
        with self._store.writing() as connection:
            row = next((row for row in connection.execute(_PINS).fetchall() if _same(row["name"], name)), None)
            if row is None:
                return PinCheck(True)
            person, wrong = clean(row["name"]), int(row["pin_wrong"])
            # Before `tried` this machine's clock was ahead: then the pause begins anew, and ends.
            since = now - row["pin_tried_at"] if row["pin_tried_at"] is not None else pin.LONGEST_S
            left = pin.pause_s(wrong) - max(0, since)
            if left > 0:
                if since < 0:
                    connection.execute(_TRY, (wrong, now, row["name"]))
                return PinCheck(False, f"Too many wrong PINs for {person}: try again in {left}s.", left)
            connection.execute(_TRY, (wrong + 1, now, row["name"]))
        if pin.matches(typed, row["pin"]):  # 30 to 60 ms, for which nobody has to wait
            with self._store.writing() as connection:
                connection.execute(_RIGHT, (row["name"], row["pin"]))
            return PinCheck(True)
        wait = pin.pause_s(wrong + 1)
        return PinCheck(False, f"That is not {person}'s PIN." + (f" Try again in {wait}s." if wait else ""), wait)

    @contextmanager
    def _changing(self) -> Iterator[tuple[Connection, list[Any]]]:
        """One transaction with the roster as it stands in it; boards hear of it."""
        with self._store.writing() as connection:
            next_rev(connection)
            yield connection, connection.execute(_EVERYBODY).fetchall()


def _engineer(row: Any) -> Engineer:
    return Engineer(
        name=clean(row["name"]),
        key=row["key"],
        skills=tuple(row["skills"].split(",")) if row["skills"] else (),
        active=bool(row["active"]),
        has_pin=bool(row["has_pin"]),
    )


def _same(one: str, other: str) -> bool:
    return clean(one).casefold() == clean(other).casefold()


def _found(rows: Iterable[Any], name: str) -> Any:
    known = {clean(row["name"]).casefold(): row for row in rows}
    if (row := known.get(clean(name).casefold())) is not None:
        return row
    near = get_close_matches(clean(name).casefold()[:MOST_NAME], known, n=1)
    hint = f"Is {clean(known[near[0]]['name'])} meant?" if near else "slaboard team list --all shows everybody."
    raise UsageError(f"Nobody on the roster is called {clean(name, limit=MOST_NAME)}. {hint}")


# --- names, letters, skills -------------------------------------------------------------------------------------


def checked_name(name: str) -> str:
    """`name` with single blanks; UsageError when nobody could be called that."""
    name = " ".join(name.split())
    if not name or len(name) > MOST_NAME or clean(name) != name or "\ufffd" in name:
        raise UsageError(f"A name is plain text of 1 to {MOST_NAME} characters.")
    return name


def _key(said: str) -> str:
    """`said` as a letter of somebody's; UsageError when it cannot be one."""
    key = said.casefold()
    if len(key) != 1 or safe(key) != key or width(key) != 1 or key.isspace():
        raise UsageError("A key is one letter or digit.")
    if key in RESERVED:
        raise UsageError(f"{key} cannot be anybody's: the claim prompt keeps {' '.join(RESERVED)} for itself.")
    return key


def _refuse_taken(rows: Iterable[Any], key: str, name: str) -> None:
    for row in rows:
        if row["key"].casefold() == key and not _same(row["name"], name):
            owner, off = clean(row["name"]), "" if row["active"] else ", who is off the team"
            other = f"give {owner} another: slaboard team key {owner!r} LETTER"
            raise UsageError(f"{key} is {owner}'s{off}. Choose another letter, or first {other}")


def _free(name: str, taken: set[str]) -> str:
    """The first letter of `name` that nobody has, else any letter, digit or sign; UsageError when all are taken."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    own = "".join(char for char in plain if char in string.ascii_lowercase)
    for char in own + string.ascii_lowercase + string.digits + string.punctuation:
        if char not in taken and char not in RESERVED:
            return char
    raise UsageError(f"No letter is free for {name}. Choose a character: slaboard team add {name!r} --key CHARACTER")


def _skills(skills: Iterable[str]) -> tuple[str, ...]:
    """`skills` with single blanks; UsageError for one that the list could not hold."""
    found = tuple(" ".join(skill.split()) for skill in skills)
    for skill in found:
        if not skill or len(skill) > MOST_SKILL or clean(skill) != skill or "," in skill:
            raise UsageError(f"A skill is plain text of 1 to {MOST_SKILL} characters without a comma.")
    return found


def _with(before: str, more: Iterable[str]) -> list[str]:
    """The skills `before`, then those of `more` that are not among them."""
    found = {skill.casefold(): skill for skill in before.split(",") if skill}
    for skill in more:
        found.setdefault(skill.casefold(), skill)
    return list(found.values())

"""TOML that people write: its values and the line of every key, or the one problem for which it cannot be read."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from msgspec import Struct

from slaboard.text import clean, shorten

MAX_BYTES = 1024 * 1024
"""The largest file that is read; a policy for hundreds of customers needs a tenth of it."""

KeyPath = tuple[str, ...]
"""The keys that lead to a value; a list's items are counted from "0"."""


class Problem(Struct, frozen=True):
    """One error: `line` counts from 1 and is None when the whole file is meant."""

    line: int | None
    what: str
    """What is wrong."""
    right: str
    """What would be right."""

    def __str__(self) -> str:
        where = "" if self.line is None else f"line {self.line}: "
        return f"{where}{self.what}; {self.right}" if self.right else f"{where}{self.what}"


class Written(Struct, frozen=True):
    """A file that could be read."""

    values: Mapping[str, Any]
    lines: Mapping[KeyPath, int]
    """The line of every table, key and list item."""

    def problem(self, keys: KeyPath, what: str, right: str) -> Problem:
        """What is wrong with the value under `keys`, and what would be right."""
        return Problem(line_of(self.lines, keys), what, right)


def parse(text: str) -> Written | Problem:
    """What `text` says, or the one problem for which it cannot be read at all. Never raises."""
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > MAX_BYTES:
        return Problem(None, f"the file has {size:,} bytes", f"such a file has at most {MAX_BYTES:,}")
    text = text.removeprefix("\ufeff")
    if found := _LONG_KEY.search(text):
        return Problem(_line_at(text, found.start()), "a key has more than 60 parts", "five levels are enough")
    try:
        values = tomllib.loads(text, parse_float=Decimal)
    except RecursionError:
        return Problem(_deep_line(text), "lists or tables are nested too deeply here", "five levels are enough")
    except tomllib.TOMLDecodeError as error:
        return _syntax_problem(text, str(error))
    except (ValueError, ArithmeticError):
        found = _HUGE.search(text)
        line = _line_at(text, found.start()) if found else None
        return Problem(line, "a number is too large to be read", "no number in such a file needs ten digits")
    return Written(values, lines_of(text))


_PART = r"""(?:[\w-]+|"[^"\n]*"|'[^'\n]*')"""
_LONG_KEY = re.compile(rf"""(?<![\w"'-]){_PART}(?:[ \t]*\.[ \t]*{_PART}){{60}}""")
"""tomllib takes the square of a key's parts: half a million of them would hold us up for hours."""
_HUGE = re.compile(r"[0-9][0-9_]{4000}|[eE][+-]?[0-9]{9}")
_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_DEEP = 100


def _syntax_problem(text: str, message: str) -> Problem:
    """The message of tomllib, whose place is only told in its words."""
    place = _PLACE.search(message)
    line = None if place is None else int(place[1] or text.rstrip("\n").count("\n") + 1)
    said = _NAMES.sub(lambda names: ".".join(_QUOTED.findall(names[0])), _PLACE.sub("", message))
    rights = [right for begin, right in _RIGHT.items() if said.startswith(begin)]
    return Problem(
        line, f"this is not TOML: {clean(said)}", "; ".join([*rights[:1], "the other checks wait until it is"])
    )


_NAMES, _QUOTED = re.compile(r"\('.*'\)"), re.compile(r"'((?:\\.|[^'\\])*)'")
"""tomllib names a table as Python would: `('calendar', 'office')`."""
_RIGHT = {
    "Invalid value": 'write texts in straight quotes, as "30m"; or a list above is not closed with ]',
    "Invalid statement": "write [table] or key = value",
    "Expected newline": 'write one key a line, and texts in straight quotes, as "30m"',
    "Expected '=' after a key": 'write key = value, a key of several words in quotes: "On hold" = "waiting"',
    "Invalid initial character for a key part": "begin it with a letter; { ... } stands on one line",
    "Expected ']": "close a [table] with ] and a [[table]] with ]] on its line",
    "Cannot overwrite a value": "this key stands there already: leave one of the two",
    "Duplicate inline table key": "leave one of the two",
    "Cannot declare": "put the keys of both under one [table]",
    "Cannot": "put all its keys in one place",
    "Unclosed array": "close the list with ]",
    "Unclosed inline table": "close it with } on its line",
    "Unterminated string": "close the text with the quotes that it begins with",
    "Expected": "close the text with the quotes that it begins with",
    "Illegal character '\\n'": "close the text with quotes on its line",
    "Unescaped": r"write \\ for a \, or the text in 'single quotes'",
    "Invalid hex value": r"write \\ for a \, or the text in 'single quotes'",
    "Escaped character": r"write \\ for a \, or the text in 'single quotes'",
    "Illegal character": "take the character out",
    "Found invalid character": "take the character out",
    "Invalid date": 'write a date as "2026-12-24"',
}
"""What would be right, by how the message of tomllib begins; the first that fits counts."""


def _line_at(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1


def _deep_line(text: str) -> int | None:
    """The line on which brackets first lie too deep."""
    depth = 0
    for found in _TOKEN.finditer(text):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(found[0], 0)
        if depth >= _DEEP:
            return _line_at(text, found.start())
    return None


# --- the line of every key ------------------------------------------------------------------------------------

_DEPTH = 8
"""How many keys of a path are kept; nothing in our files lies deeper than five."""
_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}'  # a closing """ may be preceded by two quotes of the text itself
    r"|'''.*?'{3,5}"
    r'|"(?:\\.|[^"\\])*"'
    r"|'[^']*'"
    r"|\#[^\n]*"
    r"|[\n\[\]{}=,.]"
    r"|[^\s\[\]{}=,.\"'#]+",
    re.DOTALL,
)


def lines_of(text: str) -> dict[KeyPath, int]:
    """Where each table, key and list item of `text` begins, as lines from 1.

    tomllib keeps no positions. `text` must be TOML that it accepts: the scan leans on that and checks nothing.
    """
    return _Scan(text).lines


def line_of(lines: Mapping[KeyPath, int], path: KeyPath) -> int | None:
    """The line of the value under `path`, else of the nearest that encloses it."""
    return next((lines[path[:n]] for n in range(len(path), 0, -1) if path[:n] in lines), None)


class _Scan:
    """One walk over the tokens of a TOML text."""

    def __init__(self, text: str) -> None:
        self.lines: dict[KeyPath, int] = {}
        self._line = 1
        self._token = ""
        self._tokens = (found[0] for found in _TOKEN.finditer(text) if not found[0].startswith("#"))
        self._step()
        self._statements()

    def _step(self) -> None:
        """Go to the next token; the last one is followed by empty ones."""
        self._line += self._token.count("\n")
        self._token = next(self._tokens, "")

    def _note(self, path: KeyPath) -> None:
        for length in range(1, min(len(path), _DEPTH) + 1):
            self.lines.setdefault(path[:length], self._line)

    def _statements(self) -> None:
        table: KeyPath = ()
        sizes: Counter[KeyPath] = Counter()
        while self._token:
            if self._token == "\n":
                self._step()
            elif self._token == "[":
                table = self._header(sizes)
            else:
                self._pair(table)

    def _header(self, sizes: Counter[KeyPath]) -> KeyPath:
        """The path of `[a.b]` or `[[a.b]]`, where `sizes` counts the tables of each `[[...]]` so far."""
        self._step()
        is_item = self._token == "["
        if is_item:
            self._step()
        path: KeyPath = ()
        keys = self._keys("]")
        for left, key in zip(range(len(keys) - 1, -1, -1), keys, strict=True):
            path = (*path, key)
            if is_item and not left:
                sizes[path] += 1
            if path in sizes:
                path = (*path, str(sizes[path] - 1))
        self._note(path)
        if is_item:
            self._step()
        return path

    def _keys(self, end: str) -> list[str]:
        """The parts of a dotted key, up to and with the token `end`; parts beyond `_DEPTH` are left out."""
        keys: list[str] = []
        while self._token not in (end, ""):
            if self._token != "." and len(keys) < _DEPTH:
                keys.append(_unquoted(self._token))
            self._step()
        self._step()
        return keys

    def _pair(self, table: KeyPath) -> None:
        path = (*table, *self._keys("="))
        self._note(path)
        self._value(path)

    def _value(self, path: KeyPath) -> None:
        opening, size = self._token, 0
        if opening not in ("[", "{"):
            while self._token not in (",", "]", "}", "\n", ""):
                self._step()
            return
        self._step()
        while self._token not in ("]", "}", ""):
            if self._token in ("\n", ","):
                self._step()
            elif opening == "{":
                self._pair(path)
            else:
                self._note(item := (*path, str(size)))
                self._value(item)
                size += 1
        self._step()


def _unquoted(key: str) -> str:
    return str(tomllib.loads(f"key = {key}")["key"]) if key[0] in "\"'" else key


def shown(value: object) -> str:
    """`value` in a few words, harmless on a terminal, as it would stand in the file."""
    match value:
        case str():
            return f'"{shorten(clean(value), 60)}"'
        case bool():
            return str(value).lower()
        case int():
            # str() of an integer of thousands of digits raises, and TOML's hexadecimal can write one.
            return str(value) if value.bit_length() <= 64 else "a huge number"
        case dt.date() | dt.time():
            return value.isoformat()
        case dict():
            return "{...}"
        case list():
            return "[...]"
    return shorten(str(value), 30)

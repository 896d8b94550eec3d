"""Values as TOML: what a policy file says, written anew."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

_BARE = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)


def key(name: str) -> str:
    """A key, in quotes where it needs them."""
    return name if _BARE.fullmatch(name) else text(name)


def text(found: str) -> str:
    """A basic string on one line; what is not printable is escaped."""
    return f'"{"".join(map(_character, found))}"'


def _character(one: str) -> str:
    if one in '"\\':
        return f"\\{one}"
    if one.isprintable():
        return one
    code = ord(one)
    if 0xD800 <= code <= 0xDFFF:  # no TOML can hold it
        return "\ufffd"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def value(found: Any) -> str:
    """One value on one line."""
    if isinstance(found, bool):
        return "true" if found else "false"
    if isinstance(found, str):
        return text(found)
    if isinstance(found, datetime | date | time):
        return found.isoformat()
    if isinstance(found, Mapping):
        return f"{{ {', '.join(f'{key(name)} = {value(inner)}' for name, inner in found.items())} }}" if found else "{}"
    if isinstance(found, Sequence):
        return f"[{', '.join(map(value, found))}]"
    assert isinstance(found, int | float | Decimal), found
    return str(found)


def tables(document: Mapping[str, Any], path: str = "") -> Iterator[str]:
    """The lines of a document: its plain keys, then a `[table]` for each of its tables, at most two deep."""
    for name, found in document.items():
        if not isinstance(found, Mapping):
            yield f"{key(name)} = {value(found)}"
    for name, found in document.items():
        if not isinstance(found, Mapping):
            continue
        full = f"{path}{key(name)}"
        if not path and found and all(isinstance(inner, Mapping) for inner in found.values()):
            for inner, deep in found.items():
                yield from ("", f"[{full}.{key(inner)}]", *_pairs(deep))
        else:
            yield from ("", f"[{full}]", *_pairs(found))


def _pairs(table: Mapping[str, Any]) -> Iterator[str]:
    return (f"{key(name)} = {value(found)}" for name, found in table.items())

"""Untrusted text made safe: for a terminal, for JSON, for a spreadsheet."""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Any

MAX_TEXT = 64 * 1024
"""What the store keeps of one text, in characters."""
MAX_LINE = 1_000
"""What a one-line field shows at the most, in characters, before it is cut to its column."""

_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_INVISIBLE = re.compile(f"[{_BIDI}\u2028\u2029\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]")
_JSON_UNSAFE = re.compile(f"[\x7f-\x9f{_BIDI}\u2028\u2029\ufeff\ufff9-\ufffb\ud800-\udfff]")
_SPACE = re.compile(r"[\t\n\r\x0b\x0c\x85\u2028\u2029]+")
_PLAIN = re.compile(r"[ -~]*\Z")


def clean(text: str, *, limit: int = MAX_LINE) -> str:
    """One line of `text` that is harmless on a terminal and shows what was hidden in it.

    White space becomes a space, C0, DEL and C1 controls become U+FFFD, bidi marks and other invisible controls go,
    lone surrogates become U+FFFD, and the whole is NFC and at most `limit` characters long.
    """
    text = text[:limit]
    if _PLAIN.match(text):
        return text
    text = _SPACE.sub(" ", text)
    text = _CONTROLS.sub("\ufffd", text)
    text = _INVISIBLE.sub("", text)
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return unicodedata.normalize("NFC", text)


def clean_lines(text: str, *, limit: int = MAX_TEXT) -> list[str]:
    """The lines of `text`, each clean: for notes and messages that may have several."""
    return [clean(line, limit=limit) for line in text[:limit].splitlines()] or [""]


def cap(text: str) -> str:
    """`text` as the store keeps it: as it came, up to `MAX_TEXT` characters."""
    return text if len(text) <= MAX_TEXT else text[:MAX_TEXT]


def json_line(value: Any, *, indent: int | None = None) -> str:
    """`value` as JSON in which every control, C1 and bidi character is escaped as `\\uXXXX`."""
    text = json.dumps(value, ensure_ascii=False, indent=indent, separators=None if indent else (",", ":"))
    return _JSON_UNSAFE.sub(lambda match: f"\\u{ord(match.group()):04x}", text)


def csv_cell(value: object) -> str:
    """`value` for a CSV cell that no spreadsheet reads as a formula (OWASP: CSV injection).

    A text that opens with `= + - @`, a tab or a carriage return gets a leading apostrophe; numbers stay numbers.
    """
    if value is None:
        return ""
    if isinstance(value, int | float):
        return str(value)
    text = clean(str(value), limit=MAX_TEXT)
    return (
        f"'{text}"
        if text[:1] in ("=", "+", "-", "@", "'", "\u00a0", "|", "%")
        or text.lstrip()[:1]
        in (
            "=",
            "+",
            "-",
            "@",
        )
        else text
    )


def shorten(text: str, width: int) -> str:
    """`text` in at most `width` characters, its loss shown by an ellipsis."""
    return text if len(text) <= width else text[: max(0, width - 1)] + "…"

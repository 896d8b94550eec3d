"""Untrusted text made safe: for a terminal, for JSON, for a spreadsheet."""

from __future__ import annotations

import re
import unicodedata

MAX_TEXT = 64 * 1024
"""What the store keeps of one text, in characters."""
MAX_LINE = 1_000
"""What a one-line field shows at the most, in characters, before it is cut to its column."""

# Compiled when first used: a status line of plain text never waits for them.
_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_CONTROLS = r"[\x00-\x1f\x7f-\x9f]"
_HIDDEN = (
    f"{_BIDI}\u00ad\u070f\u180e\u200b\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""What is not seen and may stand in no name: all format characters but the joiners of emoji and of Indic scripts."""
_INVISIBLE = f"[{_HIDDEN}\u2028\u2029]"
_JSON_UNSAFE = f"[\x7f-\x9f{_HIDDEN}\u2028\u2029\ud800-\udfff]"
_SPACE = r"[\t\n\r\x0b\x0c\x85\u2028\u2029]+"


def clean(text: str, *, limit: int = MAX_LINE) -> str:
    """One line of `text` that is harmless on a terminal and shows what was hidden in it.

    White space becomes a space, C0, DEL and C1 controls become U+FFFD, bidi marks and other invisible controls go,
    lone surrogates become U+FFFD, and the whole is NFC and at most `limit` characters long.
    """
    text = text[:limit]
    if text.isascii() and text.isprintable():
        return text
    text = re.sub(_SPACE, " ", text)
    text = re.sub(_CONTROLS, "\ufffd", text)
    text = re.sub(_INVISIBLE, "", text)
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return unicodedata.normalize("NFC", text)[:limit]


def clean_lines(text: str, *, limit: int = MAX_TEXT) -> list[str]:
    """The lines of `text`, each clean: for notes and messages that may have several."""
    return [clean(line, limit=limit) for line in text[:limit].splitlines()] or [""]


def cap(text: str) -> str:
    """`text` as the store keeps it: as it came, up to `MAX_TEXT` characters.

    Only what SQLite cannot keep becomes U+FFFD: lone surrogates are no UTF-8, and behind a NUL it would not search.
    """
    text = text[:MAX_TEXT]
    if not text.isascii():
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text.replace("\0", "\ufffd") if "\0" in text else text


def json_line(value: object, *, indent: int | None = None) -> str:
    """`value` as JSON in which every control, C1 and bidi character is escaped as `\\uXXXX`."""
    import json  # 3 ms that a status line need not wait for

    text = json.dumps(value, ensure_ascii=False, indent=indent, separators=None if indent else (",", ":"))
    return re.sub(_JSON_UNSAFE, lambda match: _escaped(match[0]), text)


def _escaped(char: str) -> str:
    """A character as JSON escapes it: beyond 16 bits as two surrogates."""
    units = char.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[i : i + 4]}" for i in range(0, len(units), 4))


def csv_cell(value: object) -> str:
    """`value` for a CSV cell that no spreadsheet reads as a formula (OWASP: CSV injection).

    A text that opens with `= + - @`, whatever is hidden before it and however wide it is written, gets a leading
    apostrophe. So does one behind a semicolon, which parts cells where the comma is a decimal point. Numbers stay
    numbers.
    """
    if value is None:
        return ""
    if isinstance(value, int | float):
        return str(value)
    first, *rest = clean(str(value), limit=MAX_TEXT).split(";")
    cell = f"'{first}" if first[:1] in ("'", "|", "%") or _opens_formula(first) else first
    return ";".join((cell, *(f"'{part}" if _opens_formula(part) else part for part in rest)))


def _opens_formula(text: str) -> bool:
    """True when the first character that a spreadsheet heeds begins a formula; full-width ones do, in Japan."""
    for char in text:
        if char not in "\"'" and unicodedata.category(char)[0] not in "ZCM":
            return unicodedata.normalize("NFKC", char)[0] in "=+-@\u2212"
    return False


def shorten(text: str, width: int) -> str:
    """`text` in at most `width` characters, its loss shown by an ellipsis."""
    return text if len(text) <= width else text[: max(0, width - 1)] + "…"

"""A person's own text file, read whole: bounded, whatever it is, and a sentence where it cannot be read."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

from slaboard.errors import UsageError
from slaboard.text import clean
from slaboard.toml import MAX_BYTES


class Unreadable(UsageError):
    """The file cannot be read as text."""

    def __init__(self, what: str, path: Path, why: str) -> None:
        super().__init__(f"{what} {clean(str(path))} cannot be read: {clean(why)}.".lstrip())


class Missing(Unreadable):
    """There is no such file."""


def read(path: Path, what: str = "", *, named: bool = True) -> str:
    """The text of `path`, its line ends as `\\n`. Raises Unreadable, in whose sentence `what` stands before the path.

    One that a person has `named` may be a pipe, or `-` for standard input, and is waited for; one that we only look for
    must be a plain file, for a pipe where the config should be would hold every command up.
    """
    try:
        if not named and not stat.S_ISREG(path.stat().st_mode):
            raise Unreadable(what, path, "it is a folder, a pipe or a device, not a file")
        if named and str(path) == "-":
            data = sys.stdin.buffer.read(MAX_BYTES + 1)
        else:
            with path.open("rb") as file:
                data = file.read(MAX_BYTES + 1)
    except FileNotFoundError as error:
        raise Missing(what, path, error.strerror or "there is no such file") from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        raise Unreadable(what, path, getattr(error, "strerror", None) or str(error)) from error
    return _text(what, path, data)


def _text(what: str, path: Path, data: bytes) -> str:
    if len(data) > MAX_BYTES:
        raise Unreadable(what, path, f"it has more than {MAX_BYTES:,} bytes, and such a file has at most that")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in data:
        raise Unreadable(what, path, "it is binary or UTF-16; save it as UTF-8 text")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Unreadable(what, path, f"line {line} is not UTF-8; save it as UTF-8 text") from None
    return text.replace("\r\n", "\n").replace("\r", "\n")

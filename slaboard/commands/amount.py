"""So many of something, as people say it: `1 ticket`, `14,955 tickets`."""

from __future__ import annotations


def many(number: int, noun: str) -> str:
    """The number with its noun, which takes an s behind anything but 1."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"

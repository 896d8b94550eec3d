"""Lines for people: on a terminal broken at words and never within one, what goes on further in."""

from __future__ import annotations

import shutil
import sys
import textwrap

NARROW = 60
"""With fewer columns what goes on begins near the edge, whatever column it belongs to."""


def columns() -> int | None:
    """How wide the terminal is that shows standard output; None where none does."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def folded(text: str, below: int = 0) -> str:
    """`text` as it is for programs; on a terminal in lines of its width, all but the first `below` cells further in."""
    wide = columns()
    if wide is None or len(text) <= wide:
        return text
    indent = " " * (below if wide >= NARROW else min(below, 4))
    return textwrap.fill(text, wide, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)

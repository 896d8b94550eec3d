"""The consent of whoever sits at the terminal, to what cannot be taken back with a key."""

from __future__ import annotations

import sys

import click

from slaboard.errors import UsageError


def agreed(question: str, done: str, doing: str) -> bool:
    """True for a yes to `question`. UsageError where nobody can be asked, and who presses ctrl+c hears what was not.

    `agreed("Take it back?", "taken back", "take it back")`.
    """
    if not sys.stdin.isatty():
        raise UsageError(f"Nobody can be asked here, so nothing was {done}. Say --yes to {doing}.")
    try:
        return click.confirm(question)
    except click.Abort:
        raise KeyboardInterrupt(f"Nothing was {done}.") from None

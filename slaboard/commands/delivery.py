"""How a report gets to whoever asked: in which form, how wide, in which time zone, printed or into a file."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from datetime import tzinfo
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click
from msgspec import Struct

from slaboard.commands import choice
from slaboard.commands.options import Common, force_option
from slaboard.errors import UsageError
from slaboard.host import place
from slaboard.host.machine import timezone
from slaboard.reports.formats import SUFFIXES
from slaboard.store.disk.apart import refuse_store
from slaboard.text import clean

F = TypeVar("F", bound=Callable[..., Any])
SUCH = "report.html"
"""A name for a report."""


def form_of(out: str | None) -> str:
    """The format that the name of a file asks for, a table where it asks for none. UsageError for one unknown."""
    if not out or not Path(out.strip()).suffix:
        return "table"
    found = SUFFIXES.get(Path(out).suffix.lower())
    if found is None:
        raise UsageError(
            f"{clean(out)} does not say how the report is to be written. Let it end in {', '.join(SUFFIXES)}, or say "
            f"--format."
        )
    return found


def zone_of(common: Common) -> tuple[str, tzinfo]:
    """The display's time zone, UTC where its name is none."""
    name = common.config.get("timezone") or timezone()
    try:
        return name, ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return "UTC", ZoneInfo("UTC")


def out_options(command: F) -> F:
    """`--out FILE` and `--force`."""
    summary = "Into a file, put in place whole."
    out = click.option("--out", type=click.Path(), metavar="FILE", shell_complete=choice.files, help=summary)
    return out(force_option(command))


class Goal(Struct, frozen=True):
    """Where a report goes: a file, as somebody has said it, or standard output."""

    said: str | None
    path: Path | None
    force: bool

    @property
    def width(self) -> int | None:
        """How wide the terminal is; None where the report goes elsewhere."""
        return shutil.get_terminal_size().columns if self.path is None and sys.stdout.isatty() else None


def goal_of(out: str | None, store: Path, *, force: bool) -> Goal:
    """The goal that is meant; refused before anything is counted where no file can be put there."""
    if out is None:
        return Goal(None, None, force)
    path = place.path_of(out)
    refuse_store(path, store)
    place.refuse(path, force=force, such=SUCH)
    return Goal(out, path, force)


def deliver(text: str, goal: Goal, what: str) -> None:
    """`text` on standard output, or in the file and a line that says so."""
    if goal.path is None:
        click.echo(text)
        return
    place.write(goal.path, [text], force=goal.force)
    click.echo(f"OK {clean(goal.said or '')} holds the report: {what}.")

"""How a report gets to whoever asked: in which form, how wide, in which time zone, printed or into a file."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import tempfile
from datetime import tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from slaboard.commands.options import Common
from slaboard.errors import UsageError
from slaboard.host.machine import timezone
from slaboard.reports.formats import SUFFIXES
from slaboard.text import clean


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


def width_for(out: str | None) -> int | None:
    """How wide the terminal is; None where the report goes elsewhere."""
    return shutil.get_terminal_size().columns if out is None and sys.stdout.isatty() else None


def zone_of(common: Common) -> tuple[str, tzinfo]:
    """The display's time zone, UTC where its name is none."""
    name = common.config.get("timezone") or timezone()
    try:
        return name, ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return "UTC", ZoneInfo("UTC")


def deliver(text: str, out: str | None, what: str) -> None:
    """`text` on standard output, or in the file `out` and a line that says so."""
    if out is None:
        click.echo(text)
        return
    if not out.strip():
        raise UsageError("--out is empty: name the file that the report is to be in.")
    _write(Path(out), f"{text}\n")
    click.echo(f"OK {clean(out)} holds the report: {what}.")


def _write(path: Path, text: str) -> None:
    """`text` into `path`, whole or not at all."""
    made = None
    try:
        handle, made = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".new", dir=path.parent)
        with os.fdopen(handle, "w", encoding="utf-8", errors="replace") as file:
            file.write(text)
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(made, 0o666 & ~mask)
        os.replace(made, path)
    except (OSError, ValueError) as error:
        if made is not None:
            with contextlib.suppress(OSError):
                os.unlink(made)
        why = getattr(error, "strerror", None) or str(error)
        raise UsageError(
            f"The report cannot be written to {clean(str(path))}: {why}. Name another with --out."
        ) from error

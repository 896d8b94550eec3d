"""What this machine says of itself and of whoever sits at it."""

from __future__ import annotations

import getpass
import os
import platform
from contextlib import suppress


def via(mode: str) -> str:
    """Who is at the keyboard, for the audit: `user@host tty mode`."""
    try:
        tty = os.ttyname(0)
    except OSError:
        tty = "-"
    try:
        user = getpass.getuser()
    except (KeyError, OSError):
        user = "?"
    return f"{user}@{platform.node()} {tty} {mode}"


def timezone() -> str:
    """This machine's time zone by its IANA name, UTC when it does not say."""
    named = os.environ.get("TZ", "").removeprefix(":")
    target = named if named.startswith("/") else "/etc/localtime"
    if named and target != named:
        return named
    with suppress(OSError):
        _, found, name = os.path.realpath(target).partition("/zoneinfo/")
        if found:
            return name.removeprefix("posix/").removeprefix("right/")
    return "UTC"

"""What the settings of alerts may say: zones, ways, a command, an address, and where a secret is."""

from __future__ import annotations

import re

MOST_ARGUMENTS = 100
_SECRET = re.compile(r"env:[A-Za-z_][A-Za-z0-9_]*|keyring:[^/\s]+/\S+", re.ASCII)
_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}", re.ASCII)
"""A token: https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2"""


def zones(value: object) -> str | None:
    """Names of zones, or none of them."""
    from slaboard.alerts.alert import zones_of  # the words of tickets are 20 ms that --version need not wait for

    is_right = isinstance(value, str) and zones_of(value) is not None
    return None if is_right else 'write zones such as "orange red", or "" for none'


def way(value: object) -> str | None:
    """Yes, no, or the zones that it is for."""
    is_right = isinstance(value, bool) or zones(value) is None
    return None if is_right else 'write true, false, or zones such as "red"'


def command(value: object) -> str | None:
    """A program and its arguments, one by one: no shell ever reads them."""
    is_list = isinstance(value, list) and len(value) <= MOST_ARGUMENTS
    is_right = is_list and all(isinstance(part, str) and "\0" not in part for part in value)  # type: ignore[attr-defined]
    if is_right and (not value or value[0]):  # type: ignore[index]
        return None
    return 'write the program and each argument as a text of its own, as ["/usr/local/bin/page", "--team"]'


def address(value: object) -> str | None:
    """Where a webhook is, or nowhere."""
    is_right = isinstance(value, str) and (not value or host(value) is not None)
    return None if is_right else 'write an address such as "https://hooks.example.com/sla", or "" for none'


def host(address: str) -> str | None:
    """The host of an address of http or https; None where it is no such address."""
    from urllib.parse import urlsplit

    if not address.isascii() or not address.isprintable() or " " in address:
        return None
    try:
        parts = urlsplit(address)
        is_right = parts.scheme in ("http", "https") and parts.port != 0
        return parts.hostname if is_right and "@" not in parts.netloc else None
    except ValueError:
        return None


def secret(value: object) -> str | None:
    """Where the webhook's secret is, never the secret itself."""
    is_right = isinstance(value, str) and (not value or _SECRET.fullmatch(value) is not None)
    return None if is_right else 'say where it is, not what it is: "env:NAME", "keyring:SERVICE/NAME", or "" for none'


def header(value: object) -> str | None:
    """The name of a header."""
    is_right = isinstance(value, str) and _HEADER.fullmatch(value) is not None
    return None if is_right else 'write the name of a header, such as "Authorization"'


def patience(value: object) -> str | None:
    """Seconds that somebody may wait for a hook."""
    is_right = isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 300
    return None if is_right else "write a number of seconds from 1 to 300, without quotes"

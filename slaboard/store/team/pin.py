"""PINs: four to twelve digits that prove to a shared screen who somebody is; kept as a salted scrypt hash."""

from __future__ import annotations

import os
from base64 import b64decode, b64encode

from msgspec import Struct

from slaboard.errors import UsageError

LEAST, MOST = 4, 12
"""How many digits a PIN has."""
FREE = 3
"""So many wrong ones in a row cost nothing."""
FIRST_S, LONGEST_S = 10, 900
"""The pause after the last free one, doubled with each further one, and the longest."""
_LOG_N, _R, _P = 14, 8, 1
"""RFC 7914's parameters: 16 MiB and 30 to 60 ms a try."""
_MAX_BYTES = 64 << 20
_KIND = "scrypt"


class PinCheck(Struct, frozen=True):
    """What became of a PIN that somebody typed."""

    ok: bool
    sentence: str = ""
    """What to tell when it is not ok."""
    wait_s: int = 0
    """For so many seconds no further one is looked at."""


def checked(pin: str) -> str:
    """`pin`; UsageError when it is none."""
    if not (pin.isascii() and pin.isdigit() and LEAST <= len(pin) <= MOST):
        raise UsageError(f"A PIN has {LEAST} to {MOST} digits and nothing else.")
    return pin


def hashed(pin: str) -> str:
    """What the store keeps of `pin`: the way it was hashed, a fresh salt, the hash."""
    salt = os.urandom(16)
    return "$".join((_KIND, str(_LOG_N), str(_R), str(_P), _text(salt), _text(_hash(pin, salt, _LOG_N, _R, _P))))


def matches(pin: str, kept: str) -> bool:
    """True when `kept` was made of `pin`; never for what another program wrote there."""
    from hmac import compare_digest

    try:
        kind, log_n, r, p, salt, digest = kept.split("$")
        found = _hash(pin, b64decode(salt, validate=True), int(log_n), int(r), int(p))
        return kind == _KIND and compare_digest(found, b64decode(digest, validate=True))
    except (ValueError, MemoryError):
        return False


def pause_s(wrong: int) -> int:
    """How long nobody may try again after `wrong` wrong ones in a row."""
    return 0 if wrong < FREE else min(LONGEST_S, FIRST_S << min(wrong - FREE, 20))


def _hash(pin: str, salt: bytes, log_n: int, r: int, p: int) -> bytes:
    import hashlib  # OpenSSL: 3 ms, for those teams only that have PINs

    if not (1 <= log_n <= 16 and 1 <= r <= 16 and 1 <= p <= 4):  # else a strange row could hold everybody up
        raise ValueError("no parameters of ours")
    return hashlib.scrypt(pin.encode(), salt=salt, n=1 << log_n, r=r, p=p, maxmem=_MAX_BYTES, dklen=32)


def _text(data: bytes) -> str:
    return b64encode(data).decode("ascii")

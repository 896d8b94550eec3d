"""How a customer or an engineer is called in a report: cleaned, or by a pseudonym that stays the same."""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache

from msgspec import Struct

from slaboard.reports.question import Key
from slaboard.text import clean

NAME = 80
"""Characters of a name that a report shows."""
_PERSONAL = {"engineer": "Engineer", "customer": "Customer"}


class Names(Struct, frozen=True):
    """Names as they are; with a `key`, people and customers by pseudonyms that are the same under the same key."""

    key: bytes | None = None

    def shown(self, fact: str, value: object) -> Key:
        """The value of `fact` (a word of FACTS) for a report; None for nothing."""
        return None if value is None else _shown(self.key, fact, str(value))


@lru_cache(maxsize=65_536)
def _shown(key: bytes | None, fact: str, value: str) -> Key:
    name = clean(value, limit=NAME).strip()
    if not name or key is None or fact not in _PERSONAL:
        return name or None
    digest = hashlib.blake2b(f"{fact}\0{name}".encode("utf-8", "replace"), key=key, digest_size=5).digest()
    return f"{_PERSONAL[fact]} {base64.b32encode(digest).decode()}"

"""What somebody has found out about a machine, a store or a terminal: fine or not, and what to do."""

from __future__ import annotations

from msgspec import Struct


class Finding(Struct, frozen=True):
    """One line of `slaboard doctor`."""

    mark: str
    """`ok`; `warn` for what works less well than it could; `fail` for what keeps the board from running."""
    about: str
    """Program, config, keys, theme, store, terminal, tmux or browser."""
    text: str
    do: str = ""
    """What to do about it; empty where nothing has to be done."""

    def __str__(self) -> str:
        return f"{self.text}. {self.do}" if self.do else self.text

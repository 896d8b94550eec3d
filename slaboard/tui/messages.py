"""What reaches the app from outside its own thread."""

from __future__ import annotations

from textual.message import Message

from slaboard.board.theme import Parsed
from slaboard.feed import Report


class Resized(Message, namespace="board"):
    """The sheet has another size now."""


class Heard(Message, namespace="board"):
    """The feed says something."""

    def __init__(self, report: Report) -> None:
        super().__init__()
        self.report = report


class Redressed(Message, namespace="board"):
    """The theme's file has changed."""

    def __init__(self, found: Parsed) -> None:
        super().__init__()
        self.found = found

"""What reaches the app from outside its own thread."""

from __future__ import annotations

from textual.message import Message

from slaboard.board.theme import Parsed
from slaboard.follow.feed import Report
from slaboard.tui.courier import Delivery


class Resized(Message, namespace="board"):
    """The sheet has another size now."""


class Heard(Message, namespace="board"):
    """The feed says something."""

    def __init__(self, report: Report) -> None:
        super().__init__()
        self.report = report


class Delivered(Message, namespace="board"):
    """What came of a text for the clipboard or a link for the browser."""

    def __init__(self, delivery: Delivery) -> None:
        super().__init__()
        self.delivery = delivery


class Redressed(Message, namespace="board"):
    """The theme's file has changed."""

    def __init__(self, found: Parsed) -> None:
        super().__init__()
        self.found = found

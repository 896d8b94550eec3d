"""Consent is asked for where somebody can say no."""

from __future__ import annotations

import click
import pytest

from slaboard.commands.consent import agreed
from slaboard.errors import UsageError


def test_who_presses_ctrl_c_hears_that_nothing_was_done(monkeypatch: pytest.MonkeyPatch) -> None:
    """As who says no; a bare `stopped` leaves people wondering."""

    def abort(_: str) -> bool:
        raise click.Abort

    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr(click, "confirm", abort)
    with pytest.raises(KeyboardInterrupt, match=r"^Nothing was taken back\.$"):
        agreed("Take it back?", "taken back", "take it back")


def test_where_nobody_can_be_asked_the_way_without_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: False)
    with pytest.raises(UsageError, match=r"so nothing was restored\. Say --yes to restore it\.$"):
        agreed("Restore?", "restored", "restore it")

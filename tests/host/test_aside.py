"""What is set aside comes back whole, in order or by name, and most of it is not in memory meanwhile."""

from __future__ import annotations

import random
import resource
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slaboard.errors import StoreError
from slaboard.host import aside
from slaboard.host.aside import ByName, InOrder
from slaboard.ticket import Stage, Ticket

KEYS = st.tuples(
    st.integers(-(1 << 62), 1 << 62), st.integers(-9, 9), st.text(st.characters(exclude_categories=["Cs"]))
)


@given(st.lists(st.tuples(KEYS, st.integers(0, 5))))
def test_they_come_in_the_order_that_python_sorts_them_into(rows: list[tuple[tuple[int, int, str], int]]) -> None:
    """By code point, and those of one key as they came; a second time as well."""
    found: InOrder[int] = InOrder(int)
    for key, value in rows:
        found.add(key, value)
    wanted = [value for _, value in sorted(rows, key=lambda row: row[0])]
    assert [list(found), list(found)] == [wanted, wanted]


def test_a_ticket_comes_back_as_it_was(tmp_path: Path) -> None:
    ticket = Ticket(
        id="T-1", title="Über\x1b[2J", customer="", priority="P1", status="", stage=Stage.PLAN, owner=None, policy=None,
        opened_at=1, bucket=None, no_sla="no target", url="", board="", type="",
    )  # fmt: skip
    found: InOrder[Ticket] = InOrder(Ticket)
    found.add((1, 1, ""), ticket)
    assert list(found) == [ticket]


def test_by_name_the_last_value_counts_wherever_it_is() -> None:
    """More names than are kept at hand, read and written in any order."""
    dice, found, wanted = (
        random.Random(7),
        ByName[tuple[int, str]](tuple[int, str], most=10),
        dict[str, tuple[int, str]](),
    )
    for turn in range(3_000):
        name = f"N-{dice.randrange(60)}"
        assert found.get(name) == wanted.get(name)
        if dice.random() < 0.6:
            wanted[name] = (turn, name)
            found.put(name, wanted[name])
    assert len(found._at_hand) <= 10


def test_a_folder_without_room_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """No file of ours may grow beyond a few KiB, which to SQLite is a full disk."""
    monkeypatch.setattr(aside, "CACHE_KIB", 16)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    found: InOrder[str] = InOrder(str)
    resource.setrlimit(resource.RLIMIT_FSIZE, (65_536, hard))
    try:
        with pytest.raises(StoreError, match="TMPDIR"):
            fill(found)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def fill(found: InOrder[str]) -> None:
    """Two megabytes."""
    for number in range(2_000):
        found.add((number, 0, ""), "x" * 1_000)

"""What the store holds, explained and taken apart: each history is gone through once, however many clocks it has."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from slaboard.store.read import reasons
from slaboard.store.read.past import Past
from tests.sla.story import at
from tests.store.desk import POLICY, desk

UPDATES = 'update_mode = "keep_informed"\n' + POLICY.replace('resolution = "16h"', 'resolution = "16h", update = "1m"')


def test_a_history_is_gone_through_once_for_all_its_clocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """1,500 late cycles of Update took 45 s of a board that had folded the ticket for each."""
    folds: list[object] = []

    def counted(real: Callable[..., object]) -> Callable[..., object]:
        def fold(*given: object) -> object:
            folds.append(real)
            return real(*given)

        return fold

    for name in ("story", "course"):
        monkeypatch.setattr(reasons, name, counted(getattr(reasons, name)))
    answers = [f"{10 + hour}:{minute:02} ana respond" for hour in range(2) for minute in range(0, 60, 10)]
    with desk(tmp_path / "s.db", *answers, policy=UPDATES) as store:
        detail = store.detail("A-1", at("12:00"))
        assert len(reasons.late(store, detail, at("12:00"))) == 12, "a cycle of Update after each answer"
        assert len(folds) == 1
        assert len(list(reasons.explanations(store, "A-1", at("12:00")))) == 15
        assert len(folds) == 2


def test_a_ticket_that_nothing_is_promised_for_is_told_with_the_reason(tmp_path: Path) -> None:
    with desk(tmp_path / "s.db", "09:50 mail add B-2 title=Fan") as store:
        for source in (store, Past(store, at("10:00"))):
            found = reasons.nothing(source.detail("B-2", at("10:00")).ticket)
            assert found == "B-2 has no clock: no priority, so nothing is promised for it."

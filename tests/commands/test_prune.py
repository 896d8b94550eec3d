"""`slaboard prune`: said before it is done, done only when somebody agrees, told afterwards."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.shell import Run, at_noon
from tests.sla.story import at
from tests.store.desk import dump


@pytest.fixture(autouse=True)
def _later(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """500 days after C-3 was resolved."""
    at_noon(monkeypatch, at("09:50") + 500 * 86_400)


def test_a_rehearsal_changes_nothing(path: Path, run: Run) -> None:
    before = dump(path, without=())
    assert run("prune", "--older-than", "400d", "--dry-run").out.splitlines() == [
        "Ended before 2026-04-15 09:50 UTC, with texts that go for good: 1 ticket (1 event).",
        "Results, times and kinds of events stay. Backups keep the texts; a restore brings them back.",
        "Nothing was removed: --dry-run.",
    ]
    assert dump(path, without=()) == before


def test_it_is_done_when_one_agrees_and_reports_say_the_same(path: Path, run: Run) -> None:
    """Figures before and after; a second time there is nothing."""
    asked = (
        ("report", "--format", "json", "--by", "customer"),
        ("policy", "suggest", "--since", "2026-01-01", "--until", "2026-02-01"),
        ("autopsy", "C-3", "--json"),
        ("check",),
    )
    before = [run(*words).out for words in asked]
    assert "Say --yes" in run("prune", "--older-than", "400d", code=2).err
    said = run("prune", "--older-than", "57w", "--yes", "--as", "Hana").out
    assert said.endswith("OK the texts of 1 ticket (1 event) are gone.\n")
    assert [run(*words).out for words in asked] == before
    assert "nothing was removed" in run("prune", "--older-than", "57w", "--yes").out
    assert '"title":null' in run("tickets", "--all", "--json").out


@pytest.mark.parametrize("age", ["400", "0d", "1y", "-3d", "d", "999999d"])
def test_an_age_that_is_none_is_refused(path: Path, run: Run, age: str) -> None:
    assert "write 400d" in run("prune", "--older-than", age, code=2).err

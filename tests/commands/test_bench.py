"""`slaboard bench` in a shell: a table for people, an object for programs, an exit code for scripts."""

from __future__ import annotations

from pathlib import Path

import pytest

from slaboard import gauge
from slaboard.commands import bench
from tests.commands.shell import Run

FIGURES = ["disk.fsync", "commit", "claim.p50", "claim.p99", "grid", "tick", "page", "filter"]


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Enough to see that it works."""
    monkeypatch.setattr(gauge, "CLAIMS", 3)
    monkeypatch.setattr(gauge, "FSYNCS", 3)


def test_a_table_and_what_it_comes_to(path: Path, run: Run) -> None:
    said = run("bench", code=None)
    table, _, sentences = said.out.partition("\n\n")
    assert len(table.splitlines()) == len(FIGURES)
    assert sentences.strip().endswith(f"Measured on the disk of {path.parent}.")
    assert said.code == int("SLOW" in table)


def test_an_object_of_ratios(path: Path, run: Run) -> None:
    said = run("bench", "--json", "--tickets", "50", code=None)
    assert [figure["id"] for figure in said.json["figures"]] == FIGURES
    assert {"id", "what", "ratio", "goal", "ok", "ms", "against_ms"} == set(said.json["figures"][0])
    assert said.json["measured"] == "a made store of 50 tickets"
    assert said.code == int(not all(figure["ok"] for figure in said.json["figures"]))
    assert said.err == ""


def test_without_a_store_one_is_made(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """But a store that was named and is not there is an error."""
    monkeypatch.setattr(bench, "FEW", 20)
    assert run("bench", "--json", code=None).json["measured"] == "a made store of 20 tickets"
    said = run("bench", "--store", str(tmp_path / "no.db"), code=3)
    assert "There is no store at" in said.err

"""`policy try` and `policy suggest`: the past under another policy, for people and programs, the store untouched."""

from __future__ import annotations

from pathlib import Path

import pytest

from slaboard.store.sqlite import SqliteStore
from tests.commands.shell import Run, sql
from tests.sla.story import at
from tests.store.desk import POLICY, do, dump


@pytest.fixture
def tight(tmp_path: Path) -> str:
    """The policy in force, with ten minutes for the response of an ordinary ticket."""
    file = tmp_path / "tight.toml"
    file.write_text(POLICY.replace('"1h", resplan = "4h"', '"10m", resplan = "4h"'))
    return str(file)


def test_the_same_policy_flips_nothing(path: Path, run: Run, tmp_path: Path) -> None:
    (tmp_path / "same.toml").write_text(POLICY)
    before = dump(path, without=())
    said = run("policy", "try", str(tmp_path / "same.toml"), "--since", "2026-01-01").out
    assert "No result flips." in said
    assert "3 tickets from 2026-01-01 00:00 UTC to now, under version 1 and under the file." in said
    assert "As judged then" not in said
    assert dump(path, without=()) == before


def test_a_tighter_target_and_who_would_have_missed_it(path: Path, run: Run, tight: str) -> None:
    """A-1 was answered after 20 minutes; C-3 was resolved after 10."""
    said = run("policy", "try", tight, "--since", "2026-01-01").out.splitlines()
    assert "Response                 2     2 of 2     1 of 2                  0         1" in said
    assert "Contoso                  1     1 of 1     0 of 1                  0         1" in said
    assert "1 result flips: 0 to kept, 1 to missed." in said
    assert "  A-1          Response     0:20:00: kept of 1:00:00, would be missed of 0:10:00" in said
    assert all(len(line) <= 80 for line in said)
    found = run("policy", "try", tight, "--since", "2026-01-01", "--json").json
    (flip,) = found["flips"]
    assert (flip["ticket"], flip["bucket"], flip["before"]["met"], flip["after"]["met"]) == (
        "A-1", "response", True, False
    )  # fmt: skip
    row = next(row for row in found["rows"] if (row["bucket"], row["customer"]) == ("response", "Contoso"))
    assert (row["n"], row["share"], row["tried_share"], row["to_missed"]) == (1, 1.0, 0.0, 1)
    assert found["judged"]["response"] == {"n": 2, "met": 2}


def test_only_what_stopped_in_the_period_counts(path: Path, run: Run, tight: str) -> None:
    """A period without results, one that ends before it begins, and the default of a quarter."""
    assert "nothing to compare" in run("policy", "try", tight, "--until", "2026-01-04").out
    assert "earlier --since" in run("policy", "try", tight, "--since", "2027-01-01", code=2).err
    assert run("policy", "try", tight, "--until", "2026-01-05T09:15:00Z", "--json").json["flips"] == []
    assert run("policy", "try", tight, "--json").json["since"] == "2025-10-07T09:50:00Z"


def test_results_that_were_judged_under_another_policy_are_told(path: Path, run: Run, tight: str) -> None:
    """The policy in force is what is compared with, so that the file alone makes the difference."""
    with SqliteStore(path) as store:
        store.apply_policy(Path(tight).read_text(), "test", at("09:45"))
    said = run("policy", "try", tight, "--since", "2026-01-01").out
    assert "No result flips." in said
    assert "reports count: resolution 1 of 1, resplan 1 of 1, response 2 of 2." in said


def test_what_is_suggested_can_be_checked_and_tried(path: Path, run: Run, tmp_path: Path) -> None:
    """Of five answers within twenty minutes; and nothing of too few."""
    with SqliteStore(path) as store:
        for number in range(6):
            do(store, f"09:00 mail add D-{number} priority=P2", f"09:{12 + number} ana respond D-{number}")
    file = tmp_path / "suggested.toml"
    file.write_text(run("policy", "suggest", "--since", "2026-01-01", "--share", "0.8").out)
    assert "OK" in run("policy", "check", str(file)).out
    assert 'name = "P2, suggested"' in file.read_text()
    assert 'targets = { response = "20m", resplan = "4h", resolution = "16h" }' in file.read_text()
    assert "to missed" in run("policy", "try", str(file), "--since", "2026-01-01").out
    assert 'match = { customer = ["Contoso"] }' not in run("policy", "suggest", "--by", "customer").out


def test_what_cannot_be_suggested_is_a_sentence(path: Path, run: Run) -> None:
    assert "No result stopped" in run("policy", "suggest", "--until", "2026-01-01", code=2).err
    assert "write a share" in run("policy", "suggest", "--share", "1", code=2).err
    sql(path, "UPDATE state SET policy_version = 0")
    assert "No policy is in force yet" in run("policy", "suggest", code=2).err

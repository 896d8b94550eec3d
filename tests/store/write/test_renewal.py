"""Clocks renewed from their own rows are those that a replay of all events would give."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slaboard.store.care.check import differences
from slaboard.store.write.renewal import Renewal
from tests.examples import examples
from tests.sla.story import at
from tests.store.desk import OPENED, POLICY, STEPS, desk, do, dump, worked

OFFICE = """
[calendar.office]
timezone = "Europe/Berlin"
[calendar.office.hours]
mon = ["09:00-10:30", "11:00-17:00"]
tue = ["09:00-17:00"]
[policy.zones]
yellow = 0.2
orange_floor = "50m"
"""
POLICIES = {
    "shorter": POLICY.replace('"1h", resplan = "4h"', '"10m", resplan = "20m"').replace('"16h"', '"1h"'),
    "other hours": POLICY.replace("[[policy]]", OFFICE.split("[policy")[0] + "[[policy]]", 1)
    .replace('calendar = "24x7"', 'calendar = "office"')
    + "[policy.zones]" + OFFICE.split("[policy.zones]")[1],
    "response waits": POLICY.replace("targets = {", "response_pauses = true\ntargets = {"),
    "no resplan": POLICY.replace('resplan = "4h", ', ""),
    "another name": POLICY.replace("Everyone", "Anybody").replace('"P3"', '"P4"'),
}  # fmt: skip


@examples(20)
@given(STEPS, st.sampled_from(sorted(POLICIES)), st.sampled_from(sorted(POLICIES)), st.integers(0, 300))
def test_a_renewed_store_is_the_replayed_one(steps: list[tuple[str, str]], first: str, then: str, minutes: int) -> None:
    """Two policies one after the other over any history: the same rows with and without the short way."""
    found = []
    for short in (True, False):
        with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
            if not short:
                patch.setattr(Renewal, "renew", lambda *_: set())
            with desk(Path(folder) / "s.db") as store:
                worked(store, steps)
                now = OPENED + minutes * 60
                for name in (first, then):
                    store.apply_policy(POLICIES[name], "test", now)
                assert list(differences(store, now)) == []
                found.append(dump(store, without=("rev", "applied_at")))
    assert found[0] == found[1]


@pytest.mark.parametrize("name", ["shorter", "other hours", "another name"])
def test_the_short_way_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Waiting, answered and reopened tickets are renewed; one whose priority changed is replayed."""
    renewed: set[str] = set()
    real = Renewal.renew

    def noted(self: Renewal, tickets: list[str]) -> set[str]:
        found = real(self, tickets)
        renewed.update(found)
        return found

    monkeypatch.setattr(Renewal, "renew", noted)
    with desk(tmp_path / "s.db", *(f"09:00 mail add {t} priority=P2" for t in "BCDE")) as store:
        do(store, "09:10 ana wait B / 09:10 ana respond C / 09:20 ana resolve D / 09:30 ana reopen D")
        do(store, "09:40 ana set E priority=P1")
        store.apply_policy(POLICIES[name], "test", at("11:00"))
        assert renewed == {"A-1", "B", "C", "D"}
        assert list(differences(store, at("11:00"))) == []

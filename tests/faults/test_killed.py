"""kill -9, and disks that fail, at any point of a write: what was acknowledged is there, what was refused is not."""

from __future__ import annotations

import errno
import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from slaboard.store.disk.driver import IN_DOUBT
from slaboard.store.sqlite import SqliteStore
from tests.faults.page import assert_told
from tests.faults.people import assert_true_to, assert_whole, crew, through


def test_workers_killed_at_random_instants(path: Path, log: Path) -> None:
    """Ninety of them, three at a time, that act and carry the log over without a pause."""
    with crew("work", path, str(log), "999") as last:
        assert int(through("herd", path, str(log), "1", "30")) == 90
        last.kill()
        last.wait()
    with SqliteStore(path) as store:
        assert assert_true_to(log, store) > 30
        assert_whole(store)


@pytest.mark.parametrize(
    ("error", "for_good"),
    [
        pytest.param(0, False, id="killed"),
        pytest.param(errno.ENOSPC, True, id="full from then on"),
        pytest.param(errno.EIO, False, id="failed once", marks=pytest.mark.slow),
        pytest.param(errno.EROFS, True, id="read-only from then on", marks=pytest.mark.slow),
    ],
)
def test_a_claim_broken_at_each_of_its_writes(
    path: Path, log: Path, breaker: Mapping[str, str], error: int, for_good: bool
) -> None:
    """Each write to the log, each sync, and each page that is carried over: at the n-th of them, T-n is claimed."""
    printed = through("points", path, str(log), str(error), str(int(for_good)), environment=breaker)
    reports = json.loads(printed)
    assert len(reports) > 10
    with SqliteStore(path) as store:
        acknowledged = assert_true_to(log, store)
        owners = {row["id"]: row["owner"] for row in store.ask("SELECT id, owner FROM tickets")}
        for number, report in enumerate(reports, 1):
            if report["said"]:
                assert owners[f"T-{number}"] is None or IN_DOUBT in report["said"]
                assert_told(report["said"], path)
            elif report["said"] == "":
                assert owners[f"T-{number}"] == f"P{error}"
        said = [report["said"] for report in reports]
        assert said.count("") <= acknowledged
        assert said.count(None) == (len(reports) - 1 if not error else 0)
        assert_whole(store)

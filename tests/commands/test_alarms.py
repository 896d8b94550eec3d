"""Doctor on alerts: what rings, what is missing for it, and whether anybody runs the hooks."""

from __future__ import annotations

from pathlib import Path

import pytest

from slaboard.commands.alarms import findings
from slaboard.config import load
from slaboard.store.disk.sole import Sole
from tests.commands.shell import Run
from tests.sla.story import situation


def told(folder: Path, text: str, environment: dict[str, str]) -> list[str]:
    """`ok alerts: ...`, one a finding."""
    (folder / "c.toml").write_text(f"[alerts]\n{text}\n")
    found = findings(load(folder / "c.toml"), folder / "s.db", environment)
    return [f"{finding.mark} {finding}" for finding in found]


@pytest.mark.parametrize(
    ("text", "environment", "said"),
    [
        situation("by default", "", {}, ["ok alerts: bell for orange and red; no quiet hours"]),
        situation("silent", "bell = false", {}, ["ok alerts: nothing rings on a board here (alerts.zones, "]),
        situation(
            "zones, quiet hours and no tmux", "tmux = 'red'\nquiet = '18:00-08:00'", {},
            ["ok alerts: bell for orange and red, tmux for red; quiet 18:00-08:00", "warn alerts.tmux is on, but this"],
        ),
        situation(
            "a command that is not there, and no watch", "command = ['/nowhere/page']", {"PATH": ""},
            ["ok alerts: bell", "warn alerts.command: /nowhere/page is no program", "warn No watch runs on "],
        ),
        situation(
            "a webhook without its secret", "webhook = 'https://h.example/private'\nsecret = 'env:TOKEN'", {},
            ["ok alerts: bell", "warn The webhook's secret: TOKEN, where alerts.secret", "warn No watch runs on "],
        ),
        situation("hooks that are off", "command = ['/nowhere/page']\nhook = false", {}, ["ok alerts: bell"]),
    ],
)  # fmt: skip
def test_what_is_said(tmp_path: Path, text: str, environment: dict[str, str], said: list[str]) -> None:
    found = told(tmp_path, text, environment)
    assert len(found) == len(said), found
    assert all(line.startswith(start) for line, start in zip(found, said, strict=True)), found
    assert not any("private" in line for line in found)


def test_a_watch_that_runs_is_named(tmp_path: Path) -> None:
    (tmp_path / "s.db").touch()
    sole = Sole(tmp_path / "s.db")
    sole.take("ana@pc-07")
    [_, line] = told(tmp_path, "command = ['sh']", {"PATH": "/bin"})
    assert line.startswith(f"ok alerts of {tmp_path / 's.db'} go out through process ")
    assert line.endswith(" of ana@pc-07")
    sole.release()
    assert told(tmp_path, "command = ['sh']", {"PATH": "/bin"})[1].startswith("warn No watch runs on ")


def test_doctor_says_it(run: Run, path: Path) -> None:
    assert "ok    alerts: bell for orange and red; no quiet hours" in run("doctor").out

"""What the settings of alerts may say, and what is said of the rest."""

from __future__ import annotations

from pathlib import Path

import pytest

from slaboard.alerts.alert import Rules
from slaboard.config import load
from slaboard.ticket import Zone

O, R = Zone.ORANGE, Zone.RED  # noqa: E741 a zone's letter


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("zones = 'red'", True), ("zones = 'RED, orange'", True), ("zones = ''", True), ("zones = 'pink'", False),
        ("zones = true", False), ("bell = true", True), ("bell = false", True), ("bell = 'red'", True),
        ("bell = 'loud'", False), ("tmux = 1", False), ("quiet = '18:00-08:00'", True), ("quiet = 'night'", False),
        ("command = ['page', '--now']", True), ("command = []", True), ("command = ['']", False),
        ("command = 'page --now'", False), ("command = ['page', 1]", False), ('command = ["a\\u0000"]', False),
        ("webhook = 'https://hooks.example.com/x'", True), ("webhook = 'http://127.0.0.1:8080/x'", True),
        ("webhook = ''", True), ("webhook = 'file:///etc/passwd'", False), ("webhook = 'hooks.example.com'", False),
        ("webhook = 'http://a b/'", False), ('webhook = "http://a/\\n"', False), ("webhook = 'http://[/'", False),
        ("webhook = 'http://u:p@host/'", False), ("webhook = 'http://host:99999/'", False),
        ("secret = 'env:TOKEN'", True), ("secret = 'keyring:slaboard/webhook'", True), ("secret = ''", True),
        ("secret = 'Bearer abc'", False), ("header = 'X-Token'", True), ("header = 'a: b'", False),
        ("header = ''", False), ("patience = 1", True), ("patience = 0", False), ("patience = true", False),
    ],
    ids=str,
)  # fmt: skip
def test_what_a_file_may_say(tmp_path: Path, text: str, right: bool) -> None:
    (tmp_path / "c.toml").write_text(f"[alerts]\n{text}\n")
    problems = load(tmp_path / "c.toml").problems
    assert (not problems) is right, problems
    assert right or "is not used; " in problems[0]


@pytest.mark.parametrize("name", ["secret", "webhook"])
def test_a_secret_in_the_wrong_place_is_not_told_to_the_room(tmp_path: Path, name: str) -> None:
    """Problems of the config stand on the board at its start."""
    (tmp_path / "c.toml").write_text(f"[alerts]\n{name} = 'hunter 2'\n")
    [problem] = load(tmp_path / "c.toml").problems
    assert f"line 2: alerts.{name} = (what it says) is not used; " in problem


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("", Rules(frozenset({O, R}), {"bell": frozenset({O, R}), "hook": frozenset({O, R})})),
        (
            "zones = 'red'\ntmux = true\nbell = 'orange'\nhook = false\nquiet = '18:00-08:00'",
            Rules(frozenset({R}), {"tmux": frozenset({R})}, (1080, 480)),
        ),
        ("zones = ''", Rules(frozenset(), {})),
    ],
    ids=["by default", "each way its own", "none"],
)
def test_the_rules_that_come_of_it(tmp_path: Path, text: str, rules: Rules) -> None:
    (tmp_path / "c.toml").write_text(f"[alerts]\n{text}\n")
    assert load(tmp_path / "c.toml").alerts == rules

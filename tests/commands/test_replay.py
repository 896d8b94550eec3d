"""The engine on a file: each ticket as its events leave it, in the order of the board, of a file of any size."""

from __future__ import annotations

import tracemalloc
from collections import Counter, deque
from pathlib import Path
from random import Random

import pytest

from slaboard.commands.replay import _events, _replayed
from slaboard.host import aside
from slaboard.sla.policy import parse
from slaboard.text import json_line
from tests.commands.shell import Run
from tests.sla.story import at
from tests.store.desk import POLICY

NOW = at("09:50")


def event(ticket: str, time: int, kind: str = "created", **more: str) -> str:
    return json_line({"ticket": ticket, "at": time, "kind": kind, "priority": "P2", **more} | more)


@pytest.fixture
def policy(tmp_path: Path) -> str:
    path = tmp_path / "policy.toml"
    path.write_text(POLICY)
    return str(path)


def test_a_file_is_told_in_the_order_of_the_board_whatever_its_own(tmp_path: Path, run: Run, policy: str) -> None:
    """Red, then green, then what has ended; a line that is there twice counts once; what is refused is said."""
    file = tmp_path / "events.ndjson"
    lines = [
        event("Z-9", at("09:00"), title="over"), event("B-2", at("09:40"), title="new"),
        event("A-1", at("08:00"), title="late"), event("Z-9", at("09:10"), "status", status="Resolved"),
        event("B-2", at("09:40"), title="new"), event("A-1", at("07:00"), "status", status="Active"),
    ]  # fmt: skip
    file.write_text("\n".join(lines))
    said = run("replay", str(file), "--policy", policy, "--at", str(NOW))
    assert [line.split() for line in said.out.splitlines()] == [
        ["R", "A-1", "P2", "response", "-00:50:00", "-", "late"],
        ["G", "B-2", "P2", "response", "00:50:00", "-", "new"],
        ["-", "Z-9", "P2", "resolved", "-", "over"],
    ]  # fmt: skip
    assert said.err == "A-1: status at 2026-01-05T07:00:00Z is left out: it is older than the ticket's creation\n"
    objects = run("replay", str(file), "--policy", policy, "--at", str(NOW), "--json").objects
    assert [found["id"] for found in objects] == ["A-1", "B-2", "Z-9"]


def test_a_larger_file_takes_no_more_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aside, "BATCH", 10)
    policies, _ = parse(POLICY)
    assert policies is not None
    peaks = []
    for tickets in (50, 200):
        file = tmp_path / f"{tickets}.ndjson"
        opened = (event(f"T-{number}", at("09:00") + number) for number in range(tickets))
        file.write_text(
            "\n".join([*opened, *(event(f"T-{n}", at("09:20"), "claim", actor="ana") for n in range(tickets))])
        )
        deque(_replayed(_events(str(file), Counter()), policies, None, NOW), maxlen=0)  # what is read once and kept
        tracemalloc.start()
        deque(_replayed(_events(str(file), Counter()), policies, None, NOW), maxlen=0)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 2 * peaks[0], "all of them at once would be four times as much"


def test_a_bad_line_is_told_with_its_number_and_the_rest_is_taken(tmp_path: Path, run: Run, policy: str) -> None:
    file = tmp_path / "events.ndjson"
    file.write_text("\n".join(["nonsense", event("A-1", at("09:00"), title="new"), '{"ticket":"A-1"}']))
    said = run("replay", str(file), "--policy", policy, "--at", str(NOW))
    assert [line.split()[1] for line in said.out.splitlines()] == ["A-1"]
    assert [line[:8] for line in said.err.splitlines()] == ["line 1: ", "line 3: "]


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("", 0, "No ticket is in FILE.\n"),
        (event("A-1", at("11:00")), 0, "No ticket is in FILE by 2026-01-05T09:50:00Z.\n"),
        ("nonsense", 1, "No ticket is in FILE.\n"),
        ("id,title\nA-1,printer\n", 2, "`slaboard import` takes it into a store.\n"),
    ],
    ids=["empty", "nothing by then", "nothing usable", "a table of tickets"],
)
def test_a_file_without_tickets_says_so(
    tmp_path: Path, run: Run, policy: str, text: str, code: int, said: str
) -> None:  # fmt: skip
    """Empty is no mistake; a file of which nothing can be used is."""
    file = tmp_path / ("events.csv" if "," in text[:5] else "events.ndjson")
    file.write_text(text)
    found = run("replay", str(file), "--policy", policy, "--at", str(NOW), code=code)
    assert found.out == ""
    assert found.err.endswith(said.replace("FILE", str(file)))


def test_a_bad_policy_file_replays_nothing(tmp_path: Path, run: Run) -> None:
    (tmp_path / "p.toml").write_text("")
    said = run("replay", "-", "--policy", str(tmp_path / "p.toml"), code=2)
    assert said.err.endswith("p.toml has 1 problem; nothing was replayed.\n")


def test_a_promise_that_no_calendar_can_keep_stops_nothing(tmp_path: Path, run: Run) -> None:
    """A calendar of single dates comes to its end: a store shows such a ticket without SLA, and so does a replay."""
    (tmp_path / "p.toml").write_text(
        '[calendar.once]\ntimezone = "UTC"\ndays = { "2026-01-05" = ["09:00-10:00"] }\n'
        '[[policy]]\nname = "x"\ncalendar = "once"\ntargets = { resolution = "2h" }\n'
    )
    file = tmp_path / "events.ndjson"
    file.write_text(event("A-1", at("09:00")))
    said = run("replay", str(file), "--policy", str(tmp_path / "p.toml"), "--at", str(NOW), "--json")
    assert said.json["no_sla"] == "its calendar has no time left"


def test_a_replay_is_what_a_store_of_the_same_file_lists(tmp_path: Path, run: Run, policy: str) -> None:
    """With undos, late lines, reopenings and retargets, at moments in between; only the policy has no version."""
    random, lines = Random(3), []
    for number in range(60):
        ticket, time = f"T-{number:03}", at("08:00") + random.randrange(7200)
        lines.append(event(ticket, time, actor_kind=random.choice(["human", "customer"]), id=f"{ticket}-0"))
        for step in range(1, random.randrange(9)):
            time += random.choice([-7000, 0, 1, 600, 5000])
            kind = random.choice(["respond", "claim", "engage", "wait", "resume", "resolve", "reopen", "close", "undo"])
            more = {"caused_by": f"{ticket}-{random.randrange(step)}"} if kind == "undo" else {}
            done = {"ticket": ticket, "at": time, "kind": kind, "actor": "ana", "id": f"{ticket}-{step}"}
            lines.append(json_line(done | more))
    random.shuffle(lines)
    file, store = tmp_path / "events.ndjson", str(tmp_path / "s.db")
    file.write_text("\n".join(lines))
    run("init", store, "--yes")
    run("policy", "apply", policy, "--yes", "--store", store)
    run("import", str(file), "--store", store)
    for time in (at("09:00"), at("10:30"), at("14:00"), at("20:00")):
        replayed = run("replay", str(file), "--policy", policy, "--at", str(time), "--json").out
        listed = run("tickets", "--all", "--json", "--at", str(time), "--store", store).out
        assert replayed.replace('"policy_version":0', '"policy_version":2') == listed

"""The examples of docs/semantics.md, run: every number on the page is what the engine, a calendar or the store says."""

from __future__ import annotations

import io
import json
import re
import shlex
from collections.abc import Iterable, Iterator, Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from slaboard.__main__ import main
from slaboard.board.counting import grid_of
from slaboard.commands import clock as wall
from slaboard.connectors.ndjson import Ndjson
from slaboard.output import grid_json, iso, ticket_json
from slaboard.sla.clock import replay
from slaboard.sla.policy import PolicySet, parse
from slaboard.store.read.moment import ticket_from
from slaboard.store.read.past import saving_order
from slaboard.store.rows import raw
from slaboard.ticket import PROMISES, Bucket, Clock, ClockState, Event, Stage, Ticket, Zone

PAGE = Path(__file__).parents[1].joinpath("docs", "semantics.md").read_text(encoding="utf-8")
RULES = range(1, 26)
HERE = ZoneInfo("Europe/London")
YEAR = 2026
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_RULE = re.compile(r"### Rule (\d+): (.+)")
_FENCE = re.compile(r"```(\w+)(?: title=(\w+)| (refused))?")
_INSTANT = re.compile(r"(\w{3}) (\d{1,2}) (\w{3}) (\d\d):(\d\d)(?::(\d\d))?(?: ([A-Z]{3}))?")
_DURATION = re.compile(r"(-?)(?=\d)(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?")
_SUM = re.compile(r"(.+) \+ (\S+) = (.+)")
_SPAN = re.compile(r"(.+) to (.+) = (\S+)")
_HEADER = re.compile(r"(?:(with .+|in the store(?: as it was)?), )?at (.+)")
CHECKED = ("result", "calendar", "console", "problems")
"""The fenced blocks that say what follows; all others are what it follows from."""


# --- the page ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Block:
    """A fenced block of the page, under the rule in whose section it stands (0 before the first)."""

    rule: int
    kind: str
    title: str | None
    text: str
    line: int

    @property
    def lines(self) -> list[str]:
        """Its lines."""
        return self.text.splitlines()

    @property
    def asks_the_store(self) -> bool:
        """True for commands, and for facts of the store to which they led."""
        return self.kind == "console" or (self.kind == "result" and self.text.startswith("in the store"))


def blocks() -> Iterator[Block]:
    """Every fenced block of the page."""
    rule, opened, taken = 0, None, list[str]()
    for number, line in enumerate(PAGE.splitlines(), 1):
        if opened is not None:
            if line == "```":
                kind, title = opened[1], opened[2] or opened[3]
                yield Block(rule, kind, title, "".join(f"{text}\n" for text in taken), number - len(taken))
                opened = None
            taken.append(line)
        elif line.startswith("```"):
            opened, taken = _FENCE.fullmatch(line), []
            assert opened is not None, f"line {number}: {line} is no fence of this page"
        elif found := _RULE.fullmatch(line):
            rule = int(found[1])
        elif line.startswith("## "):
            rule = 0


BLOCKS = list(blocks())
POLICIES = {
    block.title: block.text for block in BLOCKS if block.kind == "toml" and block.title not in (None, "refused")
}
EXAMPLES = [
    pytest.param(block, id=f"rule-{rule}-{number}")
    for rule, found in groupby((b for b in BLOCKS if b.kind in CHECKED and b.rule), key=lambda b: b.rule)
    for number, block in enumerate(found, 1)
]


def before(block: Block, *kinds: str) -> list[Block]:
    """The blocks of `kinds` above `block` in the section of its rule."""
    return [b for b in BLOCKS if b.rule == block.rule and b.line < block.line and b.kind in kinds]


# --- instants and spans, as the page writes them ------------------------------------------------------------------


def instant(text: str) -> int:
    """Epoch seconds of `Mon 5 Jan 10:00`, London time of 2026; `BST` or `GMT` behind it tells equal hours apart."""
    found = _INSTANT.fullmatch(text)
    assert found is not None, f"{text!r} is no instant"
    weekday, day, month, hour, minute, second, zone = found.groups()
    wall = datetime(YEAR, MONTHS.index(month) + 1, int(day), int(hour), int(minute), int(second or 0), tzinfo=HERE)
    at = next(a for a in (wall, wall.replace(fold=1)) if zone in (None, a.tzname()))
    assert DAYS[at.weekday()] == weekday, f"{text} is a {DAYS[at.weekday()]}"
    return int(at.timestamp())


def written(at: int, today: int | None = None) -> str:
    """An instant as the page writes it: `10:00` on the day of `today`, else `Mon 5 Jan 10:00`."""
    here = datetime.fromtimestamp(at, UTC).astimezone(HERE)
    text = f"{here:%H:%M:%S}".removesuffix(":00") if here.second == 0 else f"{here:%H:%M:%S}"
    if here.utcoffset() != here.replace(fold=1 - here.fold).utcoffset():
        text += f" {here.tzname()}"
    if today is not None and datetime.fromtimestamp(today, UTC).astimezone(HERE).date() == here.date():
        return text
    return f"{DAYS[here.weekday()]} {here.day} {MONTHS[here.month - 1]} {text}"


def seconds(text: str) -> int:
    """`1h30m`, `20m5s`, `0m` as seconds."""
    found = _DURATION.fullmatch(text)
    assert found is not None, f"{text!r} is no duration"
    sign, h, m, s = found.groups()
    return (-1 if sign else 1) * (int(h or 0) * 3600 + int(m or 0) * 60 + int(s or 0))


def span(total: int) -> str:
    """Seconds as the page writes them."""
    parts = ((abs(total) // 3600, "h"), (abs(total) // 60 % 60, "m"), (abs(total) % 60, "s"))
    return ("-" if total < 0 else "") + ("".join(f"{number}{unit}" for number, unit in parts if number) or "0m")


# --- what is true ---------------------------------------------------------------------------------------------------


def facts_of_ticket(found: Mapping[str, Any]) -> set[str]:
    """Everything that the page may say of a ticket, from its JSON."""
    counted = found["bucket"] or "nothing"
    facts = {
        f"stage {found['stage']}",
        f"counts under {counted.replace('_', ' ')}",
        f"zone {found['zone']}",
        f"owner {found['owner']}" if found["owner"] else "no owner",
        f"status {found['status']}",
        f"policy {found['policy']}",
        "marked" if found["worse"] else "not marked",
    }
    facts |= {f"no {bucket} clock" for bucket in Bucket if bucket not in found["clocks"]}
    if found["no_sla"]:
        facts.add(f"no SLA: {found['no_sla']}")
    for key, where in (("left_business_s", "business"), ("left_wall_s", "real")):
        if found[key] is not None:
            facts.add(f"left {span(found[key])} in {where} time")
    return facts


def facts_of_clock(found: Mapping[str, Any], now: int) -> set[str]:
    """Everything that the page may say of a clock, from its JSON."""
    used, target = found["elapsed_s"], found["target_s"]
    facts = {
        str(found["state"]).replace("_", " "),
        found["zone"],
        f"used {span(used)} of {span(target)}",
        f"left {span(target - used)}",
        "skipped" if found["skipped"] else "not skipped",
        "by status" if found["by_status"] else "not by status",
        f"cause {found['cause']}" if found["cause"] else "no cause",
        f"drift {span(found['drift_s'])}" if found["drift_s"] is not None else "no drift",
        f"policy version {found['policy_version']}",
    }
    for name in ("due", "yellow", "orange", "red", "stopped"):
        at = found[f"{name}_at"]
        facts.add(f"no {name}" if at is None else f"{name} {written(_epoch(at), now)}")
    return facts


def _epoch(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


def waited(clock: Clock, policies: PolicySet, now: int) -> str:
    """The business time that `clock` left out so far."""
    calendar = policies.calendars[clock.calendar]
    return f"waited {span(sum(calendar.elapsed_s(a, now if b is None else b) for a, b in clock.waits))}"


def facts_of_grid(tickets: Iterable[Ticket], policies: PolicySet, now: int) -> dict[str, set[str]]:
    """Everything that the page may say of the grid, by row."""
    found = grid_json(grid_of(tickets, now, uses_update=policies.uses_update))
    counted = sum(sum(found["buckets"][bucket].values()) for bucket in PROMISES)
    whole = (
        f"{found['open']} open",
        f"{counted} on a clock",
        f"{found['waiting']} waiting",
        f"{found['no_sla']} no SLA",
    )
    rows = {f"grid {name}": {f"{n} {zone}" for zone, n in row.items()} for name, row in found["buckets"].items()}
    return {"grid": set(whole)} | rows


def facts(found: Iterable[Mapping[str, Any]], now: int) -> dict[str, set[str]]:
    """What is true of each ticket and of each of its clocks, from their JSON."""
    true: dict[str, set[str]] = {}
    for ticket in found:
        true[ticket["id"]] = facts_of_ticket(ticket)
        for bucket, clock in ticket["clocks"].items():
            true[f"{ticket['id']} {bucket.replace('_', ' ')}"] = facts_of_clock(clock, now)
    return true


# --- where it comes from --------------------------------------------------------------------------------------------


def policy(words: str) -> PolicySet:
    """The policy `office`, or `office and response_pauses = true`: the file of that title with lines at its top."""
    title, *settings = words.split(" and ")
    found, problems = parse("".join(f"{line}\n" for line in settings) + POLICIES[title])
    assert problems == []
    assert found is not None
    return found


def events_above(block: Block) -> list[Event]:
    """The events of the nearest lines above `block` that are no file."""
    lines = [b for b in before(block, "ndjson") if b.title is None][-1]
    found = list(Ndjson().read(lines.text.encode().splitlines(keepends=True)))
    assert [parsed.problem for parsed in found] == [None] * len(lines.lines)
    return [event for parsed in found for event in parsed.events]


def replayed(events: Iterable[Event], policies: PolicySet, now: int) -> list[Ticket]:
    """The tickets at `now`, as `slaboard replay` makes them."""
    histories: dict[str, list[Event]] = {}
    for event in events:
        if event.at <= now:
            histories.setdefault(event.ticket, []).append(event)
    folds = [replay(ticket, history, policies) for ticket, history in histories.items()]
    return [ticket_from(fold, fold.clocks(), now, raw) for fold in folds]


def by_the_engine(block: Block, words: str, now: int) -> dict[str, set[str]]:
    """What is true at `now` under the policy of `words`."""
    policies = policy(words)
    tickets = replayed(events_above(block), policies, now)
    true = facts((ticket_json(ticket, policies.calendars, now) for ticket in tickets), now)
    for ticket in tickets:
        for clock in {id(c): c for bucket in Bucket if (c := ticket.clock(bucket))}.values():
            true[f"{ticket.id} {clock.bucket.replace('_', ' ')}"].add(waited(clock, policies, now))
    listed = sorted((t for t in tickets if t.stage.is_open), key=lambda t: saving_order(t, now))
    true["list"] = {", ".join(ticket.id for ticket in listed)}
    return true | facts_of_grid(tickets, policies, now)


class Machine:
    """A folder with the files of a rule, a store, and a clock that stands still until it is set."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.patch = patch
        patch.chdir(folder)
        patch.setenv("SLABOARD_STORE", str(folder / "store.db"))
        for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
            patch.setenv(name, str(folder / "home"))
        patch.delenv("SLABOARD_USER", raising=False)

    def set_clock(self, now: int) -> None:
        """It is `now`."""
        self.patch.setattr(wall, "time", SimpleNamespace(time=lambda: now))

    def run(self, *words: str) -> tuple[int, str]:
        """The exit code of `slaboard WORDS` and all that it says."""
        said = io.StringIO()
        with redirect_stdout(said), redirect_stderr(said):
            code = main(words)
        return code, said.getvalue()

    def facts(self, now: int, *, past: bool) -> dict[str, set[str]]:
        """What the store says at `now`."""
        self.set_clock(now)
        code, said = self.run("tickets", "--json", "--all", *(("--at", str(iso(now))) if past else ()))
        assert code == 0, said
        return facts(map(json.loads, said.splitlines()), now)


# --- the examples -----------------------------------------------------------------------------------------------


def check_facts(block: Block, machine: Machine) -> None:
    """Each fact of a `result` block is true."""
    true: dict[str, set[str]] = {}
    where = ""
    for line in block.lines:
        if header := _HEADER.fullmatch(line):
            where, now = header[1] or where, instant(header[2])
            if where.startswith("with "):
                true = by_the_engine(block, where.removeprefix("with "), now)
            else:
                true = machine.facts(now, past=where.endswith("as it was"))
            continue
        subject, _, said = line.partition(": ")
        claimed = [said] if subject == "list" else said.split(", ")
        assert subject in true, f"{where}: there is no {subject}"
        wrong = [fact for fact in claimed if fact not in true[subject]]
        assert not wrong, f"{line!r}: not true is {wrong}; true are {sorted(true[subject])}"


def check_calendar(block: Block) -> None:
    """Each line of a `calendar` block is what the calendar of that policy says."""
    for line in block.lines:
        if line.startswith("with "):
            policies = policy(line.removeprefix("with "))
            calendar = policies.calendars[policies.policies[0].calendar]
        elif found := _SUM.fullmatch(line):
            assert written(calendar.due_s(instant(found[1]), seconds(found[2]))) == found[3], line
        else:
            found = _SPAN.fullmatch(line)
            assert found is not None, f"{line!r} is no sum"
            assert span(calendar.elapsed_s(instant(found[1]), instant(found[2]))) == found[3], line


def check_problems(block: Block) -> None:
    """The policy above is refused with these sentences."""
    refused = before(block, "toml")[-1]
    assert refused.title == "refused"
    assert [str(problem) for problem in parse(refused.text)[1]] == block.lines


def check_console(block: Block, machine: Machine) -> None:
    """Each command says what stands below it; where nothing stands it must succeed, `...` is anything."""
    steps = [step for step in re.split(r"^(?=[$#] )", block.text, flags=re.MULTILINE) if step]
    for step in steps:
        command, _, expected = step.partition("\n")
        if command.startswith("# "):
            machine.set_clock(instant(command.removeprefix("# ")))
            continue
        program, *words = shlex.split(command.removeprefix("$ "))
        assert program == "slaboard"
        code, said = machine.run(*words)
        if expected:
            pattern = re.escape(expected).replace(re.escape("...\n"), "(?:.*\n)*")
            assert re.fullmatch(pattern, said), f"{command} said:\n{said}"
        else:
            assert code == 0, f"{command} ended with {code} and said:\n{said}"


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """A machine of its own for each example."""
    return Machine(tmp_path, monkeypatch)


@pytest.mark.parametrize("block", EXAMPLES)
def test_example(block: Block, machine: Machine) -> None:
    """It is as the page says. What the store says follows from all commands of the section so far."""
    for title, text in POLICIES.items():
        Path(f"{title}.toml").write_text(text, encoding="utf-8")
    for file in before(block, "ndjson"):
        if file.title is not None:
            Path(f"{file.title}.ndjson").write_text(file.text, encoding="utf-8")
    if block.asks_the_store:
        for step in before(block, "console"):
            check_console(step, machine)
    if block.kind == "console":
        check_console(block, machine)
    elif block.kind == "calendar":
        check_calendar(block)
    elif block.kind == "problems":
        check_problems(block)
    else:
        check_facts(block, machine)


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_an_example(rule: int) -> None:
    """A rule that is only told is a rule that nobody checks."""
    assert [block.line for block in BLOCKS if block.rule == rule and block.kind in CHECKED]


def test_every_rule_has_one_heading_and_the_index_leads_to_it() -> None:
    """`rule 14` in a comment can be looked up."""
    headings = _RULE.findall(PAGE)
    assert sorted(int(rule) for rule, _ in headings) == [*RULES]
    links = dict(re.findall(r"\[(\d+)\]\(#([\w-]+)\)", PAGE))
    for rule, title in headings:
        slug = re.sub(r"[^\w\- ]", "", f"Rule {rule}: {title}".lower()).replace(" ", "-")
        assert links[rule] == slug


def test_every_word_is_explained() -> None:
    """The page's first table has the words that clocks and tickets are told in."""
    table = PAGE.partition("## The words")[2].partition("\n## ")[0]
    words = set(re.findall(r"`(\w+)`", table))
    assert words >= {*map(str, (*Bucket, *Stage, *Zone, *ClockState))}


def test_every_policy_is_used() -> None:
    """No policy stands on the page for nothing."""
    used = set(re.findall(r"^with (\w+)|policy apply (\w+)\.toml", PAGE, re.MULTILINE))
    assert {word for pair in used for word in pair if word} == {*POLICIES}


def test_the_command_says_the_same(machine: Machine) -> None:
    """`slaboard replay`, as the page calls it, gives the JSON that its first example is checked by."""
    block = next(b for b in BLOCKS if b.rule == 1 and b.kind == "result")
    Path("office.toml").write_text(POLICIES["office"], encoding="utf-8")
    Path("events.ndjson").write_text(before(block, "ndjson")[0].text, encoding="utf-8")
    command = re.search(r"^slaboard (replay .+)$", PAGE, re.MULTILINE)
    assert command is not None
    code, said = machine.run(*command[1].split())
    now, policies = instant("Mon 5 Jan 11:00"), policy("office")
    expected = [ticket_json(ticket, policies.calendars, now) for ticket in replayed(events_above(block), policies, now)]
    assert (code, [json.loads(line) for line in said.splitlines()]) == (0, expected)

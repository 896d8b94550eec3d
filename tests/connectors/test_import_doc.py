"""The examples of docs/import.md do what the page says."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

from slaboard.connectors import survey_csv as surveys
from slaboard.connectors.base import FileConnector, Parsed, Snapshot
from slaboard.connectors.ndjson import Ndjson
from slaboard.connectors.servicenow_log import OPTIONAL, REQUIRED, ServicenowLog
from slaboard.connectors.survey_csv import SurveyCsv
from slaboard.connectors.ticket_csv import FIELDS, TicketCsv, parse_mapping
from slaboard.ticket import Event, Kind

PAGE = Path(__file__).parents[2].joinpath("docs", "import.md").read_text(encoding="utf-8")
NINE = 1767603600  # 2026-01-05T09:00:00Z


def examples(language: str) -> list[str]:
    """The fenced blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def read(connector: FileConnector, text: str) -> list[Parsed]:
    return list(connector.read(text.encode().splitlines(keepends=True)))


def snapshots(connector: FileConnector, text: str) -> list[Snapshot | None]:
    found = read(connector, text)
    assert [parsed.problem for parsed in found] == [None] * len(found)
    return [parsed.snapshot for parsed in found]


def test_event_lines() -> None:
    """Every event line of the page is one event."""
    first, second = examples("ndjson")
    for text in (first, second):
        found = read(Ndjson(), text)
        assert [(parsed.problem, len(parsed.events)) for parsed in found] == [(None, 1)] * len(text.splitlines())


def test_refused_lines() -> None:
    """Every line the page calls refused is refused."""
    [text] = examples("refused")
    assert all(parsed.problem for parsed in read(Ndjson(), text))


def test_every_kind_and_key_is_named() -> None:
    """The page names every kind and every key of an event line."""
    words = set(re.findall(r"`(\w+)`", PAGE))
    assert words >= {kind.value for kind in Kind} | {"wait", "resume", "respond"}
    ours = {"order", "seq", "via"}  # `seq` on a line is `order`; the store sets the others
    assert words >= {*Event.__struct_fields__} - ours | {"seq"}


def test_the_log() -> None:
    """The example log gives the events that the page lists."""
    [log], [expected] = examples("servicenow"), examples("events")
    lines = []
    for event in (event for parsed in read(ServicenowLog(), log) for event in parsed.events):
        at = datetime.fromtimestamp(event.at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        facts = [
            f" {key}={value}"
            for key in ("customer", "priority", "owner", "status")
            if (value := getattr(event, key)) is not None
        ]
        lines.append(f"{at} {event.ticket} {event.kind}{''.join(facts)}\n")
    assert "".join(lines) == expected
    assert all(f"`{column}`" in PAGE for column in (*REQUIRED, *OPTIONAL))


def test_a_table_of_surveys() -> None:
    """The example table gives two answers, and the page names every column."""
    [table] = examples("surveys")
    found = [event for parsed in read(SurveyCsv(), table) for event in parsed.events]
    assert [(event.ticket, event.csat, event.nps, event.note) for event in found] == [
        ("A-1", 5, 9, "Quick, thank you"), ("A-2", 2, None, None),
    ]  # fmt: skip
    assert all(f"`{column}`" in PAGE for column in (*surveys.REQUIRED, *surveys.SCORES, *surveys.OPTIONAL))


def test_a_table_with_our_names() -> None:
    """The example table is read without a map."""
    [table] = examples("tickets")
    assert snapshots(TicketCsv(), table) == [
        Snapshot(
            id="A-1", title="VPN down", customer="Contoso", priority="P1", status="Active", owner="ana", opened_at=NINE
        ),
        Snapshot(
            id="A-2", title="No sound, again", customer="Fabrikam", priority="P3", status="New", owner="",
            opened_at=NINE + 1800,
        ),
    ]  # fmt: skip


def test_the_map() -> None:
    """The example map reads the example table."""
    [toml], [table] = examples("toml"), examples("mapped")
    mapping, problems = parse_mapping(toml)
    assert problems == []
    assert mapping is not None
    assert snapshots(TicketCsv(mapping=mapping), table) == [
        Snapshot(
            id="100123", title="VPN down;\nsince the update", customer="Contoso", priority="P1", status="Open",
            owner="ana", opened_at=NINE, updated_at=NINE + 1200,
        ),
        Snapshot(
            id="100124", title="No sound", customer="Fabrikam", priority="Low", status="Open", owner="",
            opened_at=NINE + 1800, updated_at=NINE + 1800,
        ),
    ]  # fmt: skip
    assert all(f"`{field}`" in PAGE for field in FIELDS)

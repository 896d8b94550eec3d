"""Which connector reads a file."""

from __future__ import annotations

from datetime import UTC

import pytest

from slaboard.connectors.registry import FILE_CONNECTORS, detect
from slaboard.errors import UsageError

LOG = b"number,incident_state,active,sys_mod_count,opened_at,sys_updated_at,priority\n"


def test_the_dict_names_each_by_its_own_name() -> None:
    """A connector is listed under its name and made with the zone of naive times."""
    assert {name: make(UTC).name for name, make in FILE_CONNECTORS.items()} == {name: name for name in FILE_CONNECTORS}


@pytest.mark.parametrize(
    ("name", "head", "expected"),
    [
        ("events.ndjson", b"", "ndjson"),
        ("EVENTS.JSONL.GZ", b"", "ndjson"),
        ("events.json", b"junk", "ndjson"),
        ("-", b'\xef\xbb\xbf\n {"ticket"', "ndjson"),
        ("log.csv.gz", LOG, "servicenow_log"),
        ("-", LOG.replace(b",", b";"), "servicenow_log"),
        ("answers.csv", b"Ticket;At;NPS\n", "survey_csv"),
        ("tickets.csv", b"id,ticket,csat\n", "ticket_csv"),
        ("tickets.csv", b"id\n", "ticket_csv"),
        ("tickets.tsv", b"", "ticket_csv"),
        ("export", b'"Ticket Number";Subject\n', "ticket_csv"),
        ("events.csv", b"number,sys_mod_count,sys_updated_at,incident_state\n", "ticket_csv"),
    ],
)
def test_detect(name: str, head: bytes, expected: str) -> None:
    """By the name, the first byte, or the headings."""
    assert detect(name, head) == expected


@pytest.mark.parametrize(
    ("name", "head", "said"),
    [
        ("tickets.xlsx", b"PK\x03\x04...", "tickets.xlsx is a workbook or an archive"),
        ("tickets.csv", b"\xff\xfei\0d\0", "tickets.csv is binary or UTF-16"),
        ("tickets.json", b' [{"ticket"', "tickets.json is a JSON array"),
        ("issues.json", b"{\n", "issues.json is JSON over several lines"),
        ("README", b"Hello\n", "README is neither event lines"),
        ("empty", b"", "empty is neither event lines"),
    ],
)
def test_what_nothing_reads(name: str, head: bytes, said: str) -> None:
    """A file of another kind is told what to make of it."""
    with pytest.raises(UsageError, match=f"^{said}"):
        detect(name, head)

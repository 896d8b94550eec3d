"""Every connector by name, and which of them reads a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import tzinfo
from pathlib import PurePath

from slaboard.connectors.base import BOM, FileConnector
from slaboard.connectors.ndjson import Ndjson
from slaboard.connectors.rows import heading_of
from slaboard.connectors.servicenow_log import REQUIRED, ServicenowLog
from slaboard.connectors.survey_csv import SurveyCsv, is_survey
from slaboard.connectors.ticket_csv import TicketCsv
from slaboard.errors import UsageError

FILE_CONNECTORS: Mapping[str, Callable[[tzinfo], FileConnector]] = {
    Ndjson.name: Ndjson,
    ServicenowLog.name: ServicenowLog,
    SurveyCsv.name: SurveyCsv,
    TicketCsv.name: TicketCsv,
}
"""What reads a file, by name; each takes the zone of times that do not say theirs."""

_EVENT_LINES = (".ndjson", ".jsonl", ".json")
_TABLES = (".csv", ".tsv", ".txt")


def detect(name: str, head: bytes) -> str:
    """Which of `FILE_CONNECTORS` reads the file called `name` that begins with `head` (unpacked, its first line).

    Raises UsageError when none does.
    """
    suffix = PurePath(name.lower().removesuffix(".gz")).suffix
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise UsageError(f"{name} is a workbook or an archive, not text; save the sheet as CSV (UTF-8).")
    if b"\0" in head or head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UsageError(f"{name} is binary or UTF-16; save it as UTF-8 text.")
    body = head.removeprefix(BOM).lstrip()
    if body.startswith(b"["):
        raise UsageError(f"{name} is a JSON array; event lines are one object a line: `jq -c '.[]'` makes them of it.")
    if body.rstrip() == b"{":
        raise UsageError(
            f"{name} is JSON over several lines; event lines are one object a line: `jq -c .` makes them of it, "
            "`jq -c '.NAME[]'` of the list NAME in it."
        )
    if body.startswith(b"{") or suffix in _EVENT_LINES:
        return Ndjson.name
    names = heading_of(head)
    if set(REQUIRED) <= set(names):
        return ServicenowLog.name
    if is_survey(names):
        return SurveyCsv.name
    if suffix in _TABLES or len(names) > 1:
        return TicketCsv.name
    raise UsageError(
        f"{name} is neither event lines (one JSON object a line) nor CSV with a heading; docs/import.md shows both."
    )

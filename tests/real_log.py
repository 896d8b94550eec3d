"""The incidents of the real log that the project shares, as histories; a test that asks for them is skipped without."""

from __future__ import annotations

import gzip
from collections import defaultdict
from functools import cache

from slaboard.connectors.servicenow_log import ServicenowLog
from slaboard.ticket import Event
from tests.shared_data import need_shared

LOG = ("data", "uci_incident_event_log_open.csv.gz")


@cache
def incidents() -> dict[str, list[Event]]:
    """Every incident's events, by its number."""
    found: defaultdict[str, list[Event]] = defaultdict(list)
    with gzip.open(need_shared(*LOG)) as lines:
        for parsed in ServicenowLog().read(lines):
            for event in parsed.events:
                found[event.ticket].append(event)
    return dict(found)

"""Two real help desks, 19,000 tickets: every figure of their reports counted a second time."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from slaboard.commands import report as command
from slaboard.store.sqlite import SqliteStore
from slaboard.sync import Order, import_file
from tests.commands.conftest import run as run
from tests.commands.shell import Run
from tests.reports import recount
from tests.reports.recount import Asked
from tests.shared_data import need_shared

pytestmark = pytest.mark.slow

LOGS = ("uci_incident_event_log_open.csv.gz", "helpdesk_italian.csv.gz")
ROME = ZoneInfo("Europe/Rome")
NOW = 1_500_000_000  # 2017-07-14, after both
STAGES = {
    LOGS[0]: {
        "New": "respond", "Active": "plan", "Awaiting User Info": "waiting", "Awaiting Problem": "waiting",
        "Awaiting Vendor": "waiting", "Awaiting Evidence": "waiting", "Resolved": "resolved", "Closed": "closed",
    },
    LOGS[1]: {
        "Assign seriousness": "respond", "Take in charge ticket": "plan", "Wait": "waiting",
        "Require upgrade": "waiting", "Create SW anomaly": "resolve", "Resolve SW anomaly": "resolve",
        "Schedule intervention": "resolve", "Resolve ticket": "resolved", "Closed": "closed",
    },
}  # fmt: skip
POLICY = """
response_by_status = true
[calendar.office]
timezone = "Europe/Rome"
hours = {{ mon = ["08:00-18:00"], tue = ["08:00-18:00"], wed = ["08:00-18:00"], thu = ["08:00-18:00"], fri = ["08:00-18:00"] }}
[status]
{words}
[[policy]]
name = "Urgent"
match = {{ priority = ["1 - Critical", "2 - High", "Value 2"] }}
calendar = "24x7"
targets = {{ response = "1h", resplan = "4h", resolution = "24h" }}
[[policy]]
name = "Everyone"
calendar = "office"
targets = {{ response = "2h", resplan = "16h", resolution = "40h" }}
"""  # noqa: E501 a calendar's hours are one line
ASKED = (
    Asked(("priority",)),
    Asked(("month", "bucket"), zone="Europe/Rome"),
    Asked(("engineer", "quarter"), zone="Europe/Rome", skipped=False),
    Asked(("customer",), by_status=False),
    Asked(("policy", "week"), since=1_457_000_000, until=1_460_000_000, zone="Europe/Rome"),
)


def _lines(path: Path) -> Iterator[str]:
    """The Italian help desk's rows as event lines: each activity is a status word, by its resource."""
    known: set[str] = set()
    with gzip.open(path, "rt", encoding="utf-8") as rows:
        for number, row in enumerate(csv.DictReader(rows)):
            at = row["Complete Timestamp"].replace("/", "-").replace(" ", "T") + "Z"
            facts = {"ticket": row["Case ID"], "at": at, "seq": number, "actor": row["Resource"]}
            if row["Case ID"] not in known:
                known.add(row["Case ID"])
                first = {"kind": "created", "customer": row["customer"], "priority": row["seriousness_2"]}
                yield json.dumps(facts | first | {"board": row["support_section"], "seq": 0})
            if row["Activity"] == "Take in charge ticket":
                yield json.dumps(facts | {"kind": "claim"})
            yield json.dumps(facts | {"kind": "status", "status": row["Activity"]})


@pytest.fixture(scope="module", params=LOGS)
def log(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A store with one of the logs."""
    name: str = request.param
    source = need_shared("data", name)
    folder = tmp_path_factory.mktemp("real")
    if name == LOGS[1]:
        lines = folder / "helpdesk.ndjson"
        lines.write_text("\n".join(_lines(source)), encoding="utf-8")
        source = lines
    words = "\n".join(f'"{word}" = "{stage}"' for word, stage in STAGES[name].items())
    with SqliteStore.create(folder / "real.db") as store:
        store.apply_policy(POLICY.format(words=words), "test", 0)
        import_file(store, Order(str(source)), NOW, lambda line, reason: None)
    return folder / "real.db", name


@pytest.mark.parametrize("asked", ASKED, ids=lambda asked: " ".join(asked.by))
def test_every_figure_of_a_real_log(
    log: tuple[Path, str], asked: Asked, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All sheets of `report --format json`, in two time zones, with and without what was skipped."""
    path, name = log
    monkeypatch.setenv("TZ", asked.zone)
    monkeypatch.setattr(command, "now", lambda: NOW)
    options = ["--store", str(path), "--format", "json", "--show", "all", "--by", ",".join(asked.by)]
    options += ["--no-skipped"] * (not asked.skipped) + ["--no-by-status"] * (not asked.by_status)
    for end in ("since", "until"):
        if (at := getattr(asked, end)) is not None:
            options += [f"--{end}", str(at)]
    said = run("report", *options).json
    recount.same(
        said["rows"], recount.promises(path, asked), (*asked.by, *(() if "bucket" in asked.by else ("bucket",)))
    )  # fmt: skip
    for sheet, rows in recount.tickets(path, asked, STAGES[name], NOW).items():
        recount.same(said[sheet], rows, tuple(word for word in asked.by if word != "bucket"))
    assert said["rows"] or asked.since is not None


@pytest.mark.parametrize("asked", [Asked(("priority",)), Asked(("policy",), 1_457_000_000, 1_460_000_000)])
def test_every_footnote_of_a_real_log(
    log: tuple[Path, str], asked: Asked, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each ticket looked at; instants and hours counted anew."""
    path, name = log
    monkeypatch.setattr(command, "now", lambda: NOW)
    options = ["--store", str(path), "--format", "json", "--show", "footnotes", "--every-ticket"]
    options += [f"--{end}={at}" for end in ("since", "until") if (at := getattr(asked, end)) is not None]
    said = [
        {word: row[word] for word in ("about", "tickets", "looked_at", "share")}
        for row in run("report", *options).json["footnotes"]
    ]
    assert said == recount.footnotes(path, asked, STAGES[name], NOW, hours)
    assert asked.since is not None or all(row["tickets"] for row in said[:2])


def hours(calendar: str, begin: int, end: int) -> int:
    """Seconds of the policy's opening hours from one instant to another, day by day."""
    if calendar != "office":
        return max(0, end - begin)
    day, found = datetime.fromtimestamp(begin, ROME).date(), 0
    while (opens := int(datetime(day.year, day.month, day.day, 8, tzinfo=ROME).timestamp())) < end:
        if day.weekday() < 5:
            found += max(0, min(end, opens + 36_000) - max(begin, opens))
        day += timedelta(days=1)
    return found

"""`slaboard report`: every figure counted a second time, the forms, the options and what is refused."""

from __future__ import annotations

import csv
import shlex
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from slaboard.commands import report as command
from slaboard.store.sqlite import SqliteStore
from tests.commands.shell import Run
from tests.reports import past, recount
from tests.reports.evil import hostile
from tests.reports.recount import Asked
from tests.sla.story import at, situation

DAY = 86_400
JANUARY = 1_767_222_000  # 2026-01-01T00:00 in Berlin
FEBRUARY = 1_769_900_400


@pytest.fixture(scope="module")
def quarter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store of a made-up quarter, made once."""
    path = tmp_path_factory.mktemp("report") / "acme.db"
    past.made(path).close()
    return path


@pytest.fixture
def asked(quarter: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """What `slaboard report --format json` says about it; times are Berlin's."""
    monkeypatch.setenv("SLABOARD_STORE", str(quarter))
    monkeypatch.setenv("TZ", "Europe/Berlin")
    monkeypatch.setattr(command, "now", lambda: past.NOW)
    return lambda *options: run("report", "--format", "json", "--show", "all", *options).json


@pytest.mark.parametrize(
    ("options", "question"),
    [
        situation("all there is", "", Asked(("priority",))),
        situation("buckets alone", "--by bucket", Asked(("bucket",))),
        situation("a bucket between", "--by customer,bucket,board", Asked(("customer", "bucket", "board"))),
        situation("months", "--by month,priority", Asked(("month", "priority"))),
        situation("weeks over a new year and a summer time", "--by week", Asked(("week",))),
        situation("days of a month", "--by day --period 2026-01", Asked(("day",), JANUARY, FEBRUARY)),
        situation("a quarter by engineer", "--by engineer,quarter --period 2026-Q1",
                  Asked(("engineer", "quarter"), JANUARY, 1_774_994_400)),
        situation("since a date", "--by policy --since 2026-02-01", Asked(("policy",), FEBRUARY)),
        situation("until an instant", "--by board --until 2026-01-31T23:00:00Z", Asked(("board",), None, FEBRUARY)),
        situation("without what was skipped", "--no-skipped", Asked(("priority",), skipped=False)),
        situation("without responses by status", "--no-by-status --by year", Asked(("year",), by_status=False)),
        situation("two customers", "--by engineer --customer contoso --customer FABRIKAM",
                  Asked(("engineer",), only={"customer": ("Contoso", "Fabrikam")})),
        situation("one engineer's P2", "--engineer Ana --priority P2 --by month",
                  Asked(("month",), only={"engineer": ("Ana",), "priority": ("P2",)})),
        situation("a promise on one board", "--bucket response --board Desk",
                  Asked(("priority",), only={"bucket": ("response",), "board": ("Desk",)})),
    ],
)  # fmt: skip
def test_every_figure_is_what_a_slow_count_says(
    asked: Callable[..., Any], quarter: Path, options: str, question: Asked
) -> None:
    """Of all four sheets, from the same rows, by code that shares nothing with the report's."""
    question = replace(question, zone="Europe/Berlin")
    said = asked(*options.split())
    by = said["by"]
    recount.same(said["rows"], recount.promises(quarter, question), (*by, *(() if "bucket" in by else ("bucket",))))
    for name, rows in recount.tickets(quarter, question, past.WORDS, past.NOW).items():
        recount.same(said[name], rows, tuple(word for word in by if word != "bucket"))
    assert said["rows"]


def test_the_keys_of_by_stand_first_and_the_bucket_always(asked: Callable[..., Any]) -> None:
    """In the order in which they were asked for, before the figures."""
    assert list(asked()["rows"][0])[:5] == ["priority", "bucket", "n", "met", "share"]
    assert list(asked("--by", "month,customer")["rows"][0])[:4] == ["month", "customer", "bucket", "n"]
    assert list(asked("--by", "bucket,board")["rows"][0])[:3] == ["bucket", "board", "n"]


def test_rows_in_order(asked: Callable[..., Any]) -> None:
    """By their keys, nothing last; buckets as on the board."""
    rows = asked("--by", "customer")["rows"]
    buckets = [row["bucket"] for row in rows if row["customer"] == "Contoso"]
    assert buckets == sorted(buckets, key=recount.BUCKETS.index)
    assert len(buckets) >= 4
    names = [row["customer"] for row in rows]
    assert names == sorted(names, key=lambda name: (name is None, name or ""))
    assert names[-1] is None


def test_the_flow_of_tickets_adds_up(asked: Callable[..., Any]) -> None:
    """What was left, and what came, and not what went, is what is left then."""
    backlog = 0
    for row in asked("--by", "week")["tickets"]:
        backlog += row["opened"] + row["reopened"] - row["ended"]
        assert row["backlog"] == backlog


def test_the_period_is_half_open(asked: Callable[..., Any]) -> None:
    """Each result is in exactly one of two periods that touch."""
    before, after, both = asked("--until", "2026-02-01"), asked("--since", "2026-02-01"), asked()
    assert [sum(row["n"] for row in said["rows"]) for said in (both,)] == [
        sum(row["n"] for said in (before, after) for row in said["rows"])
    ]
    assert (before["until"], after["since"]) == ("2026-01-31T23:00:00Z", "2026-01-31T23:00:00Z")


def test_the_last_whole_month_and_the_named_one_are_the_same(asked: Callable[..., Any]) -> None:
    """On the last of March the last whole month is February."""
    assert asked("--period", "month") == asked("--period", "2026-02")


def test_pseudonyms_hide_names_and_keep_figures(asked: Callable[..., Any]) -> None:
    """The same person the same, everywhere; teams, priorities and figures as they are."""
    plain, hidden = asked("--by", "engineer,customer"), asked("--by", "engineer,customer", "--pseudonyms")
    text = str(hidden)
    assert not any(name in text for name in ("Ana", "Ben", "Chi", "Contoso", "Fabrikam", "Quill"))
    for sheet in ("rows", "tickets", "claims", "surveys"):
        assert sorted(str(list(row.values())[2:]) for row in plain[sheet]) == sorted(
            str(list(row.values())[2:]) for row in hidden[sheet]
        )
        names = {(row["engineer"], row["customer"]) for row in hidden[sheet]}
        assert len(names) == len(plain[sheet]) if sheet != "rows" else names
    assert {row["engineer"] for row in hidden["rows"]} >= {row["engineer"] for row in hidden["claims"]} - {None}
    assert asked("--by", "engineer", "--pseudonyms") == asked("--by", "engineer", "--pseudonyms")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        situation("a misspelt word", "--by prority", "'prority' is no word of --by; there are priority, customer"),
        situation("two units", "--by month,week", "--by takes one unit of time; month, week are too many."),
        situation("a period and a date", "--period month --since 2026-01-01", "--period says since when"),
        situation("backwards", "--since 2026-02-01 --until 2026-01-01", "--until has to be later than --since."),
        situation("no period", "--period lately", "'lately' is no period: write week, month or quarter"),
        situation("no such week", "--period 2026-W60", "'2026-W60' is no period"),
        situation("no instant", "--since soon", "'soon' is no instant; write 2026-03-01"),
        situation("no such customer", "--customer contosa", "No customer is called contosa; near to it: Contoso."),
        situation("none that is near", "--board Zzz", "No board is called Zzz; there are Desk, Field."),
        situation("no name", "--out=", "The name of the file is empty"),
        situation("a name that says no format", "--out r.xyz", "r.xyz does not say how the report is to be written"),
        situation("a variable that is not set", "--since=", "'' is no instant"),
        situation("another one", "--period=", "'' is no period"),
        situation("no such sheet", "--show everything", "'everything' is no sheet; there are promises, tickets"),
        situation("days of a century", "--by day --since 1980-01-01", ""),
        situation("two tables in CSV", "--show tickets,claims --format csv", "CSV is one table, and 2 are asked for"),
        situation("nowhere to write", "--out /proc/gone/r.html", "/proc/gone/r.html cannot be written: No such"),
    ],
)
def test_what_is_refused(asked: Callable[..., Any], run: Run, options: str, said: str) -> None:
    """Each with a sentence, and exit code 2."""
    found = run("report", *options.split(), code=2 if said else 0)
    assert said in found.err.replace("\n", " ")


def test_a_table_for_people(asked: Callable[..., Any], run: Run) -> None:
    """Few are written as they are; columns stay where they are."""
    lines = run("report", "--period", "2026-01", "--by", "bucket").out.splitlines()
    assert lines[0] == "SLA report of acme: from 2026-01-01 until before 2026-02-01 (Europe/Berlin)"
    assert lines[3].split()[:4] == ["promise", "n", "kept", "missed"]
    [few] = [line for line in lines if line.startswith("total resolution")]
    assert " of " in few
    assert "%" not in few
    assert len({line.index("missed") + len("missed") for line in lines[3:4]}) == 1


def test_footnotes_stand_below_and_name_nobody_unless_asked(asked: Callable[..., Any], run: Run) -> None:
    """In every form for people, and in JSON under a key of their own; left out where other sheets are asked for."""
    found = asked()["footnotes"]
    assert [row["about"] for row in found] == ["late_wait", "quick_reopen", "held_idle"]
    assert all(row["looked_at"] == found[0]["looked_at"] > 50 and not row["is_sample"] for row in found)
    assert sum(row["tickets"] for row in found) >= 2
    for form in ("table", "markdown", "html"):
        said, named = (run("report", "--format", form, *more).out for more in ((), ("--names",)))
        notes, told = (text[text.index("Footnotes") :] for text in (said, named))
        assert "tickets" in notes
        assert not any(f"({name})" in notes for name in past.ENGINEERS)
        assert any(f"({name})" in told for name in past.ENGINEERS)
    assert "Footnotes" not in run("report", "--show", "promises").out
    hidden = run("report", "--names", "--pseudonyms").out
    assert "(Engineer " in hidden
    assert not any(f"({name})" in hidden for name in past.ENGINEERS)


def test_an_empty_period_says_so(asked: Callable[..., Any], run: Run) -> None:
    for form in ("table", "markdown", "html"):
        assert "Nothing of it in this time." in run("report", "--period", "2031-01", "--format", form).out
    assert asked("--period", "2031-01")["rows"] == []
    assert run("report", "--period", "2031-01", "--format", "csv", "--by", "month").out.startswith("month,bucket,n,met")


def test_csv_has_the_values_of_the_json_and_no_formula(asked: Callable[..., Any], run: Run) -> None:
    """A customer called like a formula is a text to every spreadsheet."""
    for sheet in ("promises", "tickets", "claims", "surveys"):
        rows = list(
            csv.DictReader(run("report", "--by", "customer", "--show", sheet, "--format", "csv").out.splitlines())
        )
        expected = asked("--by", "customer")["rows" if sheet == "promises" else sheet]
        assert [list(row) for row in rows] == [list(row) for row in expected]
        for row, values in zip(rows, expected, strict=True):
            assert {name: value or "" for name, value in row.items()} == {
                name: "" if value is None else str(value) if name != "customer" else value
                for name, value in values.items()
            }


def test_hostile_names_are_harmless_in_every_form(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Markup, formulas, escapes of a terminal and right-to-left marks, as customer, engineer, priority and board."""
    monkeypatch.setenv("SLABOARD_STORE", str(hostile(tmp_path / "evil.db")))
    monkeypatch.setattr(command, "now", lambda: at("12:00"))
    for form in ("table", "markdown", "csv", "json", "html"):
        text = run("report", "--by", "customer,engineer,board,priority", "--format", form).out
        assert not any(char in text for char in "\x1b\x07\u202e\x9b")
        assert form in ("json", "csv", "table") or "<script" not in text
    cells = next(csv.reader(text for text in run("report", "--by", "engineer", "--format", "csv").out.splitlines()[1:]))
    assert cells[0].startswith("'=cmd")


def test_out_is_put_in_place_whole_and_says_the_format(asked: Callable[..., Any], run: Run, tmp_path: Path) -> None:
    """The name decides; the file is readable like any other that one writes."""
    for name, begin in (
        ("r.html", "<!doctype html>"),
        ("r.md", "# SLA report"),
        ("r.csv", "priority,bucket"),
        ("r", "SLA"),
    ):
        said = run("report", "--out", str(tmp_path / name))
        assert (tmp_path / name).read_text(encoding="utf-8").startswith(begin)
        assert said.out.startswith(f"OK {tmp_path / name} holds the report: ")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["r", "r.csv", "r.html", "r.md"]


def test_a_store_that_may_only_be_read_is_reported(quarter: Path, asked: Callable[..., Any]) -> None:
    """A report writes nothing."""
    before = quarter.read_bytes()
    asked()
    assert quarter.read_bytes() == before


def test_the_commands_of_the_page(
    quarter: Path, run: Run, asked: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each line of docs/metrics.md's block does something, as it stands there."""
    page = Path(__file__).parents[2].joinpath("docs", "metrics.md").read_text(encoding="utf-8")
    block = page[page.index("```sh") : page.index("```", page.index("```sh") + 5)]
    monkeypatch.chdir(tmp_path)
    lines = [shlex.split(line, comments=True)[1:] for line in block.splitlines()[1:]]
    assert len(lines) >= 8
    for line in lines:
        assert run(*line).out


def test_the_page_names_every_figure(asked: Callable[..., Any]) -> None:
    """Each value of each sheet stands in a table of docs/metrics.md."""
    page = Path(__file__).parents[2].joinpath("docs", "metrics.md").read_text(encoding="utf-8")
    said = asked("--by", "bucket")
    for sheet in ("rows", "tickets", "claims", "surveys"):
        assert all(f"`{name}`" in page for name in said[sheet][0] if name not in ("bucket", "small")), sheet


def test_an_empty_store(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before the first ticket there is nothing to report, in every form."""
    SqliteStore.create(tmp_path / "new.db").close()
    monkeypatch.setenv("SLABOARD_STORE", str(tmp_path / "new.db"))
    for form in ("table", "markdown", "json", "html"):
        for by in ("month,customer", "day"):
            run("report", "--format", form, "--show", "all", "--by", by)

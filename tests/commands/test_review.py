"""`slaboard report review`: every figure counted a second time, the forms, what is refused, and hostile names."""

from __future__ import annotations

import math
import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest

from slaboard.commands import choice, report, review
from slaboard.store.disk.driver import connect
from tests.commands.shell import Run
from tests.reports import evil, past, recount
from tests.reports.recount import Asked, Row
from tests.reports.test_page import BROWSER, ELEMENTS, OPTIONS, listening
from tests.sla.story import at, situation

ZONE = "Europe/Berlin"
OCTOBER, JANUARY, APRIL = 1_759_269_600, 1_767_222_000, 1_774_994_400  # 2025-10-01, 2026-01-01, 2026-04-01 in Berlin
ONLY = {"customer": ("Contoso",)}


@pytest.fixture(scope="module")
def quarter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store of a made-up quarter, in which everything befell one customer."""
    path = tmp_path_factory.mktemp("review") / "acme.db"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(past, "CUSTOMERS", ("Contoso", "Contoso", "Contoso", "Fabrikam"))
        patch.setattr(past, "_READY", [])  # it makes each store once
        past.made(path).close()
    return path


@pytest.fixture
def reviewed(quarter: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """What the review of Contoso says as JSON; times are Berlin's."""
    monkeypatch.setenv("SLABOARD_STORE", str(quarter))
    monkeypatch.setenv("TZ", ZONE)
    for module in (review, report):
        monkeypatch.setattr(module, "now", lambda: past.NOW)
    return lambda *options: run("report", "review", "contoso", "--format", "json", *options).json


def results(path: Path) -> list[Row]:
    """Contoso's results of 2026-Q1, each as its newest revision has it."""
    newest = {
        (row["ticket_id"], row["bucket"], row["cycle"]): row
        for row in recount.rows_of(path, "SELECT * FROM outcomes ORDER BY revision")
    }
    return [
        row
        for row in newest.values()
        if row["customer"] == "Contoso" and not row["withdrawn"] and JANUARY <= row["stopped_at"] < APRIL
    ]


def test_the_shares_times_and_tickets_are_what_a_slow_count_says(reviewed: Callable[..., Any], quarter: Path) -> None:
    said = reviewed("--period", "2026-Q1")
    asked = Asked((), JANUARY, APRIL, ZONE, only=ONLY)
    recount.same(said["rows"], recount.promises(quarter, asked), ("bucket",))
    by_priority = Asked(("priority",), JANUARY, APRIL, ZONE, only=ONLY)
    recount.same(said["by_priority"], recount.promises(quarter, by_priority), ("priority", "bucket"))
    by_quarter = Asked(("quarter",), OCTOBER, APRIL, ZONE, only=ONLY)
    for name in ("tickets", "surveys"):
        rows = recount.tickets(quarter, by_quarter, past.WORDS, past.NOW)[name]
        found = [{"quarter": row.pop("time"), **row} for row in said[name]]
        recount.same(found, rows, ("quarter",))


@pytest.mark.parametrize(("sheet", "unit", "since"), [("trend", "quarter", OCTOBER), ("pieces", "month", JANUARY)])
def test_the_trend_side_by_side(reviewed: Callable[..., Any], quarter: Path, sheet: str, unit: str, since: int) -> None:
    """Each time of each promise: its results and how many were kept."""
    rows = recount.promises(quarter, Asked((unit,), since, APRIL, ZONE, only=ONLY))
    expected = {(row["bucket"], row[unit]): (row["n"], row["met"]) for row in rows}
    found = {
        (row["bucket"], one["time"]): (one["n"], one["met"])
        for row in reviewed("--period", "2026-Q1")[sheet]
        for one in row["times"]
        if one["n"]
    }
    assert found == expected
    assert len({time for _, time in found}) == (2 if unit == "quarter" else 3)


def test_every_breach_with_where_its_time_went(reviewed: Callable[..., Any], quarter: Path) -> None:
    """The missed ones and no other, the latest first; the parts sum to the time used, and to the wall time."""
    missed = [row for row in results(quarter) if not row["met"]]
    said = reviewed("--period", "2026-Q1", "--limit", "1000")
    found = {(one["ticket"], one["bucket"], one["cycle"]): one for one in said["breaches"]}
    assert set(found) == {(row["ticket_id"], row["bucket"], row["cycle"]) for row in missed}
    for row in missed:
        one = found[row["ticket_id"], row["bucket"], row["cycle"]]
        assert one["over_s"] == row["elapsed_s"] - row["target_s"]
        seconds = {part["part"]: 0 for part in one["parts"]}
        for part in one["parts"]:
            seconds[part["part"]] += part["seconds"]
        assert sum(seconds.values()) == row["stopped_at"] - row["started_at"]
        counted = sum(seconds.get(part, 0) for part in ("unseen", "unclaimed", "idle", "worked"))
        assert counted == row["elapsed_s"]
    over = [one["over_s"] for one in said["breaches"]]
    assert over == sorted(over, reverse=True)
    assert sum(row["seconds"] for row in said["spent"]) == sum(r["stopped_at"] - r["started_at"] for r in missed)
    counted = sum(row["elapsed_s"] for row in missed)
    for row in said["spent"]:
        is_counted = row["part"] in ("unseen", "unclaimed", "idle", "worked")
        assert row["share"] == (pytest.approx(row["seconds"] / counted) if is_counted else None)
    some = reviewed("--period", "2026-Q1", "--limit", "3")
    assert [one["sentence"] for one in some["breaches"]] == [one["sentence"] for one in said["breaches"][:3]]
    assert some["spent"] == said["spent"]


def test_breaches_of_one_ticket_are_one_paragraph(reviewed: Callable[..., Any]) -> None:
    """With the autopsy of the latest of them; the others are named."""
    breaches = reviewed("--period", "2026-Q1", "--limit", "1000")["breaches"]
    told = [one for one in breaches if one["paragraph"]]
    assert [one["ticket"] for one in told] == list(dict.fromkeys(one["ticket"] for one in breaches))
    for one in told:
        others = [other for other in breaches if other["ticket"] == one["ticket"] and other is not one]
        assert one["paragraph"].startswith(one["sentence"])
        assert one["paragraph"].count(" of ", len(one["sentence"])) == len(others)


def binomial(n: int, k: int) -> float:
    """P(B <= k) of 0.9, by adding up."""
    return sum(math.comb(n, i) * 0.9**i * 0.1 ** (n - i) for i in range(k + 1))


def test_targets_with_their_evidence(reviewed: Callable[..., Any], quarter: Path) -> None:
    """What 90 % took, and the ranks between which it surely lies, counted from the binomial itself."""
    groups: dict[tuple[str, str, int], list[Row]] = {}
    for row in results(quarter):
        if row["bucket"] != "total_resolution":
            groups.setdefault((row["policy"], row["bucket"], row["target_s"]), []).append(row)
    said = {(row["policy"], row["bucket"], row["target_s"]): row for row in reviewed("--period", "2026-Q1")["targets"]}
    assert set(said) == set(groups)
    fits = set()
    for key, rows in groups.items():
        told, n, ordered = said[key], len(rows), sorted(row["elapsed_s"] for row in rows)
        assert (told["n"], told["met"]) == (n, sum(row["met"] for row in rows))
        if n < 20:
            assert (told["fit"], told["p90_s"], told["suggested_s"]) == ("too few", None, None)
            assert told["sentence"].endswith(f"too few to say (n = {n}).")
            continue
        low = max(k for k in range(1, n + 1) if binomial(n, k - 1) <= 0.025)
        high = next((k for k in range(1, n + 1) if binomial(n, k - 1) >= 0.975), None)
        upper = ordered[high - 1] if high else None
        assert told["p90_s"] == ordered[math.ceil(0.9 * n - 1e-9) - 1]
        assert (told["low_s"], told["high_s"]) == (ordered[low - 1], upper)
        is_tight, is_loose = ordered[low - 1] > key[2], upper is not None and upper <= key[2] / 2
        assert (told["fit"] == "too tight", told["fit"] == "too loose") == (is_tight, is_loose)
        fits.add(told["fit"])
    assert len(fits) > 1


def test_what_was_promised_in_words(reviewed: Callable[..., Any]) -> None:
    """The targets by which results were judged, the second target of a policy that changed, and the hours."""
    everyone, urgent = reviewed("--period", "2026-Q1")["promised"]
    assert everyone["targets"] == {"response": [3600], "resplan": [14400], "resolution": [57600], "update": [14400]}
    assert "Response within 1h, Resplan within 4h, Resolution within 16h" in everyone["sentence"]
    assert "Counted mon-tue 09:00-17:00, thu 09:00-17:00, fri 09:00-15:00 Europe/Berlin;" in everyone["sentence"]
    assert urgent["targets"]["resolution"] == [28800, 72000]
    assert "Resolution within 8h, later 20h. Counted around the clock" in urgent["sentence"]


def test_the_default_is_the_last_whole_quarter(reviewed: Callable[..., Any]) -> None:
    """In March that is the one before; the same from a day to a day."""
    said = reviewed()
    assert (said["since"], said["until"]) == ("2025-09-30T22:00:00Z", "2025-12-31T23:00:00Z")
    assert said == reviewed("--period", "2025-Q4") == reviewed("--since", "2025-10-01", "--until", "2026-01-01")


def test_a_stretch_of_one_s_own(reviewed: Callable[..., Any]) -> None:
    """It is compared with stretches of the same length, which have no name but their days."""
    said = reviewed("--since", "2026-02-10", "--until", "2026-02-20")
    times = [one["time"] for one in said["trend"][0]["times"]]
    assert times == [
        "2026-01-11 to 2026-01-20", "2026-01-21 to 2026-01-30", "2026-01-31 to 2026-02-09", "2026-02-10 to 2026-02-19",
    ]  # fmt: skip


def test_footnotes_are_the_end_of_it(reviewed: Callable[..., Any], run: Run) -> None:
    """Of that customer's tickets alone; whose act each was only where that is asked for."""
    found = reviewed("--period", "2026-Q1")
    assert list(found)[-1] == "footnotes"
    assert {row["looked_at"] for row in found["footnotes"]} == {
        len({row["ticket_id"] for row in results(Path(os.environ["SLABOARD_STORE"]))})
    }
    said, named = (
        run("report", "review", "contoso", "--period", "2026-Q1", *more).out.split("Footnotes\n")[1]
        for more in ((), ("--names",))
    )
    assert not any(f"({name})" in said for name in past.ENGINEERS)
    assert any(f"({name})" in named for name in past.ENGINEERS)


def test_pseudonyms_hide_engineers_and_not_the_customer(reviewed: Callable[..., Any], run: Run) -> None:
    """It is held with the customer, who is called by name."""
    for form in ("json", "table", "markdown", "html"):
        options = ("report", "review", "Contoso", "--period", "2026-Q1", "--format", form)
        text = run(*options, "--pseudonyms").out
        assert not re.search(r"\b(?:Ana|Ben|Chi)\b", text)
        assert "Contoso" in text
        assert "Engineer " in text
        assert re.search(r"\b(?:Ana|Ben|Chi)\b", run(*options).out)


def test_nothing_happened(reviewed: Callable[..., Any], run: Run) -> None:
    """Every form has something to say about nothing."""
    said = reviewed("--period", "2020-Q1")
    assert said["rows"] == said["breaches"] == said["targets"] == []
    assert [row["about"] for row in said["proposals"]] == ["nothing"]
    for form in ("table", "markdown", "html"):
        assert "Breaches: none" in run("report", "review", "Contoso", "--period", "2020-Q1", "--format", form).out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        situation("no such customer", "contosa", "No customer is called contosa; near to it: Contoso."),
        situation("no customer", "", "Missing argument 'CUSTOMER'"),
        situation("no period", "Contoso --period lately", "'lately' is no period: write week, month or quarter"),
        situation("two times", "Contoso --period month --since 2026-01-01", "--period says since when"),
        situation("csv", "Contoso --out r.csv", "a review is no one table; name the file .md, .html or .json"),
        situation("too many", "Contoso --limit 5000", "5000 is not in the range"),
        situation("nowhere", "Contoso --out /proc/nowhere/r.md", "/proc/nowhere/r.md cannot be written"),
    ],
)
def test_what_is_refused(reviewed: Callable[..., Any], run: Run, arguments: str, said: str) -> None:
    """Each with a sentence, and exit code 2."""
    assert said in run("report", "review", *arguments.split(), code=2).err.replace("\n", " ")


def test_an_option_before_the_way_is_not_passed_over(reviewed: Callable[..., Any], run: Run) -> None:
    """It would be of another time than was meant; `report` alone goes on as before."""
    said = run("report", "--period", "month", "review", "Contoso", code=2).err
    assert "Write --period behind `review`" in said
    assert run("report", "--period", "2026-01", "--format", "json").json["rows"]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store in which customers, titles, engineers and boards have hostile names, and all is late."""
    return evil.hostile(tmp_path_factory.mktemp("review") / "<b>evil.db")


def test_hostile_names_and_titles_are_harmless_in_every_form(
    hostile: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As customer, title, engineer and status word; a page has our elements, none of which could do anything."""
    monkeypatch.setenv("SLABOARD_STORE", str(hostile))
    monkeypatch.setattr(review, "now", lambda: at("12:00"))
    with connect(hostile) as connection:
        names = [row[0] for row in connection.execute("SELECT customer FROM tickets WHERE priority = 'P1' ORDER BY id")]
    for name in names:
        for form in ("table", "markdown", "json", "html"):
            text = run("report", "review", name, "--since", "2026-01-01", "--format", form).out
            assert "E-" in text
            assert not any(char in text for char in "\x1b\x07\u202e\x9b")
            if form == "markdown":
                assert not re.search(r"<\w|(?<!\\)!\[|://", text)
            if form == "html":
                assert set(re.findall(r"<([^\s>/]+)", text)) - {"!doctype", "ul", "li"} <= ELEMENTS
                tags = " ".join(re.findall(r"<[^>]*>", text))
                assert not re.search(r"\s(?:src|href|srcset|style|on\w+)\s*=", tags)
                assert "default-src &#x27;none&#x27;" in text


@pytest.mark.skipif(BROWSER is None, reason="no Chromium here (on Debian: apt install chromium)")
def test_a_browser_draws_it_and_asks_the_network_for_nothing(
    hostile: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Chromium with a proxy that notes each request."""
    assert BROWSER is not None
    monkeypatch.setenv("SLABOARD_STORE", str(hostile))
    monkeypatch.setattr(review, "now", lambda: at("12:00"))
    page = tmp_path / "r.html"
    name = next(name for name in evil.NAMES if "img" in name)
    run("report", "review", name, "--since", "2026-01-01", "--out", str(page))
    with listening() as (port, heard):
        done = subprocess.run(
            [
                BROWSER, *OPTIONS, f"--user-data-dir={tmp_path / 'profile'}", f"--proxy-server=127.0.0.1:{port}",
                "--proxy-bypass-list=<-loopback>", "--virtual-time-budget=2000", "--dump-dom", page.as_uri(),
            ],
            capture_output=True, text=True, timeout=120, check=True,
        )  # fmt: skip
    assert not [request for request in heard if evil.FETCHED.encode() in request]
    assert "<img" not in done.stdout
    assert done.stdout.count("<li>") == page.read_text(encoding="utf-8").count("<li>") >= 3


def test_tab_offers_customers(reviewed: Callable[..., Any], quarter: Path) -> None:
    """In whatever case they are typed."""
    context = click.Context(review.review)
    argument = review.review.params[0]
    assert choice.customers(context, argument, "") == ["Contoso", "Fabrikam"]
    assert choice.customers(context, argument, "FAB") == ["Fabrikam"]

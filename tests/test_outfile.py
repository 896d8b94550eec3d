"""A list as a file: exactly what is listed, whole or not at all, and never in place of another unasked."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from slaboard import outfile
from slaboard.board.moves.effect import Export
from slaboard.board.views import Sort, SortBy, Tab, View, parse_filter
from slaboard.errors import UsageError
from slaboard.store.read.live import Live
from slaboard.store.read.past import Past
from slaboard.store.sqlite import SqliteStore
from tests.sla.story import at
from tests.store.desk import desk

NOW = at("09:50")
LINES = tuple(
    f"09:{number:02} mail add B-{number} customer=C{number % 3} priority=P{number % 4}" for number in range(30)
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    with desk(tmp_path / "s.db", *LINES) as made:
        yield made


@pytest.mark.parametrize(
    "view",
    [
        View(Tab.ALL), View(Tab.NEEDS), View(Tab.ALL, parse_filter("cust:=c1"), sort=Sort(SortBy.DUE, True)),
        View(Tab.ALL, parse_filter("clock:resolution g:")), View(Tab.BREACHED, parse_filter("nobody")),
    ],
)  # fmt: skip
@pytest.mark.parametrize("moment", [None, at("09:30")])
def test_what_is_written_is_what_is_listed(store: SqliteStore, tmp_path: Path, view: View, moment: int | None) -> None:
    """In its order; now, and in the past."""
    source = store if moment is None else Past(store, moment)
    listed = [ticket.id for ticket in source.window(view, moment or NOW, 0, 1_000).rows]
    for name in ("x.csv", "x.ndjson"):
        said = outfile.exported(store, Export(str(tmp_path / name), view, moment), NOW)
        assert said == f"{outfile.told(len(listed))} in {tmp_path / name}"
    with (tmp_path / "x.csv").open(encoding="utf-8", newline="") as file:
        assert [row["id"] for row in csv.DictReader(file)] == listed
    lines = (tmp_path / "x.ndjson").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["id"] for line in lines] == listed


def test_a_file_that_is_there_stays(store: SqliteStore, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("mine")
    with pytest.raises(UsageError, match=r"is there already and stays as it is\. Name another file\.$"):
        outfile.exported(store, Export(str(path), View(Tab.ALL)), NOW)
    assert path.read_text() == "mine"
    outfile.exported(store, Export(str(path), View(Tab.ALL), replaces=True), NOW)
    assert path.read_text().startswith("id,title,")


@pytest.mark.parametrize(("file", "form"), [("x.csv", "csv"), ("X.CSV", "csv"), ("x.jsonl", "ndjson"), ("x", None)])
def test_the_name_says_how(file: str, form: str | None) -> None:
    if form is not None:
        assert outfile.form_of(file) == form
        return
    with pytest.raises(UsageError, match=r"Call it NAME.csv or NAME.ndjson"):
        outfile.form_of(file)
    assert outfile.form_of(file, "csv") == "csv"


def test_ids_are_read_in_batches_in_the_list_s_order(store: SqliteStore) -> None:
    """However many there are: none of them is missing and none is there twice."""
    live, view = Live(store), View(Tab.ALL)
    whole = [ticket.id for ticket in live.window(view, NOW, 0, 1_000).rows]
    batches = [json.loads(batch) for batch in live.batches(view, NOW, 7)]
    assert [len(batch) for batch in batches] == [7] * (len(whole) // 7) + ([len(whole) % 7] if len(whole) % 7 else [])
    assert [id_ for batch in batches for id_ in batch] == whole

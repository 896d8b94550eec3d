"""A list as a file: exactly what is listed, whole or not at all, and never in place of another unasked."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
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
    with pytest.raises(outfile.Taken, match=r"is there already\. Nothing was written"):
        outfile.exported(store, Export(str(path), View(Tab.ALL)), NOW)
    assert path.read_text() == "mine"
    outfile.exported(store, Export(str(path), View(Tab.ALL), replaces=True), NOW)
    assert path.read_text().startswith("id,title,")


def test_one_that_comes_meanwhile_stays_too(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"

    def lines() -> Iterator[str]:
        path.write_text("theirs")
        yield "mine"

    with pytest.raises(outfile.Taken):
        outfile.write(path, lines())
    assert path.read_text() == "theirs"
    assert [found.name for found in tmp_path.iterdir()] == ["x.csv"]


def test_what_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    def lines() -> Iterator[str]:
        yield "a"
        raise UsageError("broken off")

    with pytest.raises(UsageError, match="broken off"):
        outfile.write(tmp_path / "x.csv", lines())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("file", "sentence"), [("/nope/x.csv", "No such file"), ("{}/made.csv", "is a folder")])
def test_where_nothing_can_be_written_is_a_sentence(tmp_path: Path, file: str, sentence: str) -> None:
    (tmp_path / "made.csv").mkdir()
    with pytest.raises(UsageError, match=sentence):
        outfile.write(outfile.path_of(file.format(tmp_path)), ["a"], replaces=True)


def test_names_are_a_person_s(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert outfile.path_of("~/x.csv") == outfile.path_of("x.csv") == tmp_path / "x.csv"
    with pytest.raises(UsageError, match="no name for a file"):
        outfile.path_of("~nobody-has-this-name/x.csv")
    os.symlink("nowhere", tmp_path / "link.csv")
    assert outfile.is_taken("link.csv")
    assert not outfile.is_taken("a\0b")


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


LEFT = """
import sys, threading
from pathlib import Path
from slaboard import outfile
begun = threading.Event()
def lines():
    while True:
        yield "x"
        begun.set()
threading.Thread(target=outfile.write, args=(Path(sys.argv[1]), lines()), daemon=True).start()
begun.wait()
"""


def test_a_board_that_is_closed_meanwhile_leaves_nothing(tmp_path: Path) -> None:
    """A list of a million takes minutes, on a thread that nobody waits for."""
    subprocess.run([sys.executable, "-c", LEFT, str(tmp_path / "x.csv")], check=True)
    assert list(tmp_path.iterdir()) == []


def test_one_board_writes_the_same_file_twice_at_once(tmp_path: Path) -> None:
    """Who is ready first has it; the other neither spoils it nor takes its place."""
    path = tmp_path / "x.csv"

    def lines() -> Iterator[str]:
        yield "first"
        outfile.write(path, ["second"])

    with pytest.raises(outfile.Taken):
        outfile.write(path, lines())
    assert path.read_text() == "second\n"
    assert [found.name for found in tmp_path.iterdir()] == ["x.csv"]

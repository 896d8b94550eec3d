"""The frame of the benches: figures, their table and file, and the page that explains each of them."""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from tests.benchmarks import __main__ as frame
from tests.benchmarks import measure
from tests.benchmarks.measure import Figure, Stolen, calm, table, undisturbed, write

HERE = Path(__file__).parent
PAGE = HERE.parent.parent / "docs" / "performance.md"


def ids(path: Path) -> Iterator[str]:
    """Every figure's id in a bench, as a pattern: what is filled in at run time may be any word."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func).lower().endswith("figure") and node.args:
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield re.escape(first.value)
            elif isinstance(first, ast.JoinedStr):
                parts = (
                    re.escape(str(part.value)) if isinstance(part, ast.Constant) else r"\w+" for part in first.values
                )
                yield "".join(parts)


@pytest.mark.parametrize("path", [*sorted(HERE.glob("bench_*.py")), HERE / "soak.py"], ids=lambda path: path.stem)
def test_every_figure_is_explained(path: Path) -> None:
    """docs/performance.md names the id of each figure that a bench takes."""
    page = PAGE.read_text(encoding="utf-8")
    found = list(ids(path))
    assert found
    for pattern in found:
        assert re.search(f"`{pattern}`", page), f"{path.name}: {pattern}"


@pytest.mark.parametrize(
    ("ratio", "goal", "ok"),
    [(2.0, "<= 2", True), (2.1, "<= 2", False), (100, ">= 100", True), (99.9, ">= 100", False), (None, "taken", False)],
)
def test_a_figure_keeps_its_goal_or_not(ratio: float | None, goal: str, ok: bool) -> None:
    assert Figure("a.b", "something", ratio, goal).ok is ok


def test_the_table_shows_the_goal_beside_each_ratio() -> None:
    lines = table(
        [Figure("a.b", "one over another", 1.5, "<= 2"), Figure("c", "broke off", None, "taken")]
    ).splitlines()
    assert lines[1].split() == ["ok", "1.50", "<=", "2", "a.b:", "one", "over", "another"]
    assert lines[2].split() == ["NO", "-", "taken", "c:", "broke", "off"]


def test_the_file_is_a_list_of_figures(tmp_path: Path) -> None:
    write([Figure("a.b", "one over another", 1.23456, "<= 2")], tmp_path / "bench.json")
    assert json.loads((tmp_path / "bench.json").read_text()) == [
        {"id": "a.b", "what": "one over another", "ratio": 1.235, "goal": "<= 2", "ok": True}
    ]
    assert [path.name for path in tmp_path.iterdir()] == ["bench.json"]


@pytest.fixture
def benches(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A good bench and one that breaks off after its first figure; where bench.json goes."""

    def good() -> Iterator[Figure]:
        yield Figure("good.one", "fine", 1.0, "<= 2")

    def broken() -> Iterator[Figure]:
        yield Figure("broken.one", "fine", 1.0, "<= 2")
        raise RuntimeError("no tmux\nhere")

    for name, figures in (("good", good), ("broken", broken)):
        module = ModuleType(name)
        module.figures = figures  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, f"tests.benchmarks.bench_{name}", module)
    monkeypatch.setattr(frame, "names", lambda: ["broken", "good"])
    monkeypatch.setattr(frame, "RESULT", tmp_path / "bench.json")
    return tmp_path / "bench.json"


def test_a_bench_that_breaks_off_loses_no_figure(benches: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert frame.main([]) == 1
    rows = json.loads(benches.read_text())
    assert [(row["id"], row["ok"]) for row in rows] == [("broken.one", True), ("broken", False), ("good.one", True)]
    assert rows[1]["ratio"] is None
    assert "broken: could not be taken: RuntimeError: no tmux\n" in capsys.readouterr().out


def test_some_benches_leave_the_file_alone(benches: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert frame.main(["good"]) == 0
    assert not benches.exists()
    assert "good.one" in capsys.readouterr().out


def test_an_unknown_bench_is_named(benches: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert frame.main(["god"]) == 2
    assert "No bench god; there are broken, good." in capsys.readouterr().err


def test_the_benches_are_found() -> None:
    assert {"boards", "calendar", "drawing", "wire"} <= set(frame.names())


def test_a_stretch_that_others_disturbed_is_made_again_and_the_rest_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten ticks each; as many are stolen as the stretch's number says."""
    ticks, stolen, made = [0, 0], iter((3, 0, 0, 9, 0)), []

    def stretch() -> int:
        ticks[0] += (number := next(stolen))
        ticks[1] += 10
        made.append(number)
        return number

    monkeypatch.setattr(measure, "_ticks", lambda: tuple(ticks))
    assert undisturbed(stretch, 2, 2) == ([0, 0], "; 1 of 3 made again, as other machines took more than 5 % of ours")
    said, words = undisturbed(stretch, 2, 0)
    assert said == [0, 9]
    assert words == "; other machines took up to 90 % of ours"


def test_parts_that_others_disturbed_are_left_out_while_most_are_calm() -> None:
    because = "as other machines took more than 5 % of ours"
    assert calm([(0.0, 1), (0.05, 2)]) == ([1, 2], "")
    assert calm([(0.0, 1), (0.06, 9)]) == ([1], f"; 1 of 2 parts left out, {because}")
    assert calm([(0.0, 1), (0.06, 9), (0.5, 9)]) == ([1, 9, 9], f"; 2 of 3 parts are disturbed, {because}")


def test_what_the_kernel_does_not_tell_was_not_stolen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(measure, "STAT", tmp_path / "none")
    assert Stolen().share == 0
    (tmp_path / "stat").write_text("cpu  10 0 10 80 0 0 0 0 0 0\ncpu0 1 2 3\n", encoding="ascii")
    monkeypatch.setattr(measure, "STAT", tmp_path / "stat")
    since = Stolen()
    (tmp_path / "stat").write_text("cpu  20 0 20 130 0 0 0 30 7 7\ncpu0 1 2 3\n", encoding="ascii")
    assert since.share == 0.3

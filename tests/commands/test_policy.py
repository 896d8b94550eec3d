"""The policy's life on the command line: checked whole, applied on purpose, shown and remembered."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from slaboard.commands import policy as module
from slaboard.store.read.promises import Preview, preview
from slaboard.store.sqlite import SqliteStore
from tests.commands.shell import Run
from tests.sla.story import at
from tests.store.desk import POLICY

BAD = """
[calendar.office]
timezone = "Europe/Berlinn"
hours = { mon = ["9-17"] }
[[policy]]
name = "Everyone"
calendar = "offce"
targets = { response = "1d" }
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    found = tmp_path / "policy.toml"
    found.write_text(POLICY.replace('"4h", resolution', '"30m", resolution'))
    return found


def test_a_good_file(run: Run, file: Path) -> None:
    assert run("policy", "check", str(file)).out == f"OK {file}: 2 policies, 6 status words, no problems.\n"


def test_a_bad_file_is_told_all_its_problems_each_with_its_line(path: Path, run: Run, file: Path) -> None:
    file.write_text(BAD)
    for command in (["check"], ["apply", "--yes"]):
        said = run("policy", *command, str(file), code=2)
        *problems, last = said.err.splitlines()
        assert said.out == ""
        assert last == f"slaboard: {file} has {len(problems)} problems; the policy in force stays."
        assert len(problems) >= 4
        for line, word in ((3, "Berlinn"), (4, "17"), (7, "offce"), (8, "1d")):
            assert any(problem.startswith(f"{file}: line {line}: ") and word in problem for problem in problems), (
                problems
            )
    with SqliteStore(path) as store:
        assert store.policy_version() == 1


def test_a_file_that_is_not_there_or_no_text(run: Run, file: Path) -> None:
    assert run("policy", "check", str(file.parent), code=2).err.startswith(
        f"slaboard: The policy {file.parent} cannot be read: "
    )
    file.write_bytes(b"\xff\xfe")
    assert "cannot be read" in run("policy", "check", str(file), code=2).err


def test_nobody_to_ask_means_nothing_is_applied(path: Path, file: Path) -> None:
    command = [sys.executable, "-m", "slaboard", "policy", "apply", str(file), "--store", str(path)]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert done.stderr == "slaboard: Nobody can be asked here, so nothing was applied. Say --yes to apply it.\n"
    with SqliteStore(path) as store:
        assert store.policy_version() == 1


def test_ctrl_c_at_the_question_applies_nothing(
    path: Path, run: Run, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("click.termui.visible_prompt_func", interrupted)
    assert run("policy", "apply", str(file), code=130).err.strip() == "slaboard: stopped. Nothing was applied."
    with SqliteStore(path) as store:
        assert store.policy_version() == 1


def test_an_applied_policy_moves_the_open_clocks_at_once(path: Path, run: Run, file: Path) -> None:
    before = {ticket["id"]: ticket for ticket in run("tickets", "--json").objects}
    said = run("policy", "apply", str(file), "--yes", "--as", "ana")
    assert said.out.endswith("OK version 2 of the policy is in force.\n")
    after = {ticket["id"]: ticket for ticket in run("tickets", "--json").objects}
    assert before["A-1"]["clocks"]["resplan"]["due_at"] == "2026-01-05T13:00:00Z"
    assert after["A-1"]["clocks"]["resplan"]["due_at"] == "2026-01-05T09:30:00Z"
    assert after["A-1"]["clocks"]["resplan"]["cause"] == "retarget"
    assert after["A-1"]["clocks"]["response"] == before["A-1"]["clocks"]["response"]
    assert run("check").out.endswith(" 0 differences.\n")


def test_what_is_shown_can_be_applied_again(path: Path, run: Run, file: Path) -> None:
    run("policy", "apply", str(file), "--yes")
    shown = run("policy", "show").out
    assert shown == file.read_text()
    assert run("policy", "show", "--version", "1").out == POLICY
    assert run("policy", "show", "--version", "9", code=2).err == (
        "slaboard: There is no version 9; slaboard policy history lists them.\n"
    )


def test_every_version_is_remembered_with_its_author_and_its_time(path: Path, run: Run, file: Path) -> None:
    run("policy", "apply", str(file), "--yes", "--as", "ana")
    first, second = run("policy", "history").out.splitlines()
    assert first.split()[:2] == ["1", "2026-01-05"]
    assert first.split()[4] == "test"
    assert second.split()[:5] == ["2", "2026-01-05", "09:50", "UTC", "ana"]


def test_the_policy_that_is_in_force_already_is_no_new_version(path: Path, run: Run, file: Path) -> None:
    """Unless a past is to be judged anew by it."""
    run("policy", "apply", str(file), "--yes")
    said = run("policy", "apply", str(file))
    assert said.out == f"OK {file} is in force already, as version 2. Nothing changed.\n"
    said = run("policy", "apply", str(file), "--yes", "--rejudge-since", "2026-01-01")
    assert (
        "What finished since 2026-01-01 00:00 UTC is judged anew, of 2 tickets; the old results are kept." in said.out
    )
    late = run("policy", "apply", str(file), "--yes", "--rejudge-since", "2026-02-01", code=2).err
    assert late == "slaboard: --rejudge-since 2026-02-01 00:00 UTC is yet to come, so nothing finished since then.\n"
    again = run("policy", "apply", str(file), "--yes", "--rejudge-since", "2026-01-02").out
    assert again == (
        f"OK {file} is in force already, as version 3, and results since 2026-01-01 00:00 UTC were judged anew by it. "
        "Nothing changed.\n"
    )
    found = run("policy", "history", "--json").objects
    assert [(one["version"], one["rejudged_since"]) for one in found] == [
        (1, None), (2, None), (3, "2026-01-01T00:00:00Z"),
    ]  # fmt: skip
    assert found[1]["text"] == file.read_text()


def test_who_applies_a_policy_is_who_acts_elsewhere(
    path: Path, run: Run, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the environment too, and as the roster writes the name."""
    run("team", "add", "Zoe")
    monkeypatch.setenv("SLABOARD_USER", "zoe")
    run("policy", "apply", str(file), "--yes")
    assert run("policy", "history", "--json").objects[-1]["author"] == "Zoe"


def test_a_store_without_a_policy(tmp_path: Path, run: Run) -> None:
    SqliteStore.create(tmp_path / "bare.db").close()
    store = str(tmp_path / "bare.db")
    assert run("policy", "show", "--store", store, code=2).err == (
        "slaboard: No policy is in force yet: slaboard policy apply FILE\n"
    )
    assert run("policy", "history", "--store", store).out == ""


def test_a_hostile_policy_is_harmless_on_a_terminal(
    path: Path, run: Run, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_text(POLICY.replace("Everyone", "Every\u202eone\\u001b[31m"))
    run("policy", "apply", str(file), "--yes")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    said = run("policy", "show").out + run("tickets", "--json").out
    assert "Everyone" in said
    assert not set(said) & set("\x1b\u202e")


def test_in_a_file_a_policy_is_as_it_was_written(path: Path, run: Run, file: Path) -> None:
    """Tabs, what cannot be seen, letters in two parts, no line end: applied again it is the one in force."""
    file.write_text(POLICY.replace("Everyone", "Jose\u0301 \u200d\u202e").replace("match =", "\tmatch =").rstrip("\n"))
    run("policy", "apply", str(file), "--yes")
    shown = run("policy", "show").out
    assert shown == file.read_text()
    file.write_text(shown)
    assert "in force already, as version 2. Nothing changed." in run("policy", "apply", str(file)).out


def test_who_was_overtaken_applies_nothing(path: Path, run: Run, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ben applies another one while Ana looks at what hers would do: hers was held against what is gone."""

    def looked(store: SqliteStore, *others: object) -> Preview:
        with SqliteStore(path) as other:
            other.apply_policy(POLICY.replace("16h", "12h"), "ben", at("09:50"))
        return preview(store, *others)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "preview", looked)
    said = run("policy", "apply", str(file), "--yes", "--as", "ana", code=5)
    assert said.err == (
        "slaboard: ben put version 2 in force meanwhile, so nothing was applied. See it: slaboard policy show\n"
    )
    assert [one["author"] for one in run("policy", "history", "--json").objects] == ["test", "ben"]

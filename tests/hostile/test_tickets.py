"""Whatever a ticket, a person, a policy or a view says, in every field and through every exit: it stays text."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slaboard.board.cells import width
from slaboard.board.moves.effect import Copy
from slaboard.board.moves.link import copied, is_link
from slaboard.board.moves.session import Session
from slaboard.board.render import render
from slaboard.board.state import Board
from slaboard.host.crash import crash_log
from slaboard.store.base import Act
from slaboard.store.disk.driver import connect
from slaboard.store.sqlite import SqliteStore
from slaboard.text import cap, clean
from slaboard.tui import terminal
from tests.board.boards import boards
from tests.commands.shell import at_noon
from tests.examples import examples
from tests.hostile.shell import said
from tests.hostile.words import NASTY, SURROGATES, TEXTS, harmful, is_formula
from tests.sla.story import at
from tests.store.desk import desk

NOW = at("09:50")
WORDS = (*NASTY, *SURROGATES)
ALL = "SLABOARD_HYPOTHESIS_EXAMPLES" in os.environ
FIELDS = ("title", "customer", "priority", "status", "board", "type", "url")


def toml(text: str) -> str:
    """A TOML text in quotes."""
    return '"' + "".join(f"\\U{ord(char):08x}" for char in text.encode("utf-8", "replace").decode()) + '"'


def policy(word: str) -> str:
    """A policy in which everything has that name."""
    name = toml(word if clean(word).strip() else "x")
    return f"""
engage_skill = {toml(word.replace(",", " "))}
[calendar.{name}]
hours = "24x7"
[status]
{name} = "plan"
[[policy]]
name = {name}
match = {{ board = {name} }}
calendar = {name}
targets = {{ response = "1h", resplan = "4h", resolution = "16h" }}
[[policy]]
name = "Everyone"
calendar = {name}
targets = {{ response = "1h", resplan = "4h", resolution = "16h" }}
"""


def fill(store: SqliteStore, ticket: str, word: str) -> None:
    """A ticket that says `word` wherever something can be said, and on which each verb has been done."""
    store.add(Act("add", ticket, "mail", changes=dict.fromkeys(FIELDS, word), via=word), at("09:00"))
    acts = [
        Act("respond", ticket, "Ana", word), Act("claim", ticket, "Ana", any_zone=True, via=word),
        Act("release", ticket, "Ana", word), Act("claim", ticket, "Ben", any_zone=True),
        Act("takeover", ticket, "Ana", word), Act("wait", ticket, "Ana", word), Act("resume", ticket, "Ana"),
        Act("note", ticket, "Ana", f"x{word}"),
        Act("set", ticket, "Ana", changes={"title": f"a{word}", "customer": f"b{word}", "priority": f"c{word}"}),
        Act("set", ticket, "Ana", changes={"title": word, "customer": word, "priority": word}),
    ]  # fmt: skip
    for minute, act in enumerate(acts, 1):
        store.act(act, at("09:10") + 60 * minute)


def foreign(path: Path, number: int, word: str) -> None:
    """A ticket, an event and a person that another program wrote, whose very names are `word`."""
    word = cap(word)
    with connect(path) as other:
        other.execute(
            "INSERT OR IGNORE INTO tickets (id, title, customer, priority, status, owner, board, type, url, opened_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", (f"{word}{number}", *[word] * 8, at("09:05")),
        )  # fmt: skip
        other.execute(
            "INSERT INTO events (ticket_id, at, kind, actor, id, caused_by, status, reason, owner, note, channel,"
            " skill) VALUES (?, ?, 'status', ?, ?, ?, ?, ?, ?, ?, ?, ?)", (f"{word}{number}", at("09:06"), *[word] * 9),
        )  # fmt: skip
        other.execute(
            "INSERT OR IGNORE INTO engineers (name, key, skills) VALUES (?, ?, ?)", (word, f"k{number}", word)
        )
    other.close()


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with a ticket for each nasty word, in our hand and in another program's."""
    path = tmp_path_factory.mktemp("words") / "board.db"
    with desk(path, policy=policy("[b]\x1b[31m'\";--#{pid}")) as store:
        store.connection.execute("PRAGMA synchronous=OFF")  # 600 acts, and nobody pulls a plug
        for number, word in enumerate(WORDS):
            fill(store, f"W-{number}", word)
    for number, word in enumerate(WORDS):
        foreign(path, number, word)
    return path


@pytest.fixture
def path(everything: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, which SLABOARD_STORE names, at ten to ten."""
    copy = tmp_path / "board.db"
    shutil.copy(everything, copy)
    monkeypatch.setenv("SLABOARD_STORE", str(copy))
    at_noon(monkeypatch, NOW)
    return copy


PLAIN = (
    ["tickets"], ["tickets", "--all"], ["tickets", "--at", "2026-01-05T09:30:00Z"], ["grid"], ["status"], ["check"],
    ["doctor"], ["policy", "show"], ["policy", "history"], ["explain", "W-0"], ["board", "--once", "--size", "200x50"],
    ["board", "--size", "120x30"], ["board", "--size", "80x24"], ["board", "--size", "40x12"],
    ["board", "--size", "20x5"], ["board", "--size", "1x1"],
    ["board", "--wall", "--size", "120x30"], ["board", "--history", "--size", "120x30"], ["handover"],
    ["handover", "--format", "markdown"], ["report", "--by", "engineer"], ["team", "list"], ["autopsy", "W-0"],
)  # fmt: skip


@pytest.mark.parametrize("command", PLAIN, ids=" ".join)
def test_no_plain_output_is_acted_on_by_a_terminal(path: Path, command: list[str]) -> None:
    found = said(*command, code=None)
    assert found.code in (0, 1)
    assert not harmful(found.out + found.err)


def test_a_board_is_printed_also_where_the_first_ticket_has_an_id_that_nobody_can_say(tmp_path: Path) -> None:
    """Only another program can have given it that; it is seen, and nothing can be done to it here."""
    path = tmp_path / "board.db"
    desk(path, "09:00 mail resolve").close()
    with connect(path) as other:
        other.execute("INSERT INTO tickets (id, priority) VALUES (?, 'P1')", ("X\x1b[2J\u200b-1",))
    other.close()
    for extra in ([], ["--wall"], ["--history"]):
        found = said("board", "--once", "--size", "120x40", *extra, "--store", str(path))
        assert not harmful(found.out + found.err)


def test_every_ticket_stands_on_a_line_of_its_own(path: Path) -> None:
    lines = said("tickets", "--all").out.splitlines()
    assert len(lines) == len(said("tickets", "--all", "--json").out.splitlines()) >= 2 * len(WORDS)
    assert all(width(line) < 150 for line in lines if line.split()[1].startswith("W-"))


def test_json_gives_every_text_as_it_came_and_shows_none_of_its_controls(path: Path) -> None:
    found = said("tickets", "--all", "--json")
    assert not harmful(found.out)
    tickets = {ticket["id"]: ticket for ticket in map(json.loads, found.out.split("\n")[:-1])}
    for number, word in enumerate(WORDS):
        for field in ("title", "customer", "board", "type", "url"):
            assert tickets[f"W-{number}"][field] == (cap(word) or None), (word, field)


@pytest.mark.parametrize("extra", [[], ["--at", "2026-01-05T09:30:00Z"]], ids=["now", "then"])
def test_no_cell_of_a_table_is_a_formula(path: Path, extra: list[str]) -> None:
    """Each row has all its cells, each what we put there; a reader who parts cells at semicolons finds none either."""
    found = said("tickets", "--all", "--csv", *extra)
    assert not harmful(found.out)
    rows = list(csv.DictReader(io.StringIO(found.out, newline="")))
    told = [json.loads(line) for line in said("tickets", "--all", "--json", *extra).out.split("\n")[:-1]]
    assert len(rows) == len(told) >= len(WORDS)
    for row, ticket in zip(rows, told, strict=True):
        assert not any(is_formula(cell) for cell in row.values()), row
        assert None not in row
        for name in ("title", "customer", "priority", "status", "policy"):
            assert row[name].replace("'", "") == clean(ticket[name] or "", limit=65_536).replace("'", ""), name
    short = (line for line in found.out.splitlines() if len(line) < 100_000)
    for line in csv.reader(short, delimiter=";"):
        assert not any(is_formula(cell) for cell in line), line


def test_tmux_gets_numbers_and_our_own_colours(path: Path) -> None:
    found = said("status", "--format", "tmux").out
    assert re.fullmatch(r"#\[fg=colour160\]R\d+ #\[fg=colour208\]O\d+ #\[fg=colour220\]Y\d+#\[default\]\n", found)


@pytest.mark.parametrize("word", WORDS if ALL else WORDS[::7], ids=repr)
def test_every_command_takes_every_word_and_answers_in_clean_sentences(
    path: Path, monkeypatch: pytest.MonkeyPatch, word: str
) -> None:
    """As an id, a name, a text and a filter; what it cannot take it refuses, and nothing stops."""
    monkeypatch.setenv("SLABOARD_USER", "Ana")
    for command in (
        ["claim", "--", word], ["explain", "--", word], ["tickets", "--filter", word], ["note", "W-1", "--", word],
        ["add", f"--id={word}", "--", word], ["add", "--as=Ana", "--", word], ["wait", "W-1", f"--reason={word}"],
        ["set", "W-1", "--as=Ana", f"--title={word}", f"--customer={word}"], ["claim", "W-1", f"--as={word}"],
        ["resume", "W-1", "--json"], ["release", "W-1", f"--reason={word}", "--json"], ["policy", "check", "--", word],
        ["import", f"--tz={word}", "--", word], ["--theme", word, "doctor"], ["grid", "--at", word], [word],
        ["replay", "--policy", word, "--", word], ["board", "--size", word],
    ):  # fmt: skip
        if not all(map(sayable, command)):
            continue
        found = said(*command, code=None)
        assert not harmful(found.out + found.err), command
        assert found.code in range(7), (command, found)


def sayable(word: str) -> bool:
    """True for what a shell can say: no NUL, and of surrogates only those that stand for bytes."""
    try:
        return b"\0" not in os.fsencode(word)
    except UnicodeEncodeError:
        return False


@examples(4)
@given(words=st.lists(TEXTS, min_size=1, max_size=3), named=TEXTS)
def test_any_words_in_any_field(tmp_path_factory: pytest.TempPathFactory, words: list[str], named: str) -> None:
    folder = tmp_path_factory.mktemp("any")
    path = folder / "board.db"
    with desk(path, policy=policy(named)) as store:
        for number, word in enumerate(words):
            fill(store, f"W-{number}", word)
    for number, word in enumerate(words):
        foreign(path, number, word)
    for command in (
        ["tickets", "--all"], ["check"], ["explain", "W-0"], ["board", "--size", "120x40"], ["policy", "history"],
        ["tickets", "--filter", words[0]], ["tickets", "--json"], ["tickets", "--csv"], ["grid"],
    ):  # fmt: skip
        found = said("--store", str(path), *command)
        assert not harmful(found.out + found.err), command
    shutil.rmtree(folder)


def test_a_shell_that_completes_gets_no_word_that_it_could_run(path: Path) -> None:
    """Ids, owners, names and titles beside them: nothing that a shell or its terminal acts on."""
    told = ""
    for words in ("explain\n", "--as\n") if not ALL else ("claim\n", "explain\nW", "--as\n", "--theme\n", "takeover\n"):
        for shell in ("bash", "zsh", "fish") if ALL else ("bash",):
            environment = {"_SLABOARD_COMPLETE": f"{shell}_complete", "COMP_WORDS": f"slaboard\n{words}"}
            current = words.split("\n")[-1] if shell == "fish" else str(words.count("\n") + 1)
            done = subprocess.run(
                [sys.executable, "-m", "slaboard"], env={**os.environ, **environment, "COMP_CWORD": current},
                capture_output=True, text=True, encoding="utf-8", timeout=60, check=False,
            )  # fmt: skip
            assert not harmful(done.stdout.replace("\t", " ") + done.stderr)
            told += done.stdout
            for line in done.stdout.splitlines():
                value = [*line.split("\t"), ""][1]
                assert not set(value) & set('$`;|&<>(){}*?[]#!\\"='), line
    assert "plain\tW-1" in told


# --- other ways out -------------------------------------------------------------------------------------------


@examples(10)
@given(board=boards(), size=st.tuples(st.integers(1, 220), st.integers(1, 60)))
def test_any_board_at_any_size_is_text_of_just_that_size(board: object, size: tuple[int, int]) -> None:
    lines = render(board, *size)  # type: ignore[arg-type]
    text = ["".join(text for text, _ in line) for line in lines]
    assert len(text) == size[1]
    assert all(width(line) == size[0] for line in text)
    assert not harmful("\n".join(text))


@pytest.mark.parametrize("word", WORDS, ids=range(len(WORDS)))
def test_a_log_of_a_crash_can_be_looked_at(word: str) -> None:
    """An error's own words may quote a ticket."""
    log = crash_log(OSError(word), 0)
    assert log is not None
    assert not harmful(log.read_text(encoding="utf-8"))
    log.unlink()


@pytest.mark.parametrize("word", WORDS, ids=range(len(WORDS)))
def test_a_link_is_an_address_and_nothing_more(word: str) -> None:
    """Nothing of it breaks out of a command's argument, or leads to another host than the one that is seen."""
    for url in (word, f"https://{word}", f"https://desk.example.com/{word}", f"https://desk.example.com{word}"):
        if is_link(url):
            assert url.isascii()
            assert url.isprintable()
            assert not set(url) & set(' "<>\\^`{|}')
            assert "@" not in urlsplit(url).netloc
            assert urlsplit(url).scheme in ("http", "https")


@pytest.mark.parametrize("word", WORDS, ids=range(len(WORDS)))
def test_an_id_is_copied_as_one_harmless_line(word: str) -> None:
    """What is pasted into a shell must not run there."""
    board = Board(now=0, cursor=word)
    _, wish = copied(Session(board))
    assert isinstance(wish, Copy)
    assert not harmful(wish.text)
    assert len(wish.text.splitlines()) <= 1


@pytest.mark.parametrize("word", WORDS, ids=range(len(WORDS)))
def test_a_title_is_one_sequence_and_no_format_of_tmux(word: str) -> None:
    written = terminal.title(f"R1 {word}")
    begin, text, end = written[:4], written[4:-1], written[-1]
    assert (begin, end) == ("\x1b]2;", "\x07")
    assert not harmful(text)
    assert "\n" not in text
    assert "#" not in text


def lines_of_import(path: Path) -> Iterator[str]:
    for word in NASTY:
        for key in ("ticket", "at", "kind", "stage", "title"):
            yield json.dumps({"ticket": "A-1", "at": 1_767_603_600, "kind": "note", key: word})


def test_what_an_import_says_of_bad_lines_is_clean(path: Path, tmp_path: Path) -> None:
    for name, lines in (
        ("bad.ndjson", list(lines_of_import(path))),
        ("bad.csv", ["id,title,stage,opened_at", *(f'"{word}",x,"{word}","{word}"' for word in NASTY)]),
        ("bad\x1b[31m\u202e.csv", ["id,title"]),
    ):
        (tmp_path / name).write_text("\n".join(lines), encoding="utf-8", newline="")
        found = said("import", str(tmp_path / name), code=None)
        assert not harmful(found.out + found.err)
        assert found.code == (name == "bad.csv"), "of which nothing could be used"
        assert re.match(r"\d+ lines? of ", found.out)


def test_what_a_policy_file_is_told_is_clean(tmp_path: Path) -> None:
    for number, word in enumerate(NASTY):
        file = tmp_path / f"{number}.toml"
        name = toml(word)
        keys = f"{name} = {name}\n[calendar.{name}]\ntimezone = {name}\n{name} = 1\nhours = {name}\n"
        file.write_text(f"{keys}[[policy]]\n{name} = 2\n")
        found = said("policy", "check", str(file), code=2)
        assert not harmful(found.out + found.err)

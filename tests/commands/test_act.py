"""The verbs as commands: what they print, which code they exit with, and what a program reads."""

from __future__ import annotations

from pathlib import Path

import pytest

from slaboard.store.sqlite import SqliteStore
from slaboard.store.write.acts import VERBS
from slaboard.ticket import Kind
from tests.commands.shell import Run, at_noon, sql
from tests.sla.story import at, situation
from tests.store.desk import the, words


def done(path: Path, ticket: str = "A-1") -> str:
    with SqliteStore(path) as store:
        return words(store, ticket)


DID = [
    situation("claim", "claim B-2 --as ben", "OK B-2 is ben's (35m00s after breach)"),
    situation("claim a green one", "claim B-2 --any --as ben", "OK B-2 is ben's (35m00s after breach)"),
    situation("release", "release A-1 --as ana --reason lunch", "OK A-1 is unclaimed again"),
    situation(
        "takeover", "takeover A-1 --as ben --reason shift",
        "OK A-1 is ben's, taken over from ana (3h10m before breach)",
    ),
    situation("engage", "engage A-1 --as ana --skill vpn", "OK ana works on A-1 with the customer"),
    situation("respond", "respond B-2 --as ben --note hello", "OK B-2 is answered by ben"),
    situation("wait", "wait A-1 --as ana --reason vendor", "OK A-1 waits for vendor"),
    situation("wait for the customer", "wait A-1 --as ana", "OK A-1 waits for customer"),
    situation("resolve", "resolve A-1 --as ana --note fixed", "OK A-1 is resolved"),
    situation("reopen", "reopen C-3 --as ben --reason again", "OK C-3 is open again"),
    situation("close", "close A-1 --as ana --note spam", "OK A-1 is closed"),
    situation("note", "note A-1 called --as ana", "OK noted on A-1"),
    situation("set", "set A-1 --priority P1 --title Tunnel --as ana", "OK A-1 has priority P1, title Tunnel"),
    situation("add", "add Printer --priority P2 --customer Tansy --status New --as ana", "OK T-1 is on the board"),
    situation(
        "add with an id", "add Printer --id X-9 --board b --type t --url https://x --as ana", "OK X-9 is on the board"
    ),
]  # fmt: skip


@pytest.mark.parametrize(("command", "sentence"), DID)
def test_a_verb_says_what_it_did(path: Path, run: Run, command: str, sentence: str) -> None:
    said = run(*command.split())
    assert sorted(said.out.split()) == sorted(f"{sentence}\n".split())
    assert said.err == ""


@pytest.mark.parametrize(("command", "sentence"), DID)
def test_a_verb_says_the_same_to_a_program(path: Path, run: Run, command: str, sentence: str) -> None:
    found = run(*command.split(), "--json").json
    assert list(found) == ["ok", "verb", "ticket", "owner", "at", "event", "sentence"]
    assert (found["ok"], found["verb"], found["at"]) == (True, command.split()[0], "2026-01-05T09:50:00Z")
    assert sorted(f"OK {found['sentence']}".split()) == sorted(sentence.split())
    with SqliteStore(path) as store:
        assert store.events(found["ticket"])[-1].seq == found["event"]
        assert the(store, found["ticket"]).owner == found["owner"]


def test_every_verb_is_a_command_that_is_told_above() -> None:
    assert {row.values[0].split()[0] for row in DID} | {"resume", "undo"} == {*VERBS, "add"}


def test_resume_and_undo_take_back(path: Path, run: Run) -> None:
    run("wait", "A-1", "--as", "ana")
    assert run("resume", "A-1", "--as", "ana").out == "OK A-1 is no longer waiting\n"
    assert run("undo", "A-1", "--as", "ana").out == "OK undone on A-1\n"
    assert done(path).startswith("waiting ana")
    assert run("undo", "A-1", "--as", "ben", code=5).err == "slaboard: There is no act of ben on A-1 to undo.\n"


def test_the_text_of_an_act_is_kept_with_it(path: Path, run: Run) -> None:
    run("note", "A-1", "the disk is\nfull", "--as", "ana")
    run("release", "A-1", "--as", "ana", "--reason", "lunch")
    run("respond", "A-1", "--as", "ana", "--note", "hello")
    with SqliteStore(path) as store:
        note, release, respond = store.events("A-1")[-3:]
    assert (note.note, release.reason, respond.note) == ("the disk is\nfull", "lunch", "hello")
    assert note.via is not None
    assert note.via.endswith(" cli")


REFUSED = [
    situation(
        "nobody says who", "claim B-2", 2, "ERROR",
        "Say who acts: --as NAME, or SLABOARD_USER, or `name` in the config file.",
    ),
    situation(
        "no plain name", "claim B-2 --as \x1b[31m", 2, "ERROR",
        "Say who acts: --as NAME, a plain name of at most 200 characters.",
    ),
    situation("an empty note", "note A-1 --as ana", 2, "ERROR", "The note is empty: say what it is about."),
    situation(
        "lost", "claim A-1 --as ben", 4, "LOST",
        "A-1 was taken by ana 20 minutes ago (from ana@desk tty1 test). Nothing changed.",
    ),
    situation("gone", "claim C-3 --as ben", 5, "GONE", "C-3 was resolved by ben 40 minutes ago. Nothing changed."),
    situation(
        "against a rule", "release A-1 --as ben", 5, "NO",
        "A-1 is ana's; only its owner may release it. `takeover` takes it over.",
    ),
    situation(
        "nowhere", "claim X-1 --as ben", 6, "ERROR",
        "There is no ticket X-1 in this store. `slaboard tickets --all` lists them.",
    ),
    situation(
        "taken", "add Again --id A-1 --as ben", 2, "ERROR",
        "There is a ticket A-1 already. Choose another --id, or leave it out.",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("command", "code", "word", "sentence"), REFUSED)
def test_a_refusal_is_a_sentence_and_a_code(
    path: Path, run: Run, command: str, code: int, word: str, sentence: str
) -> None:
    said = run(*command.split(" "), code=code)
    assert (said.out, said.err) == ("", f"slaboard: {sentence}\n")
    if "Say who acts: --as NAME, or" in sentence:
        return
    found = run(*command.split(" "), "--json", code=code).json
    assert {"ok": False, "error": word, "exit_code": code, "sentence": sentence}.items() <= found.items()
    assert set(found) == {"ok", "verb", "ticket", "error", "exit_code", "sentence"}


@pytest.mark.parametrize(
    "command", ["claim", "claim A-1 B-2 --as ana", "claim A-1 --nope", "set A-1 --priority", "clame A-1"]
)
def test_wrong_usage_is_told_by_exit_code_2(path: Path, run: Run, command: str) -> None:
    said = run(*command.split(), code=2)
    assert said.out == ""
    assert said.err.startswith(("Usage: slaboard ", "Error: "))


def test_a_green_ticket_is_claimed_only_on_purpose(path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    at_noon(monkeypatch, at("09:05"))
    run("release", "A-1", "--as", "ana")
    refused = run("claim", "A-1", "--as", "ben", code=5)
    assert "`slaboard claim A-1 --any` claims it all the same" in refused.err
    run("claim", "A-1", "--any", "--as", "ben")
    assert done(path).startswith("plan ben")


def test_hostile_words_reach_the_store_as_they_are_and_no_terminal(path: Path, run: Run) -> None:
    hostile = "\x1b]0;owned\x07\x9b31m\u202e[b]x[/b]"
    for command in (
        ["set", "A-1", "--title", hostile, "--as", "ana"],
        ["wait", "A-1", "--reason", hostile, "--as", "ana"],
        ["add", hostile, "--customer", hostile, "--as", "ana"],
    ):
        for form in ([], ["--json"]):
            said = run(*command, *form, code=None)
            assert not set(said.out + said.err) & set("\x1b\x07\x9b\u202e"), command
    with SqliteStore(path) as store:
        assert [event.title for event in store.events("A-1") if event.kind is Kind.TITLE] == [hostile]
    said = run("claim", hostile, "--as", "ana", code=6)
    assert not set(said.err) & set("\x1b\x07\x9b\u202e")


def test_bytes_of_a_shell_that_are_no_utf_8(path: Path, run: Run) -> None:
    """`caf\\xe9` typed in a Latin-1 terminal."""
    word = "caf\udce9"
    run("note", "A-1", word, "--as", "ana")
    run("set", "A-1", "--title", word, "--as", "ana")
    assert run("add", word, "--as", "ana").out == "OK T-1 is on the board\n"
    assert "There is no ticket caf? in" in run("claim", word, "--as", "ana", code=6).err
    assert len(run("tickets", "--filter", word).out.splitlines()) == 2
    assert run("claim", "A-1", "--as", word, code=2).err.startswith("slaboard: Say who acts: ")
    with SqliteStore(path) as store:
        assert (the(store).title, store.events("A-1")[-2].note) == ("caf?", "caf?")


# --- who acts ---------------------------------------------------------------------------------------------------


def test_a_name_is_written_as_on_the_roster(path: Path, run: Run) -> None:
    """Whatever case it is typed in: `ana` and `Ana` are no two people."""
    run("team", "add", "Anna Maria")
    assert run("claim", "B-2", "--as", "anna maria", "--json").json["owner"] == "Anna Maria"
    assert run("release", "B-2", "--as", "ANNA MARIA").code == 0


def test_a_mistyped_name_is_told_and_how_to_take_it_back(path: Path, run: Run) -> None:
    """The act is done all the same: a program may act in a name of its own, which is near to nobody's."""
    run("team", "add", "Bjarne")
    said = run("claim", "B-2", "--as", "Bjanre")
    assert said.out.startswith("OK B-2 is Bjanre's")
    assert said.err == (
        "slaboard: Bjanre is not on the team. If Bjarne is meant: `slaboard undo B-2 --as Bjanre` takes it back for 30 "
        "seconds.\n"
    )
    assert run("note", "B-2", "seen", "--as", "mail gateway").err == ""


def test_a_title_and_a_note_need_no_quotes(path: Path, run: Run) -> None:
    run("add", "Printer", "on", "fire", "--id", "Q-1", "--as", "ana")
    run("note", "Q-1", "smells", "of", "smoke", "--as", "ana")
    shown = run("show", "Q-1", "--json").json
    assert (shown["title"], shown["events"][-1]["note"]) == ("Printer on fire", "smells of smoke")
    assert "Missing argument 'TITLE...'" in run("add", code=2).err
    assert "The note is empty" in run("note", "Q-1", "--as", "ana", code=2).err
    assert "The title is empty" in run("add", " ", "--as", "ana", code=2).err


def test_an_act_is_told_as_done_though_the_roster_cannot_be_read(path: Path, run: Run) -> None:
    sql(path, "DROP TABLE engineers")
    assert run("note", "A-1", "seen", "--as", "ana").out == "OK noted on A-1\n"

"""The foot: outcomes in words, the filter line, and what is wrong."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from slaboard.board.draw import foot
from slaboard.board.moves.step import CLAIMS_OFF
from slaboard.board.state import Outcome
from tests.board.drawn import style_of, text, texts
from tests.board.factory import NOW, busy
from tests.board.scenes import scenes


@pytest.mark.parametrize(
    ("word", "style"),
    [
        ("OK", "bar.ok"),
        ("LOST", "bar.lost"),
        ("GONE", "bar.lost"),
        ("NO", "bar.lost"),
        ("BUSY", "bar.wait"),
        ("MOVED", "bar.wait"),
    ],
)
def test_an_outcome_is_a_word_and_a_sentence(word: str, style: str) -> None:
    """On the line above the key bar."""
    board = replace(busy(), outcome=Outcome(word, "T-1 was taken by Ana 2s ago.", NOW))
    lines = foot.lines(board, 80, 24)
    assert text(lines[0]).split() == [word, *["T-1", "was", "taken", "by", "Ana", "2s", "ago."]]
    assert style_of(lines, word) == style
    assert len(lines) == 2


@pytest.mark.parametrize(("until", "said"), [(NOW + 27, True), (NOW, False), (None, False)])
def test_undo_is_offered_while_it_works(until: int | None, said: bool) -> None:
    """And counts down."""
    board = replace(busy(), outcome=Outcome("OK", "T-1 is Ben's.", NOW, undo_until=until))
    assert ("u undo, 27s" in texts(foot.lines(board, 40, 12))) is said


def test_what_to_do_is_not_cut_off() -> None:
    """A refusal goes on below its first line, also where the board is small; then its end is cut, visibly."""
    sentence = "The store /srv/team/board.db is locked by process 4711 (sqlite3). Nothing was changed; try again."
    board = replace(busy(), outcome=Outcome("BUSY", sentence, NOW))
    lines = [text(line).rstrip() for line in foot.lines(board, 80, 24)]
    assert " ".join(" ".join(lines[:2]).split()) == f"BUSY {sentence}"
    assert lines[1].startswith(" " * 8)
    board = replace(board, store_path="/srv/team/board.db", store_name="team")
    tight = [text(line).rstrip() for line in foot.lines(board, 40, 12)][:3]
    assert " ".join(" ".join(tight).split()) == (
        "BUSY The store team is locked by process 4711 (sqlite3). Nothing was changed; try again."
    ), "by its name, for the path would take all the room"
    stale = replace(board, freshness=scenes()["stale"].freshness)
    assert [text(line).rstrip() for line in foot.lines(stale, 40, 12)][:-1] == [
        " ! Claims off: the store does not answer", *tight,
    ], "what the key has come to comes first"  # fmt: skip


REFUSALS = (
    "ERROR The store does not answer. Nothing was changed.",
    "BUSY The store /srv/board.db is locked by process 4711 (sqlite3) for over 2 s. Nothing was changed; try again.",
    "BUSY The store /srv/board.db is taken: process 4711 (slaboard restore) puts a backup back. Nothing was changed; "
    "when it is done, look at the ticket first.",
    "ERROR The store /srv/board.db cannot be written: its file system is mounted read-only (after a disk error the "
    "system does that). Look at dmesg. Nothing was changed.",
    "ERROR The disk that holds /srv/board.db is full. Nothing was changed; make room and try again.",
    "LOST INC0012345 was taken by Florentine Maria 2s ago (from flo@workstation-17:pts/3). Nothing changed.",
    "NO INC0012345 was resolved by Florentine 2m ago: respond makes no sense on it. Nothing changed; `reopen` opens it "
    "again.",
    "NO INC0012345 is Florentine Maria's; only its owner may release it. `takeover` takes it over.",
    "ERROR There is no ticket INC0012345 in this store. `slaboard tickets --all` lists them.",
)


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: refusal[:30])
@pytest.mark.parametrize("scene", ["busy", "stale"])
def test_every_refusal_is_read_to_its_end_in_the_smallest_pane(refusal: str, scene: str) -> None:
    """But for its asides; on a stale store too, and with a line that says so."""
    word, _, sentence = refusal.partition(" ")
    board = replace(scenes()[scene], outcome=Outcome(word, sentence, NOW), store_path="/srv/board.db")
    drawn = [text(line) for line in foot.lines(replace(board, store_name="board"), 40, 12)]
    said = " ".join(" ".join(drawn).split())
    assert sentence.replace("/srv/board.db", "board").rpartition(". ")[2] in said
    assert "…" not in said
    assert ("Claims off" in said) is (scene == "stale")
    assert len(drawn) <= 6


def test_a_key_on_a_silent_store_takes_one_line_of_the_smallest_pane() -> None:
    """So what is wrong is still read to its end."""
    silent = replace(scenes()["stale"].freshness, error="The store is gone: d was deleted. Put it back.", attempt=0)
    board = replace(scenes()["stale"], freshness=silent, outcome=Outcome("NO", CLAIMS_OFF, NOW))
    said = texts(foot.lines(board, 40, 12))
    assert f"NO  {CLAIMS_OFF}" in said
    assert "Put it back." in " ".join(said.split())


def test_what_an_act_left_is_not_told_where_nobody_acts() -> None:
    """Of a store that cannot be read; with no act there is nothing that was not changed."""
    silent = replace(scenes()["stale"].freshness, error="It is locked. Nothing was changed; try again.", attempt=0)
    shown = texts(foot.lines(replace(scenes()["stale"], freshness=silent), 80, 24))
    assert "It is locked." in shown
    assert "changed" not in shown


def test_where_room_is_short_asides_go_before_what_helps() -> None:
    """A command that helps stays; the key bar stands below."""
    board = replace(busy(), store_path="/srv/board.db", store_name="board")
    locked = "The store /srv/board.db is locked by process 4711 (slaboard import), which is stopped: let it go on "
    said = Outcome("BUSY", f"{locked}(kill -CONT 4711). Nothing was changed; try again.", NOW)
    shown = texts(foot.lines(replace(board, outcome=said), 40, 12))
    assert "(kill -CONT 4711)" in " ".join(shown.split())
    assert "slaboard import" not in shown
    error = "The store /srv/board.db is damaged (database disk image is malformed). Put a backup back with: slaboard "
    silent = replace(scenes()["stale"].freshness, error=f"{error}restore FILE (what is left of it is kept aside).")
    shown = texts(foot.lines(replace(board, freshness=silent), 40, 12))
    assert "slaboard restore FILE" in " ".join(shown.split())


def test_a_long_outcome_leaves_the_undo() -> None:
    """The sentence is cut, visibly."""
    board = replace(busy(), outcome=Outcome("OK", "word " * 30, NOW, undo_until=NOW + 27))
    line = text(foot.lines(board, 40, 12)[0])
    assert "…" in line
    assert line.endswith(" u 27s")


@pytest.mark.parametrize(
    ("width", "said"),
    [
        (120, " PAUSED 47s order and rows stand still, clocks and counts go on"),
        (80, " PAUSED 47s rows stand still, clocks go on"),
        (40, " PAUSED 47s   +3 new, 2 gone  p goes on "),
        (31, " PAUSED 47s  +3 new  p goes on "),
        (30, " PAUSED 47s         +3 new  p "),
    ],
)
def test_a_pause_is_said_at_every_width(width: int, said: str) -> None:
    """That it is one comes last to go, and what it keeps back before that."""
    line = foot.lines(scenes()["paused"], width, 24)[0]
    assert text(line).startswith(said)
    assert style_of([line], "PAUSED") == "bar.pause"


@pytest.mark.parametrize(
    ("height", "said"),
    [
        (24, ["Cannot read /srv/team/board.db: database is locked. Retry in 3s (attempt 6).", "Claims are off until"]),
        (12, ["Claims off. Cannot read"]),
    ],
)
def test_a_silent_store_is_said(height: int, said: list[str]) -> None:
    """With the error, the attempt, and what it means for the hands."""
    drawn = texts(foot.lines(scenes()["stale"], 80, height))
    assert all(part in drawn for part in said)


def test_the_end_of_what_is_typed_is_in_sight() -> None:
    """The caret is where the next letter goes."""
    typing = replace(scenes()["typing"], filter_text="a" * 90 + "z")
    assert text(foot.lines(typing, 40, 12)[0]).rstrip().endswith("az_")

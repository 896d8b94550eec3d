"""The roster: letters that stay with their people, skills, and PINs that cannot be guessed in a hurry."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from slaboard.errors import StoreError, UsageError
from slaboard.store.sqlite import SqliteStore
from slaboard.store.team import pin
from slaboard.store.team.roster import Roster
from slaboard.ticket import Engineer
from tests.sla.story import situation

NOW = 1_800_000_000


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    with SqliteStore.create(tmp_path / "board.db") as made:
        yield made


@pytest.fixture
def roster(store: SqliteStore) -> Roster:
    return Roster(store)


def letters(roster: Roster) -> dict[str, str]:
    return {person.name: person.key for person in roster.everybody()}


# --- letters ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("there", "name", "letter"),
    [
        situation("the first of the name", [], "Ana", "a"),
        situation("the next of the name", ["Ana"], "Anders", "n"),
        situation("q is the prompt's", [], "Quentin", "u"),
        situation("an accent is no other letter", [], "Élodie", "e"),
        situation("no Latin letter in it", [], "李雷", "a"),
        situation("none of the name is free", ["Ana", "Nan"], "Ann", "b"),
        situation("the name has a mark", [], "O'Brien", "o"),
    ],
)
def test_the_letter_of_somebody_new(roster: Roster, there: list[str], name: str, letter: str) -> None:
    for other in there:
        roster.add(other)
    assert roster.add(name).key == letter


def test_more_people_than_letters(roster: Roster) -> None:
    """First letters, then digits, then signs; never one that the prompt keeps; then a sentence."""
    keys = [roster.add(f"{number}").key for number in range(25 + 10 + 30)]
    assert len(set(keys)) == 65
    assert set("q?/").isdisjoint(keys)
    assert keys[24:26] == ["z", "0"]
    with pytest.raises(UsageError, match="No letter is free for one more"):
        roster.add("one more")
    assert roster.add("one more", "ж").key == "ж"


def test_a_letter_stays_with_its_person(roster: Roster) -> None:
    """Whoever comes and goes; who comes back has it again, with skills and all."""
    for name in ("Ana", "Ben", "Chi"):
        roster.add(name, skills=["network"] if name == "Ben" else [])
    assert not roster.remove("ben").active
    roster.add("Bela")
    assert letters(roster) == {"Ana": "a", "Ben": "b", "Chi": "c", "Bela": "e"}
    back = roster.add("BEN", skills=["mail"])
    assert back == Engineer(name="Ben", key="b", skills=("network", "mail"))


def test_who_comes_back_may_have_another_letter(roster: Roster) -> None:
    roster.add("Ana")
    roster.remove("Ana")
    assert roster.add("Ana", "x").key == "x"


def test_another_letter(roster: Roster) -> None:
    roster.add("Ana")
    assert roster.rekey("ana", "X").key == "x", "case is nothing to the prompt"
    assert roster.rekey("ana", "x").key == "x", "one's own letter is no clash"


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        ("b", "b is Ben's. Choose another letter, or first give Ben another: slaboard team key 'Ben' LETTER"),
        ("B", "b is Ben's. "),
        ("c", "c is Chi's, who is off the team. "),
        ("q", "q cannot be anybody's: the claim prompt keeps q ? / for itself."),
        ("/", "/ cannot be anybody's"),
        ("ab", "A key is one letter or digit."),
        ("", "A key is one letter or digit."),
        (" ", "A key is one letter or digit."),
        ("\x1b", "A key is one letter or digit."),
        ("李", "A key is one letter or digit."),
        ("\u0301", "A key is one letter or digit."),
    ],
)
def test_a_letter_that_cannot_be(roster: Roster, key: str, sentence: str) -> None:
    for name in ("Ana", "Ben", "Chi"):
        roster.add(name)
    roster.remove("Chi")
    before = roster.everybody()
    for attempt, name in ((roster.rekey, "Ana"), (roster.add, "Dee")):
        with pytest.raises(UsageError) as told:
            attempt(name, key)
        assert str(told.value).startswith(sentence)
    assert roster.everybody() == before


# --- names ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["", " ", "a" * 61, "a\x1b[31m", "a\u202eb", "\ud800"])
def test_a_name_that_nobody_has(roster: Roster, name: str) -> None:
    with pytest.raises(UsageError, match="A name is plain text"):
        roster.add(name)


def test_a_name_is_there_once(roster: Roster) -> None:
    roster.add("Anna  Maria")
    with pytest.raises(UsageError, match="Anna Maria is on the team already, under a"):
        roster.add("ANNA MARIA")


@pytest.mark.parametrize(
    ("name", "hint"),
    [("Anna", "Is Ana meant?"), ("Zoltan", "slaboard team list --all shows everybody."), ("a\x1b" * 500, "")],
)
def test_nobody_of_that_name(roster: Roster, name: str, hint: str) -> None:
    roster.add("Ana")
    for attempt in (roster.remove, roster.find, lambda who: roster.set_pin(who, "1234")):
        with pytest.raises(UsageError, match="Nobody on the roster is called") as told:
            attempt(name)
        assert hint in str(told.value)
        assert "\x1b" not in str(told.value)


def test_somebody_whom_another_program_put_there(store: SqliteStore, roster: Roster) -> None:
    """With control characters and a capital letter; they can be found, and are harmless to see."""
    store.connection.execute("INSERT INTO engineers (name, key) VALUES ('Ed\x1b[31m', 'E')")
    [person] = roster.everybody()
    assert person.name == "Ed\ufffd[31m"
    assert roster.add("Eva").key == "v"
    assert not roster.remove(person.name).active


# --- skills -----------------------------------------------------------------------------------------------------


def test_skills_come_and_go(roster: Roster) -> None:
    roster.add("Ana", skills=["network", "Windows"])
    assert roster.reskill("ana", ["active  directory", "NETWORK"], ["windows", "mail"]).skills == (
        "network", "active directory",
    )  # fmt: skip


@pytest.mark.parametrize("skill", ["", "a,b", "x" * 41, "\x07"])
def test_a_skill_that_cannot_be_kept(roster: Roster, skill: str) -> None:
    roster.add("Ana")
    with pytest.raises(UsageError, match="A skill is plain text"):
        roster.reskill("Ana", [skill], [])


# --- the boards -------------------------------------------------------------------------------------------------


def test_a_board_hears_of_it(store: SqliteStore, roster: Roster) -> None:
    """Each change is a new revision; the prompt of a board that is open shows who came."""
    changes: list[Callable[[], object]] = [
        lambda: roster.add("Ana"), lambda: roster.rekey("Ana", "x"), lambda: roster.reskill("Ana", ["mail"], []),
        lambda: roster.set_pin("Ana", "1234"), lambda: roster.remove("Ana"),
    ]  # fmt: skip
    revisions = [store.revision()]
    for change in changes:
        change()
        revisions.append(store.revision())
    assert sorted(set(revisions)) == revisions


def test_two_hands_at_once_give_no_letter_twice(store: SqliteStore) -> None:
    """Sixteen people of one letter, from four connections."""

    def add(hand: int) -> None:
        with SqliteStore(store.path) as mine:
            for number in range(4):
                Roster(mine).add(f"A {hand} {number}")

    with ThreadPoolExecutor(4) as hands:
        list(hands.map(add, range(4)))
    assert len({person.key for person in store.team()}) == 16


# --- PINs -------------------------------------------------------------------------------------------------------


@pytest.fixture
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes that take no time, where how they are made is not the point."""
    monkeypatch.setattr(pin, "_LOG_N", 1)


@pytest.mark.usefixtures("cheap")
def test_a_pin_proves_who_somebody_is(store: SqliteStore, roster: Roster) -> None:
    roster.add("Ana")
    assert store.pin_ok("Ana", "", NOW).ok, "who has none has nothing to prove"
    assert roster.set_pin("ana", "1234").has_pin
    assert store.pin_ok("ANA", "1234", NOW) == pin.PinCheck(True)
    assert store.pin_ok("Ana", "4321", NOW) == pin.PinCheck(False, "That is not Ana's PIN.")
    assert store.pin_ok("Zoe", "4321", NOW).ok, "who is not on the roster has none"
    assert not roster.set_pin("Ana", None).has_pin
    assert store.pin_ok("Ana", "4321", NOW).ok


@pytest.mark.usefixtures("cheap")
def test_what_is_no_pin_changes_nothing(roster: Roster) -> None:
    roster.add("Ana")
    with pytest.raises(UsageError):
        roster.set_pin("Ana", "12")
    assert not roster.find("Ana").has_pin


@pytest.mark.usefixtures("cheap")
def test_after_three_wrong_ones_everybody_waits(store: SqliteStore, roster: Roster) -> None:
    """In every process, the right one too; longer after each further one; the right one in time ends it."""
    roster.add("Ana")
    roster.set_pin("Ana", "1234")
    waits = []
    now = NOW
    for _ in range(5):
        with SqliteStore(store.path) as other:  # a process of its own
            check = other.pin_ok("Ana", "0000", now)
        waits.append(check.wait_s)
        with SqliteStore(store.path) as other:
            early = other.pin_ok("Ana", "1234", now + check.wait_s - 1) if check.wait_s else None
        if early is not None:
            assert early == pin.PinCheck(False, "Too many wrong PINs for Ana: try again in 1s.", 1)
        now += check.wait_s
    assert waits == [0, 0, 10, 20, 40]
    assert store.pin_ok("Ana", "1234", now).ok
    assert store.pin_ok("Ana", "0000", now).wait_s == 0, "the count begins anew"


@pytest.mark.usefixtures("cheap")
def test_a_try_counts_before_it_is_looked_at(
    store: SqliteStore, roster: Roster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever is killed while the PIN is being checked has tried it all the same."""
    roster.add("Ana")
    roster.set_pin("Ana", "1234")

    def killed(*_: object) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as here:
        here.setattr(pin, "matches", killed)
        for _ in range(3):
            with pytest.raises(KeyboardInterrupt):
                store.pin_ok("Ana", "0000", NOW)
    assert store.pin_ok("Ana", "1234", NOW).wait_s == 10


@pytest.mark.usefixtures("cheap")
def test_a_new_pin_ends_the_pause(store: SqliteStore, roster: Roster) -> None:
    roster.add("Ana")
    roster.set_pin("Ana", "1234")
    for _ in range(4):
        store.pin_ok("Ana", "0000", NOW)
    roster.set_pin("Ana", "5678")
    assert store.pin_ok("Ana", "5678", NOW).ok


@pytest.mark.usefixtures("cheap")
def test_a_clock_that_was_ahead_locks_nobody_out(store: SqliteStore, roster: Roster) -> None:
    """Wrong ones a year from now: once the clock is right the pause begins anew, and ends."""
    roster.add("Ana")
    roster.set_pin("Ana", "1234")
    for _ in range(3):
        store.pin_ok("Ana", "0000", NOW + 365 * 86_400)
    assert store.pin_ok("Ana", "1234", NOW).wait_s == 10
    assert store.pin_ok("Ana", "1234", NOW + 10).ok


@pytest.mark.usefixtures("cheap")
def test_where_no_try_can_be_counted_none_is_looked_at(store: SqliteStore, roster: Roster) -> None:
    """A store that nobody here may write would let them try for ever."""
    roster.add("Ana")
    roster.set_pin("Ana", "1234")
    with (
        SqliteStore(store.path, read_only=True) as other,
        pytest.raises(StoreError, match="Nothing was changed"),
    ):
        other.pin_ok("Ana", "1234", NOW)

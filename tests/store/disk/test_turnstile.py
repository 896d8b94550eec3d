"""The turnstile between real processes and threads: in the order they came, whoever is killed, stopped or gives up."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from slaboard.errors import StoreBusy
from slaboard.store.disk.turnstile import Turnstile

LOCKS = Path("/proc/locks")
DEADLINE_S = 30
pytestmark = pytest.mark.skipif(not LOCKS.exists(), reason="only Linux tells who stands in a queue")

# Says so when it has its turn, and leaves when it is told to.
TURN = """
import signal, sys
from pathlib import Path
from slaboard.store.disk.turnstile import Turnstile
signal.signal(signal.SIGINT, signal.default_int_handler)  # what runs in the background was told to ignore it
with Turnstile(Path(sys.argv[1])).turn(60):
    print("in", flush=True)
    sys.stdin.readline()
print("out", flush=True)
"""


class Hall:
    """People who come to one turnstile, each a process of its own."""

    def __init__(self, store: Path, stack: ExitStack) -> None:
        self.store, self._stack = store, stack
        self.lock = store.with_name(store.name + ".lock")

    def comes(self) -> subprocess.Popen[str]:
        """One more; it is in, or stands in the queue, when this returns."""
        before = self.known()
        person = self._stack.enter_context(
            subprocess.Popen(
                [sys.executable, "-c", TURN, str(self.store)], text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )
        )
        self._stack.callback(person.kill)
        until(lambda: self.known() > before)
        return person

    def known(self) -> int:
        """How many have the lock or wait for it."""
        return self._count("FLOCK")

    def waiting(self) -> int:
        """How many let those who come again see that they wait."""
        return self._count("OFDLCK")

    def _count(self, kind: str) -> int:
        inode = f":{self.lock.stat().st_ino} " if self.lock.exists() else "none"
        return sum(inode in line and kind in line for line in LOCKS.read_text().splitlines())


def until(true: Callable[[], bool]) -> None:
    """Wait for it."""
    give_up = time.monotonic() + DEADLINE_S
    while not true():
        assert time.monotonic() < give_up
        time.sleep(0.002)


def has_stopped(person: subprocess.Popen[str]) -> bool:
    """True when each of its threads has."""
    states = (
        file.read_text().rpartition(")")[2].split()[0] for file in Path(f"/proc/{person.pid}/task").glob("*/stat")
    )
    return all(state == "T" for state in states)


def is_in(person: subprocess.Popen[str]) -> bool:
    """Wait until somebody has the turn."""
    assert person.stdout is not None
    return person.stdout.readline() == "in\n"


def next_in(people: list[subprocess.Popen[str]]) -> subprocess.Popen[str]:
    """Wait until one of them has the turn."""
    ready, _, _ = select.select([person.stdout for person in people if person.stdout], [], [], DEADLINE_S)
    person = next(person for person in people if person.stdout in ready)
    assert is_in(person)
    return person


def leaves(person: subprocess.Popen[str]) -> None:
    """Somebody who has the turn gives it back."""
    assert person.communicate("\n", timeout=DEADLINE_S)[0] == "out\n"


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    store = tmp_path / "s.db"
    store.touch()
    with ExitStack() as stack:
        yield Hall(store, stack)


def test_who_comes_first_is_served_first(hall: Hall) -> None:
    people = [hall.comes() for _ in range(6)]
    for person in people:
        assert is_in(person)
        leaves(person)


def test_who_had_the_turn_is_killed(hall: Hall) -> None:
    first, second = hall.comes(), hall.comes()
    assert is_in(first)
    first.kill()
    assert is_in(second)
    leaves(second)


def test_who_waits_is_killed(hall: Hall) -> None:
    """At the head of the queue, in its middle and at its end; who stood behind one queues anew."""
    people = [hall.comes() for _ in range(6)]
    for number in (1, 3, 5):
        people[number].kill()
        people[number].wait(DEADLINE_S)
    left = people[0::2]
    while left:
        person = next_in(left)
        left.remove(person)
        leaves(person)


def test_who_waits_is_stopped(hall: Hall) -> None:
    """Whoever waits behind it goes past; when it goes on it gets its turn."""
    first, stopped, third, fourth = (hall.comes() for _ in range(4))
    stopped.send_signal(signal.SIGSTOP)
    until(lambda: has_stopped(stopped))
    assert is_in(first)
    leaves(first)
    leaves(next_in([third, fourth]))
    leaves(next_in([person for person in (third, fourth) if person.poll() is None]))
    stopped.send_signal(signal.SIGCONT)
    assert is_in(stopped)
    leaves(stopped)


def test_ctrl_c_ends_a_wait(hall: Hall) -> None:
    first, second, third = (hall.comes() for _ in range(3))
    second.send_signal(signal.SIGINT)
    assert second.wait(DEADLINE_S) != 0
    assert is_in(first)
    leaves(first)
    assert is_in(third)
    leaves(third)


def test_the_wait_is_given_up_and_nobody_is_held_up_by_that(hall: Hall) -> None:
    """The place in the queue is kept; when its turn comes and nobody is there, it is passed on."""
    first = hall.comes()
    ours = Turnstile(hall.store)
    for _ in range(3):
        with pytest.raises(StoreBusy, match=f"locked by process {first.pid} "), ours.turn(0.01):
            pass
    assert hall.known() == 2, "one place, however often we ask"
    third = hall.comes()
    assert is_in(first)
    leaves(first)
    assert is_in(third)
    leaves(third)
    with ours.turn(0):
        assert hall.known() == 1
    ours.close()


def test_the_turn_comes_at_the_second_attempt(hall: Hall) -> None:
    """It goes on from the place that it had, ahead of who came in between."""
    first = hall.comes()
    ours = Turnstile(hall.store)
    with pytest.raises(StoreBusy), ours.turn(0.01):
        pass
    third = hall.comes()
    assert is_in(first)

    def leaves_when_we_wait() -> None:
        until(lambda: hall.waiting() == 2)
        leaves(first)

    other = threading.Thread(target=leaves_when_we_wait)
    other.start()
    with ours.turn(DEADLINE_S):
        assert hall.known() == 2
    other.join()
    assert is_in(third)
    leaves(third)
    ours.close()


def test_closed_while_its_place_is_still_in_the_queue(hall: Hall) -> None:
    """No descriptor is left, and none that somebody else got by now is touched."""
    first, ours = hall.comes(), Turnstile(hall.store)
    before = len(os.listdir("/proc/self/fd"))
    with pytest.raises(StoreBusy), ours.turn(0.01):
        pass
    assert len(os.listdir("/proc/self/fd")) == before + 1
    ours.close()
    assert is_in(first)
    leaves(first)
    until(lambda: len(os.listdir("/proc/self/fd")) <= before)
    assert hall.known() == 0


def test_threads_of_one_process_take_turns_too(hall: Hall) -> None:
    """A lock of the process would let them all in at once."""
    inside, most, turns = 0, 0, 0

    def come_and_go() -> None:
        nonlocal inside, most, turns
        turnstile = Turnstile(hall.store)
        for _ in range(50):
            with turnstile.turn(DEADLINE_S):
                inside += 1
                most = max(most, inside)
                time.sleep(0)
                turns += 1
                inside -= 1
        turnstile.close()

    threads = [threading.Thread(target=come_and_go) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (most, turns, hall.known()) == (1, 200, 0)


def test_nothing_is_left_to_see_of_those_who_waited(hall: Hall) -> None:
    """Else everybody who comes again would step aside for nobody."""
    first, second = hall.comes(), hall.comes()
    until(lambda: hall.waiting() == 1)
    for person in (first, second):
        assert is_in(person)
        leaves(person)
    assert (hall.waiting(), hall.known()) == (0, 0)


def test_who_has_the_turn_sees_that_somebody_waits(hall: Hall) -> None:
    """Alone one need not hurry."""
    mine = Turnstile(hall.store)
    with mine.turn():
        assert not mine.is_awaited()
        other = hall.comes()
        until(mine.is_awaited)
    assert is_in(other)
    leaves(other)
    assert not mine.is_awaited()
    mine.close()


def test_a_lock_that_was_tidied_away_parts_nobody(tmp_path: Path) -> None:
    """`rm board.db.lock`: who had it open goes to the new one, where the others stand."""
    store = tmp_path / "board.db"
    store.touch()
    first, second = Turnstile(store), Turnstile(store)
    with first.turn():
        pass
    first.path.unlink()
    with second.turn(), pytest.raises(StoreBusy), first.turn(0.05):
        pass
    with first.turn():
        pass
    first.close()
    second.close()

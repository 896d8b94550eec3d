"""A crowd on one store: processes that claim, release, take over and undo, of which one after the other is killed.

`python -m tests.store.crowd STORE FOLDER WORKERS TICKETS SECONDS KILLS`: each worker writes down what it is about to do
and what it was told, in a file of its own in FOLDER. Workers are forked, so that 50 of them start at once.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from itertools import count
from pathlib import Path

from slaboard.errors import Lost, Refused, StoreBusy
from slaboard.store.base import Act
from slaboard.store.sqlite import SqliteStore
from tests.store.desk import OPENED

VERBS = ("claim", "claim", "claim", "release", "release", "takeover", "undo")


def work(store_path: Path, log_path: Path, worker: int, tickets: int, until: int) -> None:
    """Act at random till the time is up. Two workers share a name, as somebody with two boards does."""
    dice, name = random.Random(log_path.name), f"P{worker // 2}"
    behind_s = dice.randint(-2, 2)  # no two machines agree on the time
    log = os.open(log_path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    mine: list[tuple[str, int, str]] = []
    with SqliteStore(store_path) as store:
        for number in count():
            begun = time.monotonic_ns()
            if begun >= until:
                return
            verb, ticket, act_id = dice.choice(VERBS), f"A-{dice.randint(1, tickets)}", f"{log_path.name}#{number}"
            target, seq = None, None
            if verb == "undo" and mine and dice.random() < 0.7:  # as `u` on a board: the last thing one did
                ticket, seq, target = mine[-1]
            _write(log, [act_id, begun, name, verb, ticket, target])
            act = Act(verb, ticket, name, any_zone=True, via=act_id, seq=seq)
            now = OPENED + int(time.monotonic_ns() - until) // 10**9 + 60 + behind_s
            answer: list[object]
            try:
                done = store.act(act, now)
                answer = ["done", done.owner, done.seq]
                if verb != "undo":
                    mine.append((ticket, done.seq, act_id))
            except Lost as error:
                answer = ["lost", str(error)]
            except Refused as error:
                answer = ["refused", str(error)]
            except StoreBusy as error:
                answer = ["busy", str(error)]
            _write(log, [act_id, time.monotonic_ns(), *answer])


def _write(log: int, line: list[object]) -> None:
    os.write(log, json.dumps(line).encode() + b"\n")


def main() -> int:
    """Start them, kill some, start others in their place, and wait for all."""
    store, folder, workers, tickets, seconds, kills = Path(sys.argv[1]), Path(sys.argv[2]), *map(int, sys.argv[3:])
    dice = random.Random(1)
    until = time.monotonic_ns() + seconds * 10**9
    pids: dict[int, int] = {}
    starts = count()

    def start(worker: int) -> None:
        log = folder / f"w{worker}-{next(starts)}"
        pids[worker] = os.fork()
        if not pids[worker]:
            code = 1
            try:
                work(store, log, worker, tickets, until)
                code = 0
            except BaseException:
                sys.excepthook(*sys.exc_info())
            finally:
                sys.stderr.flush()
                os._exit(code)

    for worker in range(workers):
        start(worker)
    for _ in range(kills):
        time.sleep(0.9 * seconds / kills)
        worker = dice.randrange(workers)
        if dice.random() < 0.3:  # asleep for a moment first, perhaps in the middle of a turn
            os.kill(pids[worker], signal.SIGSTOP)
            time.sleep(0.02)
        os.kill(pids[worker], signal.SIGKILL)
        os.waitpid(pids[worker], 0)
        start(worker)
    return max(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids.values())


if __name__ == "__main__":
    sys.exit(main())

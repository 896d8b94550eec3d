"""`make soak`: boards up while others commit fifty times a second, for minutes or hours; does anything grow?

`python -m tests.benchmarks.soak 3600` takes an hour.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from statistics import median

from slaboard.follow.feed import APART_S
from slaboard.store.base import Act
from slaboard.store.sqlite import SqliteStore
from tests.benchmarks.hand import Hand
from tests.benchmarks.measure import Figure, table
from tests.benchmarks.wall import DEADLINE_S, Wall, board
from tests.stores import POLICY

SECONDS = 300.0
COMMITS_A_SECOND = 50
BOARDS, HANDS, TICKETS = 3, 5, 500
AGE_S = 13 * 3_600
"""Yellow for five hours to come, so that the tickets stay in the list that a board opens with."""
WAL_LIMIT = 16 << 20
_ROWS = 10
"""Lines of the printed course."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One look at everything."""

    at_s: float
    commits: int
    memory: tuple[int, ...]
    """Bytes that each process has for itself, boards first."""
    handles: tuple[int, ...]
    wal: int
    """Bytes."""


def main(seconds: float) -> int:
    """Soak for so long, print the course and the figures; exit 1 when one misses its goal."""
    with tempfile.TemporaryDirectory() as folder:
        samples, is_shown = _soaked(Path(folder) / "team.db", seconds)
    print(_course(samples), end="\n\n")
    found = [*_figures(samples), Figure("soak.last", "boards that do not show the last commit", is_shown, "<= 0")]
    print(table(found))
    return 0 if all(figure.ok for figure in found) else 1


def _figures(samples: Sequence[Sample]) -> Iterator[Figure]:
    """The last tenth over the second: the first is the warm-up."""
    tenth = len(samples) // 10
    early, late = samples[tenth : 2 * tenth], samples[-tenth:]
    last = samples[-1]
    took = f"after {last.at_s:.0f} s"
    growth = max(
        median(sample.memory[i] for sample in late) / median(sample.memory[i] for sample in early)
        for i in range(BOARDS)
    )
    yield Figure("soak.memory", f"memory {took} over that after warm-up, the board that grew most", growth, "<= 1.05")
    more = max(max(sample.handles[i] for sample in late) - early[0].handles[i] for i in range(BOARDS + HANDS))
    yield Figure("soak.handles", f"open files {took} more than after warm-up, the most of any process", more, "<= 0")
    wal = max(sample.wal for sample in samples)
    yield Figure("soak.wal", "the largest WAL over 16 MiB", wal / WAL_LIMIT, "<= 1")
    rate = last.commits / last.at_s / COMMITS_A_SECOND
    yield Figure("soak.rate", f"commits over {COMMITS_A_SECOND} a second", rate, ">= 0.99")


def _soaked(store: Path, seconds: float) -> tuple[list[Sample], int]:
    """Samples of the whole time, at least a hundred, and how many boards miss the last commit."""
    _filled(store, int(time.time()))  # noqa: TID251 the boards' own clocks run
    acts = _acts()
    with ExitStack() as stack:
        wall = stack.enter_context(Wall([board(store)] * BOARDS, store.parent))
        hands = [stack.enter_context(Hand(store)) for _ in range(HANDS)]
        wall.until_all(f"1/{TICKETS}".encode())
        pids = [*(screen.pid for screen in wall.screens), *(hand.pid for hand in hands)]
        begun = time.monotonic()
        samples: list[Sample] = []
        every = min(5.0, seconds / 100)
        for commits in count():
            at_s = time.monotonic() - begun
            if at_s >= every * len(samples):
                samples.append(_sample(at_s, commits, pids, store))
                print(f"\r{at_s:.0f} s, {commits:,} commits", end="", file=sys.stderr, flush=True)
            if at_s >= seconds:
                break
            while (rest := begun + commits / COMMITS_A_SECOND - time.monotonic()) > 0:
                wall.look(rest)
            verb, ticket, text, changes = next(acts)
            hands[commits % HANDS].act(verb, ticket, text, **changes)
        print(file=sys.stderr)
        time.sleep(2 * APART_S)
        hands[0].act("set", "T-1", title="the.last.one")
        return samples, _missing(wall, b"the.last.one")


def _filled(path: Path, now: int) -> None:
    with SqliteStore.create(path) as store:
        store.apply_policy(POLICY.replace('response = "1h"', 'response = "24h"'), "soak", now)
        for number in range(1, TICKETS + 1):
            store.add(Act("add", f"T-{number}", "mail", changes={"title": "Printer", "customer": "Tansy"}), now - AGE_S)


def _acts() -> Iterator[tuple[str, str, str | None, dict[str, str]]]:
    """Tickets that come, are worked on and go, so that as many are open at the end as at the beginning."""
    for number in count():
        ticket = f"S-{number}"
        yield "add", ticket, None, {"title": f"thing {number}", "customer": f"C{number % 50}"}
        yield "claim", ticket, None, {}
        yield "set", f"T-{number % TICKETS + 1}", None, {"title": f"version {number}"}
        yield "note", ticket, "looked at it", {}
        yield "resolve", ticket, None, {}


def _missing(wall: Wall, mark: bytes) -> int:
    missing = set(range(BOARDS))
    end = time.monotonic() + DEADLINE_S
    while missing and time.monotonic() < end:
        missing -= {index for index, _, _ in wall.look(0.1, mark)}
    return len(missing)


def _sample(at_s: float, commits: int, pids: Sequence[int], store: Path) -> Sample:
    wal = store.with_name(f"{store.name}-wal")
    return Sample(
        at_s, commits, tuple(map(_memory, pids)), tuple(len(list(Path(f"/proc/{pid}/fd").iterdir())) for pid in pids),
        wal.stat().st_size if wal.exists() else 0,
    )  # fmt: skip


def _memory(pid: int) -> int:
    """Bytes of memory that the process alone has: what others share with it is not its growth."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
        if line.startswith("Pss_Anon:"):
            return int(line.split()[1]) << 10
    raise RuntimeError(f"/proc/{pid}/smaps_rollup does not say Pss_Anon; the soak needs Linux 5.4 or newer")


def _course(samples: Sequence[Sample]) -> str:
    """The course as a Markdown table."""
    lines = [
        "| seconds | commits | a board, MiB | a writer, MiB | open files of a board | WAL, MiB |",
        "|--:|--:|--:|--:|--:|--:|",
    ]
    step = max(1, (len(samples) - 1) // _ROWS)
    for i in range(0, len(samples), step):
        sample = samples[i]
        wal = max(each.wal for each in samples[max(0, i - step + 1) : i + 1])
        lines.append(
            f"| {sample.at_s:.0f} | {sample.commits:,} | {max(sample.memory[:BOARDS]) / 2**20:.1f} "
            f"| {max(sample.memory[BOARDS:]) / 2**20:.1f} | {max(sample.handles[:BOARDS])} | {wal / 2**20:.1f} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS))

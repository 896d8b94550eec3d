"""`make bench`: every `bench_*.py` beside this, as a table and in bench.json; exit 1 when a figure misses its goal.

`python -m tests.benchmarks wire boards` takes some of them, and leaves bench.json alone.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from time import monotonic

from tests.benchmarks.measure import Figure, Stolen, table, write

HERE = Path(__file__).parent
RESULT = Path("bench.json")


def names() -> list[str]:
    """Every bench, by the name of its file: `wire` is bench_wire.py."""
    return sorted(path.stem.removeprefix("bench_") for path in HERE.glob("bench_*.py"))


def taken(name: str) -> Iterator[Figure]:
    """A bench's figures as they come; when it breaks off, one more that says why."""
    try:
        yield from import_module(f"{__package__}.bench_{name}").figures()
    except Exception as error:  # a broken bench must not lose the others' figures
        traceback.print_exc()
        why = str(error).partition("\n")[0]
        yield Figure(name, f"could not be taken: {type(error).__name__}: {why}", None, "taken")


def main(asked: Sequence[str]) -> int:
    """Take the benches that are asked for, or all."""
    known = names()
    if unknown := set(asked) - set(known):
        _say(f"No bench {', '.join(sorted(unknown))}; there are {', '.join(known)}.")
        return 2
    found: list[Figure] = []
    begun = monotonic()
    for name in asked or known:
        started = monotonic()
        _say(f"{name} ...")
        stolen = Stolen()
        os.sync()  # else this bench's fsyncs wait for the gigabytes of the one before
        for figure in taken(name):
            found.append(figure)
            _say(f"  {figure.id}: {figure.printed} ({figure.goal})")
            if not asked:
                write(found, RESULT)
        _say(f"  {monotonic() - started:.0f} s, {monotonic() - begun:.0f} s in all; {stolen.share:.0%} stolen")
    print(table(found))
    return 0 if all(figure.ok for figure in found) else 1


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

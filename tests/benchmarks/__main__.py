"""`make bench`: every figure as a table and in bench.json; exit 1 when one misses its goal."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.benchmarks import bench_calendar, bench_policy
from tests.benchmarks.measure import table, write

BENCHES = (bench_calendar, bench_policy)


def main() -> int:
    """Run all benches."""
    found = [figure for bench in BENCHES for figure in bench.figures()]
    print(table(found))
    write(found, Path("bench.json"))
    return 0 if all(figure.ok for figure in found) else 1


if __name__ == "__main__":
    sys.exit(main())

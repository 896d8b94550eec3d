"""The peak memory of a program of its own: what reading a hostile file costs, in bytes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

MIB = 1024 * 1024

# A small process starts the one that is weighed: ru_maxrss also counts what a child's memory was before it became
# another program, and that is ours, which a test run has blown up.
_LAUNCHER = """
import resource, subprocess, sys
done = subprocess.run(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
sys.stdout.write(f"{resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024} {done.returncode}\\n")
sys.stdout.flush()
sys.stdout.buffer.write(done.stdout[-100_000:])
sys.stderr.buffer.write(done.stderr[-100_000:])
"""

READER = """
import sys
from slaboard.connectors.registry import FILE_CONNECTORS
from slaboard.connectors.base import BrokenInput
from slaboard.connectors.files import open_lines
from datetime import UTC
good = bad = 0
try:
    with open_lines(sys.argv[2]) as lines:
        for parsed in FILE_CONNECTORS[sys.argv[1]](UTC).read(lines):
            good += bool(parsed.events or parsed.snapshot)
            bad += parsed.problem is not None
except BrokenInput as error:
    print(error)
print(good, bad)
"""
"""Reads a file with one connector; how many lines were good, and how many were told."""


def weigh(*command: str) -> tuple[int, int, str, str]:
    """The peak memory of `python command`, its exit code, and its two outputs (the last 100 kB of each)."""
    done = subprocess.run(
        [sys.executable, "-c", _LAUNCHER, sys.executable, *command],
        capture_output=True, text=True, encoding="utf-8", errors="replace", timeout=300, check=True,
    )  # fmt: skip
    first, _, out = done.stdout.partition("\n")
    peak, code = map(int, first.split())
    return peak, code, out, done.stderr


def read(connector: str, path: Path) -> tuple[int, Sequence[str]]:
    """The peak memory of reading `path`, and the lines that READER printed."""
    peak, code, out, err = weigh("-c", READER, connector, str(path))
    assert code == 0, err
    return peak, out.splitlines()

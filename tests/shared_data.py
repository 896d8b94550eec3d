"""Where the tests find the data that the project shares and does not own; it is read there, never copied."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

MISSING = "the shared folder is not here; set SLABOARD_SHARED to it"

Case = dict[str, Any]


def shared(*parts: str) -> Path | None:
    """Return a path in the shared folder (SLABOARD_SHARED, else `shared` beside the checkout), None where missing."""
    root = os.environ.get("SLABOARD_SHARED") or Path(__file__).resolve().parents[2] / "shared"
    path = Path(root, *parts)
    return path if path.exists() else None


def need_shared(*parts: str) -> Path:
    """Return a path in the shared folder, or skip the test that asks."""
    path = shared(*parts)
    if path is None:
        pytest.skip(f"{'/'.join(parts)}: {MISSING}")
    return path


def vectors(name: str) -> Iterator[Case]:
    """Yield the cases of data/vectors/NAME.jsonl, none where it is missing."""
    path = shared("data", "vectors", f"{name}.jsonl")
    if path is not None:
        with path.open(encoding="utf-8") as lines:
            yield from map(json.loads, lines)


def each_vector(name: str, keep: Callable[[Case], bool] = lambda case: True) -> pytest.MarkDecorator:
    """Parametrize a test's `case` with the vectors to keep; where they are missing it is skipped and says why."""
    cases = [pytest.param(case, id=case["id"]) for case in vectors(name) if keep(case)]
    return pytest.mark.parametrize("case", cases or [pytest.param({}, marks=pytest.mark.skip(MISSING), id="missing")])

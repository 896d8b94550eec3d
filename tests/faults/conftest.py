"""A store with ninety tickets, where acknowledged acts are written down, and a library that breaks writes."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from slaboard.commands.clock import now
from tests.stores import YELLOW, make


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made once, then copied."""
    return make(tmp_path_factory.mktemp("made") / "board.db", now(), [YELLOW] * 90)


@pytest.fixture
def path(tmp_path: Path, made: Path) -> Path:
    return Path(shutil.copy(made, tmp_path / "board.db"))


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "acknowledged"


@pytest.fixture(scope="session")
def breaker(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """The environment of a process whose writes can be broken."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        pytest.skip("no C compiler here")
    library = tmp_path_factory.mktemp("breaker") / "breaker.so"
    source = Path(__file__).with_name("breaker.c")
    made = subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"], capture_output=True)
    if made.returncode:
        pytest.skip("this machine's C library has no such calls to break")
    return {"LD_PRELOAD": str(library)}

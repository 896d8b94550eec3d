"""slaboard as a shell sees it: arguments in, exit code and two texts out."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import pytest

from slaboard import commands
from slaboard.__main__ import main
from slaboard.commands.clock import now as asked
from slaboard.store.disk.driver import connect
from tests.store.desk import desk

CLOCKS = [
    module
    for found in iter_modules(commands.__path__, f"{commands.__name__}.")
    if getattr(module := import_module(found.name), "now", None) is asked
]
"""Where a command asks what time it is."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a command came to."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one JSON object that it printed."""
        return json.loads(self.out)

    @property
    def objects(self) -> list[Any]:
        """Its JSON objects, one a line."""
        return [json.loads(line) for line in self.out.splitlines()]


Run = Callable[..., Said]


@contextmanager
def shell(capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """Runs commands in this process."""

    def run(*arguments: str, code: int | None = 0) -> Said:
        capsys.readouterr()
        said = Said(main(arguments), *capsys.readouterr())
        assert code is None or said.code == code, said
        assert "Traceback" not in said.out + said.err
        return said

    yield run


def at_noon(monkeypatch: pytest.MonkeyPatch, now: int) -> None:
    """It is `now` for every command, until somebody sets it anew."""
    for module in CLOCKS:
        monkeypatch.setattr(module, "now", lambda: now)


def store(path: Path, *lines: str) -> Path:
    """A desk's store (see tests.store.desk), closed again."""
    desk(path, *lines).close()
    return path


def sql(path: Path, *statements: str) -> None:
    """What another program did to the store."""
    with closing(connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)

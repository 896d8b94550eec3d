"""Themes on a running board: a broken one is told and not used, and a saved file is on the screen by itself."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest
from rich.color import Color

from slaboard import themefile
from slaboard.tui.app import BoardApp
from tests.stores import YELLOW, make
from tests.tui.seats import screen, seat, until

NOW = 1_800_000_000


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return make(tmp_path / "team.db", NOW, [YELLOW] * 3)


@pytest.fixture
def folder() -> Path:
    """The folder of a person's own themes."""
    made = themefile.own_folder()
    made.mkdir(parents=True)
    return made


def save(path: Path, text: str) -> None:
    """As editors do: a new file in place of the old one."""
    path.with_suffix(".new").write_text(text)
    os.replace(path.with_suffix(".new"), path)


def ink(app: BoardApp) -> Color | None:
    """The colour of plain text as it is painted."""
    return app._sheet._palette.styles["text"].color


async def test_a_broken_theme_is_told_with_file_and_line_and_the_default_is_used(store: Path, folder: Path) -> None:
    (folder / "mine.toml").write_text("[styles]\ntext = '#123456'\ndim = 'azure'\n")
    async with seat(store, now=NOW, theme="mine", size=(200, 50)) as (app, pilot):
        assert str(folder / "mine.toml") in screen(pilot)
        assert 'line 3   dim: "azure" is no colour' in screen(pilot)
        assert ink(app) is None


async def test_a_saved_theme_is_on_the_screen_by_itself(store: Path, folder: Path) -> None:
    """A mistake is told and changes nothing; once it is mended, the colours come."""
    mine = folder / "mine.toml"
    mine.write_text("[styles]\ntext = '#123456'\n")
    async with seat(store, now=NOW, theme="mine", size=(200, 50)) as (app, pilot):
        assert ink(app) == Color.parse("#123456")
        texts = iter(range(1, 10**6))

        def painted() -> bool:
            """Saved again and again until the watcher, which begins in its own time, has seen one."""
            number = next(texts)
            if number % 100 == 1:
                save(mine, f"# {number}\n[styles]\ntext = '#abcdef'\n")
            return ink(app) == Color.parse("#abcdef")

        await until(pilot, painted)
        save(mine, "[styles]\ntext = 'azure'\n")
        await until(pilot, lambda: 'line 2: text: "azure" is no colour' in screen(pilot))
        assert ink(app) == Color.parse("#abcdef")
        save(mine, "[styles]\ntext = '#00ff00'\n")
        await until(pilot, lambda: ink(app) == Color.parse("#00ff00"))


async def test_without_a_folder_of_one_s_own_nothing_is_watched(store: Path) -> None:
    """No thread and no import for most people."""
    before = set(threading.enumerate())  # an earlier board's watcher may still be ending
    async with seat(store, now=NOW):
        assert "slaboard-themes" not in {thread.name for thread in set(threading.enumerate()) - before}

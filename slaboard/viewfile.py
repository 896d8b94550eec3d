"""A person's own saved views: a file each in the config folder, so that saving one touches no other."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

from slaboard.board import saved
from slaboard.board.saved import SavedView
from slaboard.errors import UsageError
from slaboard.host import document
from slaboard.resources import config_dir
from slaboard.text import clean

MOST = 500
"""More files are not read: a folder of thousands is no folder of views."""


class Own(Struct, frozen=True):
    """What the folder holds, and a sentence with file and line for each thing that is wrong."""

    views: tuple[SavedView, ...] = ()
    problems: tuple[str, ...] = ()
    files: tuple[tuple[str, Path], ...] = ()
    """The file of each view, by its name."""

    def file(self, name: str) -> Path | None:
        """The file of the view of that name."""
        return next((path for own, path in self.files if saved.is_same(own, name)), None)


def folder() -> Path:
    """Where they are: beside the config file."""
    return config_dir() / "views"


def load() -> Own:
    """Every view that can be read. Never raises: what is wrong is told."""
    views: list[SavedView] = []
    files: list[tuple[str, Path]] = []
    problems: list[str] = []
    for path in _paths(problems):
        try:
            found = saved.parse(document.read(path, named=False), path.stem)
        except document.Unreadable as error:
            problems.append(f"{error} The view is left out.")
            continue
        problems += [f"{clean(str(path), limit=400)}: {problem}" for problem in found.problems]
        if found.view is None:
            continue
        if twin := next((other for name, other in files if saved.is_same(name, found.view.name)), None):
            name = clean(found.view.name)
            problems.append(f"{clean(str(path), limit=400)}: {name} is in {clean(twin.name)} too, which is used")
            continue
        views.append(found.view)
        files.append((found.view.name, path))
    return Own(saved.in_order(views), tuple(problems), tuple(files))


def _paths(problems: list[str]) -> Iterator[Path]:
    try:
        paths = sorted(path for path in folder().iterdir() if path.suffix == ".toml" and path.name[0] != ".")
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError as error:
        problems.append(f"{clean(str(folder()))} cannot be read: {clean(error.strerror or str(error))}.")
        return
    if len(paths) > MOST:
        problems.append(f"{clean(str(folder()))} holds {len(paths):,} files; only the first {MOST} are read.")
    yield from paths[:MOST]


def save(view: SavedView) -> Path:
    """Write it under its name, instead of the one that had it; where it is now. UsageError when it cannot be."""
    if problem := saved.name_problem(view.name):
        raise UsageError(f"It was not saved: {problem}.")
    path = load().file(view.name) or _free(view.name)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _put(path, _remarks(path) + saved.written(view))
    except OSError as error:
        raise UsageError(f"{clean(str(path))} cannot be written: {clean(error.strerror or str(error))}.") from error
    return path


def rename(name: str, new: str) -> Path:
    """Give it another name, and its file too; what else is written there stays. UsageError when it cannot be."""
    own = load()
    view = next((view for view in own.views if saved.is_same(view.name, name)), None)
    if view is None:
        raise UsageError(f"You have no view {clean(name)}.")
    if not saved.is_same(name, new) and own.file(new) is not None:
        raise UsageError(f"You have a view {clean(new)} already. Choose another name.")
    before = own.file(name)
    after = save(SavedView(new, view.filter, view.tab, view.sort, view.pivot))
    if before is not None and before != after:
        with suppress(OSError):
            _put(after, _remarks(before) + after.read_text(encoding="utf-8"))
            before.unlink()
    return after


def remove(name: str) -> Path:
    """Take it away; which file is gone. UsageError when there is none or it cannot go."""
    path = load().file(name)
    if path is None:
        raise UsageError(f"You have no view {clean(name)}.")
    try:
        path.unlink()
    except OSError as error:
        raise UsageError(f"{clean(str(path))} cannot be deleted: {clean(error.strerror or str(error))}.") from error
    return path


def _free(name: str) -> Path:
    """A file name for it that no other view has."""
    stem = re.sub(r"[^\w.-]+", "-", name, flags=re.UNICODE).strip("-.").lower()[:40] or "view"
    number = 1
    while True:
        path = folder() / f"{stem}{f'-{number}' if number > 1 else ''}.toml"
        if not path.exists():
            return path
        number += 1


def _remarks(path: Path) -> str:
    """What people wrote above its first line of ours."""
    try:
        lines = document.read(path, named=False).splitlines(keepends=True)
    except document.Unreadable:
        return ""
    kept = []
    for line in lines:
        if line.strip() and not line.lstrip().startswith("#"):
            break
        kept.append(line)
    return "".join(kept)


def _put(path: Path, text: str) -> None:
    """All of it or nothing: written beside it, on the disk, then put in its place."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with fresh.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except BaseException:
        with suppress(OSError):
            fresh.unlink()
        raise

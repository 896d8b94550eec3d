"""A store that people reach by a link: one log, one lock and one watch, beside the real file."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from slaboard.errors import StoreError
from slaboard.store.base import Act
from slaboard.store.care.backup import backup
from slaboard.store.care.restore import prepared
from slaboard.store.disk.opening import is_writable
from slaboard.store.disk.sibling import beside, real
from slaboard.store.disk.sole import Sole, holder_of
from slaboard.store.sqlite import SqliteStore
from tests.faults.page import assert_told
from tests.sla.story import at
from tests.store.desk import agrees, desk
from tests.stores import Neighbour


@pytest.fixture
def store(tmp_path: Path) -> Path:
    (tmp_path / "disk").mkdir()
    path = tmp_path / "disk" / "board.db"
    desk(path).close()
    return path


@pytest.fixture
def link(store: Path, tmp_path: Path) -> Path:
    """Another name in another folder, which leads to the store by a relative path."""
    (tmp_path / "desk").mkdir()
    found = tmp_path / "desk" / "team.db"
    found.symlink_to(Path("..") / "disk" / "board.db")
    return found


def test_who_comes_by_a_link_and_who_comes_by_the_file_share_a_log(store: Path, link: Path) -> None:
    with Neighbour(link) as other, SqliteStore(store) as ours, SqliteStore(link) as also:
        other.claim("A-1")
        assert [store.loads() for store in (ours, also)] == [{"Chi": 1}] * 2
        ours.act(Act("note", "A-1", "ana", "seen"), at("09:50"))
        also.act(Act("note", "A-1", "ben", "seen, too"), at("09:51"))
        assert agrees(ours)
        assert (also.path, also.name) == (link, "team"), "sentences name what was said"
    assert [path.name for path in link.parent.iterdir()] == ["team.db"]


def test_by_a_link_too_a_log_that_is_deleted_is_noticed(store: Path, link: Path) -> None:
    with SqliteStore(link) as opened:
        opened.act(Act("note", "A-1", "ana", "only in the log"), at("09:50"))
        assert opened.is_in_place()
        beside(link, "-wal").unlink()
        assert not opened.is_in_place()
    with SqliteStore(store) as anew:
        assert anew.events("A-1")[-1].note == "only in the log"


def test_a_link_that_is_led_elsewhere_is_another_store(link: Path, store: Path) -> None:
    other = store.with_name("other.db")
    shutil.copy(store, other)
    with SqliteStore(link) as opened:
        link.unlink()
        link.symlink_to(other)
        assert not opened.is_in_place()
        with pytest.raises(StoreError, match="was replaced by another file"):
            opened.act(Act("note", "A-1", "ana", "for whom?"), at("09:50"))


def test_a_restore_by_a_link_leaves_the_link(link: Path, store: Path) -> None:
    """Also where the store is damaged, and a new file takes its place."""
    copy = store.with_name("copy.db")
    with SqliteStore(store) as opened:
        backup(opened, copy)
    for damage in (False, True):
        if damage:
            os.truncate(store, 5_000)
        with prepared(copy, link) as ready:
            done = ready.run(at("10:00"))
        assert done.before is not None
        assert done.before.parent == store.parent
        assert link.is_symlink()
        with SqliteStore(link) as opened:
            assert agrees(opened)


def test_one_watch_whatever_the_name(store: Path, link: Path) -> None:
    first, second = Sole(link), Sole(store)
    first.take("ana@desk")
    try:
        with pytest.raises(StoreError, match="is watched already"):
            second.take("ben@desk")
        assert holder_of(store) is not None
    finally:
        first.release()


def test_a_link_to_nothing_leads_to_where_it_points(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    assert real(tmp_path / "a") == tmp_path / "b"
    (tmp_path / "b").symlink_to("a")
    assert not is_writable(tmp_path / "a"), "nor does a circle end anything"
    with pytest.raises(StoreError, match="There is no store"):
        SqliteStore(tmp_path / "a")


def test_a_hard_link_would_have_a_log_of_its_own(store: Path, tmp_path: Path) -> None:
    other = tmp_path / "hard.db"
    other.hardlink_to(store)
    with Neighbour(store), pytest.raises(StoreError, match=r"has another name \(a hard link\)") as caught:
        SqliteStore(other)
    assert_told(str(caught.value), other)

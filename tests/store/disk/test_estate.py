"""A store is not let go of before what stands in its log alone can be carried over."""

from __future__ import annotations

from pathlib import Path

import pytest

from slaboard.errors import StoreBusy, StoreError
from slaboard.store.disk import estate
from slaboard.store.disk.turnstile import Turnstile
from slaboard.store.sqlite import SqliteStore
from tests.faults.page import assert_told
from tests.store.desk import agrees, desk, do


def _nobody_gets_it(*_: object) -> None:
    raise StoreBusy("Somebody else has the turn.")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    desk(tmp_path / "board.db").close()
    return tmp_path / "board.db"


def test_a_deleted_log_that_cannot_be_carried_over_yet_is_kept(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """To open the store anew would be to lose it."""
    store = SqliteStore(path)
    do(store, "09:50 ana note - the last word")
    path.with_name("board.db-wal").unlink()
    with monkeypatch.context() as here:
        here.setattr(Turnstile, "turn", _nobody_gets_it)
        store.close()
        for _ in range(2):
            with pytest.raises(StoreBusy, match=r"Leave this open: .* cannot be carried over yet\. Somebody else"):
                SqliteStore(path)
        SqliteStore(desk(path.with_name("other.db")).path).close()  # what is at other paths is none of its business
    with SqliteStore(path) as anew:
        assert anew.events("A-1")[-1].note == "the last word"
        assert agrees(anew)
    assert estate._KEPT == []


def test_what_somebody_else_has_carried_over_is_let_go_of(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = SqliteStore(path), SqliteStore(path)
    do(first, "09:50 ana note - the last word")
    path.with_name("board.db-wal").unlink()
    with monkeypatch.context() as here:
        here.setattr(Turnstile, "turn", _nobody_gets_it)
        first.close()
    second.close()
    with SqliteStore(path) as anew:
        assert anew.events("A-1")[-1].note == "the last word"
    assert estate._KEPT == []


def test_the_page_quotes_it(path: Path) -> None:
    class Kept:
        def __init__(self) -> None:
            self.path = path

        def carry_over(self) -> None:
            raise StoreError(f"The disk that holds {path} is full. Nothing was changed; make room and try again.")

        def release(self) -> None:
            raise AssertionError

    kept = Kept()
    estate.keep(kept)
    with pytest.raises(StoreError) as caught:
        estate.settle(path)
    estate._KEPT.remove(kept)
    assert_told(str(caught.value), path)

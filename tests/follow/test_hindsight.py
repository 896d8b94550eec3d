"""Hindsight on a real store: it answers beside the feed, the last question only, and tells what is wrong."""

from __future__ import annotations

import queue
from pathlib import Path

import pytest
from msgspec.structs import replace

from slaboard.board.trends import Counted, Section, Want, part
from slaboard.follow.hindsight import Hindsight
from tests.stores import RED, make

NOW = 1_800_000_000
WANT = Want(1, NOW, "UTC")
PATIENCE_S = 20


@pytest.fixture(name="told")
def _told() -> queue.SimpleQueue[Counted]:
    return queue.SimpleQueue()


def test_figures_then_the_tickets_behind_one_then_only_what_is_new(
    tmp_path: Path, told: queue.SimpleQueue[Counted]
) -> None:
    """What is known already is not counted again when a list is opened."""
    path = make(tmp_path / "s.db", NOW, [RED, 60])
    hindsight = Hindsight(told.put)
    hindsight.look(path, WANT)
    first = told.get(timeout=PATIENCE_S)
    assert first.figures is not None
    opened = part(first.figures, Section.TODAY, 0, 0)
    assert opened is not None
    assert opened.count == 2
    hindsight.look(path, replace(WANT, part=opened))
    second = told.get(timeout=PATIENCE_S)
    assert second.items is not None
    assert (second.figures, second.items.total) == (None, 2)
    hindsight.look(path, WANT)
    hindsight.look(path, replace(WANT, number=2))
    third = told.get(timeout=PATIENCE_S)
    assert (third.want.number, third.items) == (2, None)
    hindsight.close()
    assert told.empty()


def test_a_store_that_is_not_there_is_a_sentence_and_asked_again_it_answers(
    tmp_path: Path, told: queue.SimpleQueue[Counted]
) -> None:
    """What failed is not tried again by itself, only when somebody asks or the minute is over."""
    path = tmp_path / "s.db"
    hindsight = Hindsight(told.put)
    hindsight.look(path, WANT)
    assert "There is no store" in told.get(timeout=PATIENCE_S).trouble
    make(path, NOW)
    hindsight.look(path, replace(WANT, number=2))
    found = told.get(timeout=PATIENCE_S).figures
    assert found is not None
    assert found.is_empty
    hindsight.close()

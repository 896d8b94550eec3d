"""A claim decided by the ticket's rows is the one that the rules decide on its whole history."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slaboard.errors import SlaboardError
from slaboard.store import sqlite as module
from slaboard.store.base import Act
from tests.examples import examples
from tests.store.desk import OPENED, POLICY, STEPS, desk, do, dump, worked

UPDATES = POLICY.replace('response = "1h", resplan = "4h", ', 'update = "30m", ')


@examples(30)
@given(STEPS, st.booleans(), st.integers(-600, 86_400), st.sampled_from([POLICY, UPDATES]))
def test_the_short_way_and_the_long_way_agree(
    steps: list[tuple[str, str]], any_zone: bool, after: int, policy: str
) -> None:
    """Any history, any instant (a clock that is behind, too): the same answer and the same rows."""
    found = []
    for short in (True, False):
        with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
            if not short:
                patch.setattr(module, "claimed", lambda *_: None)
            with desk(Path(folder) / "s.db", policy=policy) as store:
                worked(store, steps)
                try:
                    answer: object = store.act(Act("claim", "A-1", "cleo", any_zone=any_zone, via="x"), OPENED + after)
                except SlaboardError as error:
                    answer = (type(error), str(error))
                found.append((answer, dump(store, without=("rev",))))
    assert found[0] == found[1]


def test_the_short_way_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A claim that wins replays nothing."""
    with desk(tmp_path / "s.db") as store:
        monkeypatch.setattr(module, "folded", None)
        (done,) = do(store, "09:50 ben claim")
        assert (done.owner, done.text) == ("ben", "A-1 is ben's (10m00s before breach)")

"""Questions: their answers are people, bound to one ticket."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from slaboard.board.draw import prompt
from slaboard.board.state import Mode, Page, Prompt
from tests.board.drawn import texts
from tests.board.factory import busy
from tests.board.scenes import scenes

CLAIM = scenes()["claim"]


def test_everybody_has_a_letter() -> None:
    """With what is on their desk; who has left the team is not offered."""
    lines = prompt.lines(CLAIM, 80, 9)
    drawn = texts(lines)
    assert all(said in drawn for said in ("a Ana 2", "b Ben 14", "h Chi 1", "d Dee 0", "f Florentine 3"))
    assert "Eve" not in drawn


@pytest.mark.parametrize(("width", "most"), [(80, 9), (40, 6), (30, 3), (29, 5)])
def test_the_question_and_everybody_fit(width: int, most: int) -> None:
    """What it is about goes first where lines are short: the id in the title says it."""
    lines = prompt.lines(CLAIM, width, most)
    assert len(lines) <= most
    assert "Claim T-10376" in texts(lines)
    assert all(f"{key} " in texts(lines) for key in "abhdf")


def test_it_says_when_silence_answers() -> None:
    """No half-open claim is left on the wall."""
    assert "closes in 9s" in texts(prompt.lines(CLAIM, 80, 9))
    assert "closes" not in texts(prompt.lines(scenes()["takeover"], 80, 9))


def test_the_countdown_is_beside_the_question() -> None:
    """Also when the row has moved away beneath."""
    assert "Resplan O 00:03:22" in texts(prompt.lines(CLAIM, 80, 9))
    assert "Resplan" not in texts(prompt.lines(replace(CLAIM, page=Page()), 80, 9))


def test_a_takeover_names_the_owner() -> None:
    """Before it is taken away."""
    assert "It is Ana's. Take it over?" in texts(prompt.lines(scenes()["takeover"], 40, 9))


def test_a_name_is_typed() -> None:
    """Its end stays in sight."""
    typed = replace(busy(), mode=Mode.NAME, prompt=Prompt("claim", "T-1", "Whose name?", text="x" * 99 + "y"))
    assert texts(prompt.lines(typed, 30, 9)).endswith("xy_")


def test_a_pin_is_stars() -> None:
    """Whose it is stands in the heading, why it is asked once more below."""
    drawn = texts(prompt.lines(scenes()["pin"], 80, 9))
    assert "Claim T-10376: Ben's PIN" in drawn
    assert " PIN  **_" in drawn
    assert "That is not Ben's PIN." in drawn
    assert "12" not in "".join(drawn.splitlines()[2:])


def test_an_empty_team_is_said() -> None:
    """The name can be typed all the same."""
    assert "Nobody is on the team list yet." in texts(prompt.lines(replace(CLAIM, team=()), 80, 9))


def test_nothing_is_asked_outside_of_a_question() -> None:
    """A prompt without its mode, a mode without its prompt."""
    assert prompt.lines(replace(CLAIM, mode=Mode.BOARD), 80, 9) == []
    assert prompt.lines(replace(CLAIM, prompt=None), 80, 9) == []

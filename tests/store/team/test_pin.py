"""PINs: what is one, what the store keeps of it, and how long guessing takes."""

from __future__ import annotations

import pytest

from slaboard.errors import UsageError
from slaboard.store.team.pin import FREE, LONGEST_S, checked, hashed, matches, pause_s
from tests.sla.story import situation


@pytest.mark.parametrize("pin", ["1234", "0000", "123456789012"])
def test_a_pin(pin: str) -> None:
    assert checked(pin) == pin


@pytest.mark.parametrize("pin", ["", "123", "1234567890123", "12a4", "12 34", "１２３４", "-1234", "12345\n"])
def test_no_pin(pin: str) -> None:
    with pytest.raises(UsageError, match="A PIN has 4 to 12 digits and nothing else"):
        checked(pin)


def test_only_the_same_pin_matches() -> None:
    kept = hashed("1234")
    assert "1234" not in kept
    assert matches("1234", kept)
    assert not matches("1235", kept)


def test_the_same_pin_of_two_people_is_kept_as_two_texts() -> None:
    """Who reads the store does not learn that they have the same."""
    assert hashed("1234") != hashed("1234")


@pytest.mark.parametrize(
    "kept",
    [
        situation("nothing", ""),
        situation("the PIN itself", "1234"),
        situation("another way of hashing", "md5$14$8$1$c2FsdA==$aGFzaA=="),
        situation("parameters that would hold everybody up", "scrypt$40$8$1$c2FsdA==$aGFzaA=="),
        situation("no numbers", "scrypt$a$b$c$c2FsdA==$aGFzaA=="),
        situation("no base 64", "scrypt$14$8$1$ä$ö"),
        situation("other text", "scrypt$2$1$1$c2FsdA==$w6Q="),
    ],
)
def test_what_another_program_wrote_there_matches_nothing(kept: str) -> None:
    assert not matches("1234", kept)


def test_guessing_becomes_slow() -> None:
    """Three slips cost nothing; then each wrong one costs twice the last, up to a quarter of an hour."""
    assert [pause_s(wrong) for wrong in range(1, 8)] == [0, 0, 10, 20, 40, 80, 160]
    assert pause_s(50) == pause_s(10**9) == LONGEST_S
    tries_a_day = 86_400 / LONGEST_S + 10
    assert 10_000 / 2 / tries_a_day > 40, "half of all PINs of four digits take more than forty days"
    assert FREE == 3

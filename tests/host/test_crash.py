"""The log of an end that nobody foresaw: where it happened, by which errors, and nothing that a ticket says."""

from __future__ import annotations

from pathlib import Path

import pytest

from slaboard.host.crash import crash_log, obituary
from slaboard.store.disk.driver import module

SECRET = "Printer of Tansy Bakery is on fire"


def logged(error: BaseException) -> str:
    """The log of `error`."""
    path = crash_log(error, 1_763_736_067)
    assert path is not None
    assert path.stat().st_mode & 0o077 == 0, "for nobody else"
    assert str(path) in obituary(error, path)
    return path.read_text()


@pytest.fixture(autouse=True)
def _state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


def raised(error: BaseException, before: BaseException | None = None) -> BaseException:
    """`error` as it comes out of a function, on the heels of another."""
    title = SECRET
    try:
        try:
            if before is not None:
                raise before
        finally:
            raise error
    except BaseException as found:
        assert title
        return found


@pytest.mark.parametrize(
    "error",
    [
        ValueError(SECRET),
        KeyError(SECRET),
        raised(ValueError("x"), KeyError(SECRET)),
        ExceptionGroup(SECRET, [ValueError(SECRET), ExceptionGroup("more", [LookupError(SECRET)])]),
        UnicodeEncodeError("ascii", SECRET, 0, 1, "no"),
    ],
    ids=["value", "key", "before it", "a group", "text"],
)
def test_what_a_ticket_says_is_in_no_log(error: BaseException) -> None:
    text = logged(raised(error))
    assert "on fire" not in text
    assert type(error).__qualname__ in text
    assert "in raised" in text, "where it happened"


def test_every_error_of_a_chain_is_named() -> None:
    text = logged(raised(ValueError("a"), KeyError("b")))
    assert text.index("KeyError") < text.index("which led to") < text.index("ValueError")


def test_words_that_only_name_code_are_kept() -> None:
    for error in (AttributeError("'Entered' object has no attribute 'x'"), module().OperationalError("disk I/O error")):
        assert str(error) in logged(raised(error))


def test_errors_that_lead_to_each_other_end() -> None:
    one, other = ValueError("a"), KeyError("b")
    one.__context__, other.__context__ = other, one
    assert logged(one).count("ValueError") == 1

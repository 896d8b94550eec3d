"""Alerts on the board: one line until somebody has seen it, in as many words as there is room for, never a toast."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from slaboard.alerts.alert import NOTHING, Alert, Burst, Entry, Rules, Vigil
from slaboard.board.draw import foot, tiny
from slaboard.board.draw.alert import lines
from slaboard.board.moves import alerting, step
from slaboard.board.state import Board, Mode
from slaboard.board.tidings import sentence
from slaboard.board.views import View
from slaboard.ticket import Bucket, Stage, Zone
from tests.board.drawn import style_of, text
from tests.board.factory import NOW, busy
from tests.board.scenes import ALERT
from tests.board.seat import hits, seated
from tests.sla.story import situation

RULES = Rules()
ONE = Alert(
    NOW,
    Burst(
        {Zone.ORANGE: 1},
        {
            Zone.ORANGE: Entry(
                "T-7", Bucket.TOTAL_RESOLUTION, Zone.ORANGE, NOW, NOW + 60, "Ben", "Tansy", "P2", "VPN " * 30
            )
        },
    ),
)


def drawn(alert: Alert, into: int) -> str:
    [line] = lines(replace(busy(), vigil=Vigil(alert), timezone="Europe/Berlin"), into)
    return " ".join(text(line).split())


@pytest.mark.parametrize(
    ("alert", "into", "said"),
    [
        situation(
            "several, with all their facts",
            ALERT, 120,
            "ALERT 2 red, 5 orange since 15:40; worst T-10265 P1 Tansy Bakery, Resplan was due 15:40 a seen",
        ),
        situation("several", ALERT, 76, "ALERT 2 red, 5 orange since 15:40; worst T-10265 a seen"),
        situation("in a small pane", ALERT, 40, "ALERT 2 red, 5 orange a seen"),
        situation("in a tiny one", ALERT, 26, "ALERT 2R 5O a seen"),
        situation("one ticket", ONE, 80, "ALERT T-7 is orange since 15:41: P2 Tansy, Resolution due 15:42 a seen"),
        situation("one in a small pane", ONE, 40, "ALERT T-7 is orange a seen"),
        situation("one in a tiny one", ONE, 22, "ALERT T-7 O a seen"),
    ],
)  # fmt: skip
def test_it_is_told_in_as_many_words_as_there_is_room_for(alert: Alert, into: int, said: str) -> None:
    assert drawn(alert, into) == said


@pytest.mark.parametrize("mode", [Mode.WHO, Mode.FILTER, Mode.COMMANDS, Mode.HELP])
def test_its_key_is_not_offered_where_the_letter_means_something_else(mode: Mode) -> None:
    [line] = lines(replace(busy(), vigil=Vigil(ONE), mode=mode), 80)
    assert "seen" not in text(line)


def test_its_word_is_in_the_worst_zone_s_colour() -> None:
    assert style_of(lines(replace(busy(), vigil=Vigil(ALERT)), 80), "ALERT") == "zone.red"
    assert style_of(lines(replace(busy(), vigil=Vigil(ONE)), 80), "ALERT") == "zone.orange"


def test_where_there_is_one_line_it_stands_before_the_keys() -> None:
    """And behind what became of an act."""
    board = replace(busy(), vigil=Vigil(ALERT))
    assert "ALERT" in text(foot.lines(board, 30, 8)[0])


def test_its_sentence_is_for_all_other_ways() -> None:
    assert sentence(ALERT, NOW, "UTC") == "2 red, 5 orange; worst T-10265 (P1, Tansy Bakery), Resplan was due 14:40"
    told = sentence(ONE, NOW, "UTC")
    assert told.startswith("T-7 (P2, Tansy) is orange, Resolution due 14:42: VPN VPN")
    assert told.endswith("…")
    bare = Entry("T-1", Bucket.UPDATE, Zone.RED, NOW)
    assert sentence(Alert(NOW, Burst({Zone.RED: 1}, {Zone.RED: bare})), NOW, "UTC") == "T-1 is red, Update"


# --- the session ------------------------------------------------------------------------------------------------


def test_an_entry_rings_and_is_shown_until_a_is_pressed() -> None:
    session, alert = alerting.rung(alerting.entered(seated(), ONE.burst, RULES), RULES)
    assert alert is not None
    assert alerting.rung(session, RULES) == (session, None)
    assert session.board.vigil.shown is not None
    after = hits(session, "a")
    assert (after.board.vigil.shown, after.board.outcome) == (None, None)
    again = hits(after, "a")
    assert again.board.outcome is not None
    assert again.board.outcome.text.startswith("There is no alert")


def test_in_quiet_hours_on_the_board_s_own_clock_nothing_rings() -> None:
    """NOW is 14:41 in UTC and 15:41 in Berlin."""
    quiet = Rules(quiet=(15 * 60, 16 * 60))
    for timezone, rings in (("UTC", True), ("Europe/Berlin", False)):
        session = replace(seated(), board=replace(seated().board, timezone=timezone))
        session, alert = alerting.rung(alerting.entered(session, ONE.burst, quiet), quiet)
        assert (alert is not None, session.board.vigil.shown is not None) == (rings, True)
        assert session.board.vigil.waiting == NOTHING


@pytest.mark.parametrize(
    ("change", "is_over"),
    [
        situation("taken", {"owner": "Hana"}, True),
        situation("as it came, with an owner", {"owner": "Ben"}, False),
        situation("released by its owner", {"owner": None}, False),
        situation("resolved", {"stage": Stage.RESOLVED}, True),
        situation("gone", None, True),
    ],
)
def test_an_alert_of_one_ticket_goes_when_somebody_sees_to_it(change: dict[str, Any] | None, is_over: bool) -> None:
    """Nobody has to wave away what another has taken."""
    session = alerting.entered(seated(), ONE.burst, RULES)
    assert step.sight(session).marks == ("T-7",)
    now = None if change is None else replace(busy().page.rows[0], **{"id": "T-7", "owner": "Ben", **change})
    after = alerting.refreshed(session, {"T-7": now})
    assert (after.board.vigil.shown is None) is is_over
    assert alerting.refreshed(session, {}) == session, "it has not been read yet"


def test_of_several_it_says_who_took_the_worst_and_names_what_comes_in_next() -> None:
    """The others may still need somebody."""
    session = alerting.entered(seated(), ALERT.burst, RULES)
    taken = {"T-265": None, "T-10265": replace(busy().page.rows[0], owner="Hana", id="T-10265")}
    session = alerting.refreshed(session, taken)
    shown = session.board.vigil.shown
    assert shown is not None
    assert drawn(shown, 90) == "ALERT 2 red, 5 orange since 15:41; worst T-10265 P1 Tansy Bakery, Hana's now a seen"
    assert drawn(shown, 56) == "ALERT 2 red, 5 orange; T-10265 Hana's now a seen"
    later = Burst({Zone.RED: 1}, {Zone.RED: Entry("T-9", Bucket.RESPONSE, Zone.RED, NOW, NOW + 9_999)})
    worst = alerting.entered(session, later, RULES).board.vigil.shown
    assert worst is not None
    assert worst.worst.ticket == "T-9"


def test_with_all_that_it_names_taken_it_goes() -> None:
    """One red and one orange ticket, each somebody's by now."""
    entries = {zone: Entry(f"T-{zone}", Bucket.RESPONSE, zone, NOW) for zone in (Zone.ORANGE, Zone.RED)}
    session = alerting.entered(seated(), Burst(dict.fromkeys(entries, 1), entries), RULES)
    session = alerting.refreshed(session, {"T-red": None})
    assert session.board.vigil.shown is not None
    assert alerting.refreshed(session, {"T-orange": None}).board.vigil.shown is None


def test_an_alert_in_the_past_is_of_the_present() -> None:
    """Who looks at yesterday is told when it happens all the same."""
    board = replace(seated().board, past_at=NOW - 86_400, now=NOW - 86_400)
    session = alerting.entered(replace(seated(), board=board, wall_s=NOW + 5), ONE.burst, RULES)
    assert session.board.vigil.shown is not None
    assert session.board.vigil.shown.at == NOW + 5


def test_on_the_wallboard_a_acknowledges_too() -> None:
    session = alerting.entered(hits(seated(), "w"), ONE.burst, RULES)
    after = hits(session, "a")
    assert (after.board.mode, after.board.vigil.shown) == (Mode.WALL, None)
    assert after.board.wall == session.board.wall, "only then is it a key like any other"
    assert hits(after, "a").board.wall != session.board.wall


def test_a_board_that_has_just_begun_has_no_alert() -> None:
    assert lines(Board(now=NOW, view=View()), 80) == []


def test_below_the_least_size_it_stands_in_place_of_the_keys() -> None:
    board = replace(busy(), vigil=Vigil(ALERT))
    assert any("ALERT 2R 5O" in " ".join(text(line).split()) for line in tiny.lines(board, 26, 7))

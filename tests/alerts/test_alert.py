"""Alerts as values: what rings, when, together with what, and what is left after somebody has seen it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slaboard.alerts import alert as alerts
from slaboard.alerts.alert import APART_S, NOTHING, Alert, Burst, Crossing, Entry, Rules, Vigil
from slaboard.ticket import Bucket, Ticket, Zone
from tests.sla.story import situation

G, Y, O, R = Zone  # noqa: E741 the zones' letters
RULES = Rules()


def came(number: int, zone: Zone, due: int = 100, before: Zone | None = G) -> Crossing:
    """Ticket `T-number` came into `zone`."""
    return Crossing(f"T-{number}", Bucket.RESPONSE, before, zone, 50, due)


def burst(*crossings: Crossing) -> Burst:
    return alerts.burst(crossings, lambda crossing: alerts.entry_of(crossing, None))


def told(vigil: Vigil, now: int, *, rules: Rules = RULES, quiet: bool = False) -> tuple[Vigil, str | None]:
    """What rings at `now`: `2 red, 1 orange T-5`."""
    vigil, alert = alerts.rung(vigil, now, rules, is_quiet=quiet)
    return vigil, None if alert is None else f"{alert.summary} {alert.worst.ticket}"


# --- what is an entry -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("crossing", "is_one"),
    [
        situation("worse than before", came(1, O, before=Y), True),
        situation("two zones at once", came(1, R, before=G), True),
        situation("new in the grid", came(1, O, before=None), True),
        situation("better than before", came(1, O, before=R), False),
        situation("out of the grid", Crossing("T-1", Bucket.RESPONSE, R, None, 50), False),
        situation("late by a retarget", Crossing("T-1", Bucket.RESPONSE, G, R, 50, is_retarget=True), False),
        situation("orange beside a retarget", Crossing("T-1", Bucket.RESPONSE, G, O, 50, is_retarget=True), True),
    ],
)
def test_what_is_an_entry(crossing: Crossing, is_one: bool) -> None:
    assert crossing.is_entry is is_one
    assert bool(burst(crossing).counts) is is_one


def test_a_burst_knows_how_many_and_the_worst_of_each_zone() -> None:
    found = burst(came(1, O, 300), came(2, O, 200), came(3, R, 90), came(4, Y, 10), came(5, O, 200))
    assert found.counts == {Y: 1, O: 3, R: 1}
    assert {zone: entry.ticket for zone, entry in found.worst.items()} == {Y: "T-4", O: "T-2", R: "T-3"}


def test_an_entry_is_in_the_words_of_its_ticket_which_may_be_gone() -> None:
    ticket = Ticket(id="T-1", title="VPN", customer="Tansy", priority="P1", owner="Ana")
    assert alerts.entry_of(came(1, O), ticket) == Entry("T-1", Bucket.RESPONSE, O, 50, 100, "Ana", "Tansy", "P1", "VPN")
    gone = Crossing("T-\x1b[2J1", Bucket.RESPONSE, G, O, 50)
    assert alerts.entry_of(gone, None).ticket == "T-\ufffd[2J1"


# --- when it rings ----------------------------------------------------------------------------------------------


def test_the_first_rings_at_once_and_the_rest_together_ten_seconds_later() -> None:
    vigil, said = told(alerts.entered(Vigil(), burst(came(1, O)), 1_000, RULES), 1_000)
    assert said == "1 orange T-1"
    vigil = alerts.entered(vigil, burst(came(2, O, 70)), 1_001, RULES)
    vigil = alerts.entered(vigil, burst(came(3, R), came(4, R, 60)), 1_009, RULES)
    for now in (1_001, 1_009):
        assert told(vigil, now) == (vigil, None)
    vigil, said = told(vigil, 1_000 + APART_S)
    assert said == "2 red, 1 orange T-4"
    assert vigil.shown is not None
    assert (vigil.shown.at, vigil.shown.summary, vigil.shown.worst.ticket) == (1_000, "2 red, 2 orange", "T-4")
    assert told(vigil, 2_000) == (vigil, None)


def test_what_nobody_wants_to_hear_of_changes_nothing() -> None:
    """Yellow and green by default; nothing at all where no zone is wanted."""
    assert alerts.entered(Vigil(), burst(came(1, Y), came(2, G, before=None)), 1_000, RULES) == Vigil()
    assert alerts.entered(Vigil(), burst(came(1, R)), 1_000, Rules(frozenset(), {})) == Vigil()


def test_in_quiet_hours_it_stays_on_the_board_and_never_rings() -> None:
    vigil, said = told(alerts.entered(Vigil(), burst(came(1, R)), 1_000, RULES), 1_000, quiet=True)
    assert said is None
    assert vigil.shown is not None
    assert told(vigil, 5_000) == (vigil, None)


def test_a_zone_that_no_way_is_for_is_shown_and_takes_nobody_s_turn() -> None:
    """Red rings at once although an orange one came a second before."""
    rules = Rules(ways={"bell": frozenset({R})})
    vigil, said = told(alerts.entered(Vigil(), burst(came(1, O)), 1_000, rules), 1_000, rules=rules)
    assert (said, vigil.shown is not None) == (None, True)
    assert told(alerts.entered(vigil, burst(came(2, R)), 1_001, rules), 1_001, rules=rules)[1] == "1 red T-2"


def test_acknowledged_it_hushes_what_has_not_rung_yet_until_the_next_one_enters() -> None:
    vigil, _ = told(alerts.entered(Vigil(), burst(came(1, O)), 1_000, RULES), 1_000)
    vigil = alerts.acknowledged(alerts.entered(vigil, burst(came(2, O)), 1_002, RULES))
    assert (vigil.shown, told(vigil, 1_020)[1]) == (None, None)
    assert told(alerts.entered(vigil, burst(came(3, R)), 1_021, RULES), 1_021)[1] == "1 red T-3"


def test_a_clock_that_was_set_back_does_not_silence_it() -> None:
    vigil, _ = told(alerts.entered(Vigil(), burst(came(1, O)), 90_000, RULES), 90_000)
    assert told(alerts.entered(vigil, burst(came(2, O)), 1_000, RULES), 1_000)[1] == "1 orange T-2"


bursts = st.lists(
    st.builds(came, st.integers(1, 9), st.sampled_from((G, Y, O, R)), st.integers(0, 9), st.sampled_from((None, Y))),
    max_size=4,
).map(lambda crossings: burst(*crossings))


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 7), bursts, st.booleans(), st.booleans()), max_size=30))
def test_whatever_comes_no_two_rings_are_near_and_none_is_lost(
    steps: list[tuple[int, Burst, bool, bool]],
) -> None:
    """Each wanted entry is in exactly one ring, or was acknowledged, or came in quiet hours, or still waits."""
    vigil, now, rings = Vigil(), 1_000, list[int]()
    wanted = rung = let_go = 0
    for later, found, is_quiet, is_seen in steps:
        now += later
        vigil = alerts.entered(vigil, found, now, RULES)
        wanted += sum(found.only(RULES.zones).counts.values())
        waiting = sum(vigil.waiting.counts.values())
        vigil, alert = alerts.rung(vigil, now, RULES, is_quiet=is_quiet)
        if alert is not None:
            rings.append(now)
            rung += alert.total
        elif not vigil.waiting.counts:
            let_go += waiting
        if is_seen:
            let_go += sum(vigil.waiting.counts.values())
            vigil = alerts.acknowledged(vigil)
    assert all(after - before >= APART_S for before, after in pairwise(rings))
    assert wanted == rung + let_go + sum(vigil.waiting.counts.values())


@settings(max_examples=30)
@given(bursts, bursts, bursts)
def test_bursts_are_joined_in_any_order(one: Burst, two: Burst, three: Burst) -> None:
    """Counts and who is due first do not depend on which came when."""
    joined = one.joined(two).joined(three)
    other = three.joined(one).joined(two)
    assert joined.counts == other.counts
    assert {z: (e.due_at, e.ticket) for z, e in joined.worst.items()} == {
        z: (e.due_at, e.ticket) for z, e in other.worst.items()
    }
    assert one.joined(NOTHING) == one


def test_the_ways_of_an_alert() -> None:
    rules = Rules(ways={"bell": frozenset({O, R}), "desktop": frozenset({R}), "tmux": frozenset()})
    assert rules.ways_of(burst(came(1, O))) == {"bell"}
    assert rules.ways_of(burst(came(1, O), came(2, R))) == {"bell", "desktop"}
    assert Alert(0, burst(came(1, O), came(2, R))).zone is R

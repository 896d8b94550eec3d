"""The past under another policy: the same policy changes nothing, a looser target makes nothing worse."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slaboard.reports.period import Period
from slaboard.reports.proposal import Proposal
from slaboard.reports.whatif import Flip, Foremost, Trial, results
from slaboard.sla.clock import replay
from slaboard.sla.policy import PolicySet, parse
from slaboard.ticket import Bucket, Event
from tests.examples import examples
from tests.real_log import incidents
from tests.sla.oracle_replay import World
from tests.sla.story import ALL, EVERYONE, at, story, team
from tests.sla.test_replay_oracle import LOG_POLICY, histories, teams

FEW = examples(15)
LOOSE = team('targets = { response = "2h", resplan = "4h", resolution = "16h" }')


def looser(policies: PolicySet, more: Mapping[Bucket, int]) -> PolicySet:
    """The same promises, each with so many seconds more."""
    longer = (
        replace(policy, targets={bucket: seconds + more.get(bucket, 0) for bucket, seconds in policy.targets.items()})
        for policy in policies.policies
    )
    return replace(policies, policies=tuple(longer))


def tried(
    before: PolicySet, after: PolicySet, lives: Mapping[str, Iterable[Event]], period: Period
) -> tuple[Trial, list[Flip]]:  # fmt: skip
    trial = Trial(before, after, period)
    return trial, [flip for ticket, events in lives.items() for flip in trial.add(ticket, events)]


@FEW
@given(world=teams(), events=histories(), more=st.dictionaries(st.sampled_from(Bucket), st.integers(0, 200)))
def test_the_same_policy_flips_nothing_and_a_looser_target_makes_nothing_worse(
    world: tuple[PolicySet, World], events: list[Event], more: dict[Bucket, int]
) -> None:
    """And the results are those of a whole replay."""
    policies = world[0]
    same, flips = tried(policies, looser(policies, {}), {"T-1": events}, Period())
    assert not flips
    assert all((row.n, row.met, 0, 0) == (row.tried_n, row.tried_met, row.to_met, row.to_missed)
               for row in same.rows.values())  # fmt: skip
    loose, flips = tried(policies, looser(policies, more), {"T-1": events}, Period())
    assert all(flip.is_better for flip in flips)
    assert len(flips) == sum(row.to_met for row in loose.rows.values())
    assert not any(row.to_missed for row in loose.rows.values())
    done = replay("T-1", events, policies).standing.done
    assert {key: result.clock for key, result in results("T-1", events, policies).items()} == done


def test_what_finished_before_the_creation_is_no_result() -> None:
    policies = team('targets = { update = "1h" }')
    events = story("08:00 asks / 08:30 respond / 09:00 created by=customer / 09:20 respond")
    assert [result.clock.elapsed_s for result in results("T-1", events, policies).values()] == [20 * 60]


def test_what_flips_is_told_with_both_results() -> None:
    """Per promise and customer, of what stopped in the period only."""
    lives = {
        "T-1": story("09:00 created customer=Acme priority=P1 / 10:30 respond"),
        "T-2": story("09:00 created customer=Acme / 09:30 respond"),
        "T-3": story("09:00 created customer=Bolt / 13:00 respond"),
        "T-4": story("09:00 created customer=Bolt / 06T10:30 respond"),
    }
    trial, (flip,) = tried(EVERYONE, LOOSE, lives, Period(at("09:00"), at("06T09:00")))
    assert (flip.before.ticket, flip.is_better, flip.before.clock.target_s, flip.after.clock.target_s) == (
        "T-1", True, 3600, 7200
    )  # fmt: skip
    assert (flip.after.customer, flip.after.priority) == ("Acme", "P1")
    row = trial.by_bucket()[Bucket.RESPONSE]
    assert (row.n, row.met, row.tried_met, row.to_met, row.to_missed) == (3, 1, 2, 1, 0)
    assert list(trial.by_customer()) == ["Acme", "Bolt"]
    assert trial.tickets == 4
    assert [(bucket, name) for bucket, name, _ in trial.in_order()] == [
        (Bucket.RESPONSE, "Acme"), (Bucket.RESPONSE, "Bolt")
    ]  # fmt: skip


def test_of_many_flips_the_foremost_are_kept() -> None:
    """Those that would be missed, the latest first; then those that would be kept. Never more than twice as many."""
    lives = {f"T-{n:02}": story(f"09:00 created / 10:{n:02} respond") for n in range(1, 40)}
    foremost = Foremost(5)
    for before, after, tickets in ((EVERYONE, LOOSE, list(lives)[:37]), (LOOSE, EVERYONE, list(lives)[37:])):
        trial = Trial(before, after)
        for ticket in tickets:
            foremost.add(trial.add(ticket, lives[ticket]))
            assert len(foremost._flips) <= 10
    assert [flip.after.ticket for flip in foremost.all()] == ["T-39", "T-38", "T-37", "T-36", "T-35"]


def test_a_promise_that_only_one_of_them_makes_is_no_flip() -> None:
    bare = team('targets = { resolution = "16h" }')
    trial, flips = tried(EVERYONE, bare, {"T-1": story("09:00 created / 12:00 respond")}, Period())
    assert not flips
    row = trial.by_bucket()[Bucket.RESPONSE]
    assert (row.n, row.met, row.tried_n) == (1, 0, 0)


def test_a_policy_whose_calendar_ends_judges_nothing() -> None:
    """As on the board, such a ticket has no SLA; no error."""
    ended = EVERYONE.text.replace("09:00-17:00", "").partition("[status]")
    text = '[calendar.office]\ntimezone = "UTC"\nhours = {}\ndays = { "2025-01-01" = ["09:00-10:00"] }\n'
    found, problems = parse(f"{text}{''.join(ended[1:])}".replace('calendar = "early"', ""))
    assert found is not None, problems
    assert results("T-1", story("09:00 created / 10:00 respond"), found) == {}


# --- suggestions ----------------------------------------------------------------------------------------------

WORDS = st.text(st.characters(codec="utf-8"), max_size=12)


@FEW
@given(
    lives=st.lists(st.tuples(WORDS, WORDS, st.integers(0, 890)), min_size=1, max_size=9),
    by=st.sampled_from(["priority", "customer"]),
)
def test_what_is_suggested_is_a_policy_file_without_mistakes(lives: list[tuple[str, str, int]], by: str) -> None:
    """Whatever customers and priorities are called; and it keeps what it says."""
    proposal = Proposal(EVERYONE, by, Fraction("0.9"), "of the test")
    for priority, customer, minutes in lives:
        for number in range(5):
            created, answered = story(f"09:00 created / {9 + minutes // 60:02}:{minutes % 60:02} respond")
            events = [
                Event(ticket="T", at=created.at, kind=created.kind, priority=priority, customer=customer), answered
            ]  # fmt: skip
            for result in results(f"T-{number}", events, EVERYONE).values():
                proposal.add(result)
    text = "\n".join(proposal.lines())
    found, problems = parse(text)
    assert found is not None, (problems, text)
    assert len(found.policies) == len(proposal.groups) + 1
    for priority, customer, _ in lives:
        policy = found.match(customer=customer, priority=priority, board=None, type=None)
        assert policy is not None
        assert policy.name != EVERYONE.policies[0].name
        assert policy.targets[Bucket.RESOLUTION] == 16 * 3600
        assert policy.targets[Bucket.RESPONSE] % 300 == 0


def test_few_results_are_told_as_few_and_the_policies_in_force_follow() -> None:
    policies = team('match = { priority = ["P1"] }\n' + ALL, 'match = { priority = ["P2", "P3"] }\n' + ALL, ALL)
    proposal = Proposal(policies, "priority", Fraction("0.9"), "of the test")
    for priority, number in (("P1", 40), ("P2", 7), ("P3", 2)):
        for minute in range(number):
            events = story(f"09:00 created priority={priority} / 09:{minute:02} respond")
            for result in results(f"{priority}-{minute}", events, policies).values():
                proposal.add(result)
    lines = list(proposal.lines())
    text = "\n".join(lines)
    found, _ = parse(text)
    assert found is not None
    assert [policy.name for policy in found.policies] == ["P1, suggested", "P2, suggested", "1", "2"]
    assert "# 0 is left out: the policies above take all of its tickets." in text
    first, second = (line for line in lines if line.startswith("# response: "))
    assert first == ("# response: 90 % took 35m at most, sure 31m to 39m (n = 40); kept 90.0 %; today 1h keeps 100 %")
    assert "and more: too few for an upper end (n = 7)" in second
    assert "# resolution: only 0 results, too few to say; as it is today" in lines
    assert found.policies[0].targets == {Bucket.RESPONSE: 2_100, Bucket.RESPLAN: 14_400, Bucket.RESOLUTION: 57_600}


# --- the real log ---------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_real_log_tried() -> None:
    """All 14,955 incidents: no flip under the same policy, only better ones under a looser one."""
    policies, problems = parse(LOG_POLICY)
    assert policies is not None, problems
    assert not tried(policies, looser(policies, {}), incidents(), Period())[1]
    more = looser(policies, {Bucket.RESPONSE: 3_600, Bucket.RESOLUTION: 7_200})
    _, flips = tried(policies, more, incidents(), Period())
    assert len(flips) > 500
    assert all(flip.is_better for flip in flips)

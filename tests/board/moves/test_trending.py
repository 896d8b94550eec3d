"""The history screen under somebody's hands: from figure to figure, into its tickets, back out; when it is counted."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from slaboard.board.draw.sections import told
from slaboard.board.moves import step, trending
from slaboard.board.moves.effect import Effect
from slaboard.board.moves.session import Session
from slaboard.board.render import render
from slaboard.board.sight import Refresh
from slaboard.board.state import Detail, Mode
from slaboard.board.trends import FLOWS, SECTIONS, Counted, Flow, Section, What, part, shape
from tests.board import weeks
from tests.board.drawn import texts
from tests.board.factory import GRID, NOW, ticket
from tests.board.seat import hit, hits, seated


def looking() -> Session:
    """The screen is on, and its figures are there."""
    session = hits(seated(), "H")
    want = trending.want(session.board)
    assert want is not None
    return trending.counted(session, Counted(want, weeks.FIGURES))


def at(session: Session) -> tuple[Section, int, int]:
    trends = session.board.trends
    return trends.section, trends.row, trends.column


@pytest.mark.parametrize(
    ("keys", "there"),
    [
        (("j", "j", "l"), (Section.KEPT, 2, 1)),
        (("k",), (Section.KEPT, 0, 0)),
        (("G",), (Section.KEPT, 11, 0)),
        (("tab",), (Section.TODAY, 0, 0)),
        (("shift+tab",), (Section.PEOPLE, 0, 0)),
        (("l", "l", "l"), (Section.TODAY, 0, 0)),
        (("l", "l", "l", "l"), (Section.HOURS, 0, 0)),
        (("tab", "tab", "h"), (Section.TODAY, 0, 0)),
        (("h",), (Section.PEOPLE, 0, 2)),
        (("tab",) * 5, (Section.KEPT, 0, 0)),
        (("c", "x", "1", "slash"), (Section.KEPT, 0, 0)),
    ],
    ids=str,
)
def test_keys_go_from_figure_to_figure_and_from_part_to_part(
    keys: tuple[str, ...], there: tuple[Section, int, int]
) -> None:
    """Past the end of a row comes the next part; keys that act mean nothing here."""
    session = hits(looking(), *keys)
    assert at(session) == there
    assert session.board.mode is Mode.TRENDS
    assert session.board.prompt is None


def test_enter_goes_in_twice_and_q_comes_back_each_time() -> None:
    """Figure, tickets, ticket; then the board as it was."""
    before = seated()
    session = hits(looking(), "j", "j", "l", "enter")
    wanted = step.sight(session).trends
    assert wanted is not None
    assert wanted.part == weeks.PART
    assert "being read" in texts(render(session.board, 80, 24))
    session = trending.counted(session, Counted(wanted, items=weeks.ITEMS))
    session = hits(session, "j", "j", "enter")
    assert step.sight(session).detail == "T-9002"
    found = Refresh(step.sight(session), NOW, GRID, None, {}, before.board.page, detail=Detail(ticket(9_002)))
    assert "T-9002" in texts(render(trending.seen(session, found).board, 80, 24))
    gone = trending.seen(session, replace(found, detail=None))
    assert "not in the store any more" in texts(render(gone.board, 80, 24))
    session = hits(session, "q")
    assert session.board.trends.opened is None
    assert session.board.trends.index == 2
    session = hits(session, "escape")
    assert session.board.trends.part is None
    assert at(session) == (Section.KEPT, 2, 1)
    session = hits(session, "q")
    assert (session.board.mode, session.board.cursor) == (Mode.BOARD, before.board.cursor)
    assert step.sight(session).trends is None
    assert hits(looking(), "enter", "H").board.mode is Mode.BOARD


def test_nothing_is_listed_behind_nothing() -> None:
    """`enter` on a figure of none stays where it is."""
    session = hits(looking(), "tab", "tab", "G", "enter")
    assert at(session) == (Section.HOURS, 6, 0)
    assert session.board.trends.part is None


def test_it_is_counted_anew_each_minute_and_when_asked_never_by_a_commit() -> None:
    session = looking()
    first = step.sight(session).trends
    assert first is not None
    later = [replace(session, board=replace(session.board, now=NOW + age)) for age in (1, 59, 60, 119, 120)]
    wants = [step.sight(one).trends for one in later]
    assert [want.at - first.at for want in wants if want] == [0, 0, 60, 60, 120]
    asked, effect = hit(later[0], "r")
    assert effect is Effect.RELOAD
    again = step.sight(asked).trends
    assert again is not None
    assert again.number == first.number + 1


def test_a_refresh_keeps_the_cursor_where_it_is() -> None:
    """Where there is less than before, as near as can be."""
    session = hits(looking(), "G")
    want = trending.want(session.board)
    assert want is not None
    fewer = replace(weeks.FIGURES, weeks=weeks.WEEKS[:5])
    session = trending.counted(session, Counted(want, fewer))
    assert at(session) == (Section.KEPT, 4, 0)
    session = trending.counted(session, Counted(want, trouble="The disk is on fire."))
    assert session.board.trends.figures == fewer
    assert "The disk is on fire." in texts(render(session.board, 80, 24))


def test_the_past_has_no_history_screen() -> None:
    """It would count what had not happened yet."""
    session = seated()
    session = hits(replace(session, board=replace(session.board, past_at=NOW - 60)), "H")
    assert session.board.mode is Mode.BOARD
    assert session.board.outcome is not None


@pytest.mark.parametrize("size", [(200, 50), (120, 30), (80, 24), (40, 12)], ids=str)
@pytest.mark.parametrize("section", SECTIONS)
def test_every_figure_can_be_reached_and_is_on_the_screen_in_words(section: Section, size: tuple[int, int]) -> None:
    """At each size the figure under the cursor is said, and its row is in sight."""
    board = looking().board
    rows, columns = shape(weeks.FIGURES, section)
    for row in {0, rows - 1}:
        for column in {0, columns - 1}:
            there = replace(board, trends=replace(board.trends, section=section, row=row, column=column))
            found = part(weeks.FIGURES, section, row, column)
            assert found is not None
            lines = render(there, *size)
            assert told(weeks.FIGURES, found, size[0] - 2) in texts(lines)
            assert any(style == "grid.cursor" for line in lines for _, style in line)


def test_of_few_results_no_percentage_is_made() -> None:
    """`2 of 3`, and of many a percentage with the number beside it."""
    drawn = texts(render(looking().board, 80, 24)).splitlines()
    oldest, newest = next(line for line in drawn if " 1 Sep " in line), next(line for line in drawn if "so far" in line)
    assert "2 of 3" in oldest
    assert "1 of 1" in oldest
    assert "%" not in oldest
    assert newest.split()[3:6] == ["97.8", "%", "90"] or "97.8 %    90" in newest


def test_people_stand_by_name_without_a_place() -> None:
    """Who holds most is not on top."""
    drawn = texts(render(hits(looking(), "shift+tab").board, 80, 24))
    places = [drawn.index(f"\n {person.name[:9]}") for person in weeks.PEOPLE]
    assert places == sorted(places)


def test_the_usual_day_is_the_middle_one() -> None:
    """One odd day changes nothing; of an even number, halfway between the two in the middle."""
    assert Flow(9, (3, 900, 5)).usual == 5
    assert Flow(9, (3, 4)).usual == 3.5
    assert Flow(9).usual is None
    assert weeks.FIGURES.flows[What.OPENED].usual == 36.5


@pytest.mark.parametrize(("past", "said"), [((0, 1), "usual 1"), ((109, 110), "usual 110"), ((3, 900, 5), "usual 5")])
def test_the_usual_day_is_told_in_whole_tickets(past: tuple[int, ...], said: str) -> None:
    board = looking().board
    figures = replace(weeks.FIGURES, flows=dict.fromkeys(FLOWS, Flow(9, past)))
    trends = replace(board.trends, figures=figures, section=Section.TODAY)
    told = "\n".join("".join(text for text, _ in line) for line in render(replace(board, trends=trends), 80, 24))
    assert f"{said} (" in told


@pytest.mark.parametrize(("into", "said"), [(80, "145"), (40, "+")])
def test_the_hour_under_the_cursor_is_its_number_where_that_fits(into: int, said: str) -> None:
    """Never a wrong one."""
    board = looking().board
    figures = replace(weeks.FIGURES, hours={(0, 9): 145, (1, 9): 3})
    trends = replace(board.trends, figures=figures, section=Section.HOURS, row=0, column=9)
    lines = render(replace(board, trends=trends), into, 24)
    assert [text.strip() for line in lines for text, style in line if style == "grid.cursor"] == [said]

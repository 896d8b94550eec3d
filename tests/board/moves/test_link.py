"""What leads elsewhere: ids in one harmless line, and only such links as a browser may be given."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from slaboard.board.moves import link
from slaboard.board.moves.effect import Browse, Copy
from slaboard.board.moves.session import Session
from tests.board.factory import replace_ticket
from tests.board.moves.test_asking import word
from tests.board.seat import IDS, TICKETS, heard, hit, hits, seated


def linked(url: str) -> Session:
    """A board whose first ticket has that link."""
    return heard(seated(), IDS[:20], ms=0, changed={"T-100": replace_ticket(TICKETS["T-100"], url=url)})


def test_the_id_under_the_cursor_or_all_that_are_marked() -> None:
    assert hit(hits(seated(), "j"), "y")[1] == Copy("T-101", "T-101")
    assert hit(hits(seated(), "space", "space"), "y")[1] == Copy("T-100 T-101", "2 ids")
    assert word(hits(seated([]), "y")) == "NO"


def test_what_is_pasted_is_one_line_that_runs_nothing() -> None:
    session = seated()
    session = replace(session, board=replace(session.board, cursor="T-1\nrm -rf ~\r\x1b[201~\x03"))
    _, wish = link.copied(session)
    assert isinstance(wish, Copy)
    assert wish.text.isprintable()


@pytest.mark.parametrize(
    "url",
    [
        "https://desk.example.com/t/1",
        "http://10.0.0.7:8080/ticket?id=1&view=all#top",
        "HTTPS://desk.example.com",
        "https://[2001:db8::1]/t/1",
        "https://desk.example.com/a%20b/(c);d='e'",
    ],
)
def test_a_link_goes_to_the_browser_as_it_is(url: str) -> None:
    assert hit(linked(url), "o")[1] == Browse(url, "T-100")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "ftp://desk.example.com/",
        "--profile=/tmp/x",
        "https://",
        "https:///t/1",
        "https://a[b/",
        "https://desk.example.com:port/",
        "https://desk.example.com@evil.example/",
        "https://desk.example.com/a b",
        "https://desk.example.com/\n--new",
        'https://desk.example.com/"',
        "https://desk.example.com/`id`",
        "https://desk.example.com\\@evil.example",
        "https://d\u0435sk.example.com/",
        "https://desk.example.com/" + "x" * link.MOST_URL,
        " https://desk.example.com/",
    ],
)
def test_what_is_no_plain_link_is_not_opened(url: str) -> None:
    session, wish = hit(linked(url), "o")
    assert wish is None
    assert word(session) == "NO"


def test_there_are_links_in_the_past_and_on_boards_for_looking_only() -> None:
    session = linked("https://desk.example.com/t/1")
    looking = replace(session, board=replace(session.board, read_only=True))
    assert isinstance(hit(looking, "o")[1], Browse)
    assert isinstance(hit(looking, "y")[1], Copy)

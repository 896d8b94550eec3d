"""CSV rows: numbers, quotes, and what a broken row costs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slaboard.connectors.base import MAX_LINE, BrokenInput, Parsed
from slaboard.connectors.rows import heading_of, is_line_encoding, rows
from slaboard.text import MAX_TEXT


def read(text: str | bytes, **options: str) -> list[tuple[int, list[str]] | tuple[int, str]]:
    data = text if isinstance(text, bytes) else text.encode()
    found = rows(data.splitlines(keepends=True), **options)
    return [(row.line, row.problem or "") if isinstance(row, Parsed) else row for row in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a,b\n1,2\n", [(1, ["a", "b"]), (2, ["1", "2"])], id="plain"),
        pytest.param("a;b\n1,5;2\n", [(1, ["a", "b"]), (2, ["1,5", "2"])], id="semicolon"),
        pytest.param("a\tb\r\n1\t2", [(1, ["a", "b"]), (2, ["1", "2"])], id="tab, CRLF, no last end"),
        pytest.param("a|b\n1|2", [(1, ["a", "b"]), (2, ["1", "2"])], id="pipe"),
        pytest.param('"x;y",b\n1,2', [(1, ["x;y", "b"]), (2, ["1", "2"])], id="a delimiter inside quotes"),
        pytest.param("\ufeffa,b\n1,2", [(1, ["a", "b"]), (2, ["1", "2"])], id="byte order mark"),
        pytest.param('\n\n"a";"b"\n\n1;2\n;\n3;4', [(3, ["a", "b"]), (5, ["1", "2"]), (7, ["3", "4"])], id="blanks"),
        pytest.param('a,b\n"1\n1",2\n3,4', [(1, ["a", "b"]), (2, ["1\n1", "2"]), (4, ["3", "4"])], id="multi-line"),
        pytest.param('a,b\n"say ""x""",  2 ', [(1, ["a", "b"]), (2, ['say "x"', "2"])], id="doubled quotes, spaces"),
        pytest.param('a,b\nVPN "x",2', [(1, ["a", "b"]), (2, ['VPN "x"', "2"])], id="quotes in a bare cell"),
        pytest.param("", [], id="empty"),
    ],
)
def test_reads(text: str, expected: list[tuple[int, list[str]]]) -> None:
    """Rows come with the number of their first line."""
    assert read(text) == expected


def test_a_stray_quote_costs_its_row_only() -> None:
    """A quote that is not doubled is a problem of its line; the next row is read."""
    found = read('a,b\n"x" y,2\n3,4\n')
    assert found[1][0] == 2
    assert "is a quote left open, or not doubled" in found[1][1]
    assert found[2] == (3, ["3", "4"])


@pytest.mark.parametrize("after", [400, 1, 0], ids=["a long file", "a short file", "the last line"])
def test_a_quote_left_open_costs_its_line_only(after: int) -> None:
    """However far it reaches, the lines that it swallowed are read again."""
    lines = ["a,b", '"open,1', *("x" * 1000 + ",2" for _ in range(after))]
    found = read("\n".join(lines))
    assert found[1][0] == 2
    assert "The line is not a CSV row" in found[1][1]
    assert found[2:] == [(number, ["x" * 1000, "2"]) for number in range(3, 3 + after)]


def test_a_line_of_another_encoding_inside_a_cell() -> None:
    """It costs itself and the line that its cell began on, and nothing is lost without a word."""
    found = read(b'a,b\n"1\n\xff\n2,3\n')
    assert [line for line, _ in found] == [1, 2, 3, 4]
    assert "is a quote left open" in found[1][1]
    assert "is not utf-8" in found[2][1]
    assert found[3] == (4, ["2", "3"])


def test_an_end_inside_a_cell_costs_no_line_before_it() -> None:
    """A gzip that is cut short while a quote is open."""

    def broken() -> Iterator[bytes]:
        yield from (b"a,b\n", b'"open\n', b"1,2\n")
        raise BrokenInput("cut short")

    found = [row.problem if isinstance(row, Parsed) else row for row in rows(broken())]
    assert found[0] == (1, ["a", "b"])
    assert "is a quote left open" in str(found[1])
    assert found[2:] == [(3, ["1", "2"]), "cut short"]


def test_a_row_that_never_ends_is_bounded() -> None:
    """A row of many short cells over many lines ends at 1 MiB, too."""
    found = read('a,b\n"' + '","\n' * 300_000)
    assert "is a quote left open" in found[1][1]


def test_a_long_line_and_a_long_cell() -> None:
    """A line over 1 MiB is a problem; a cell over 64 Ki characters is cut."""
    found = read(b"a,b\n" + b"x" * (MAX_LINE + 1) + b"\n" + b"y" * (MAX_TEXT + 9) + b",2\n")
    assert "longer than 1 MiB" in found[1][1]
    assert found[2] == (3, ["y" * MAX_TEXT, "2"])


def test_encodings() -> None:
    """A line in another encoding is a problem of its own; a named encoding reads it."""
    data = "a,b\nMüller,1\nx,2\n".encode("cp1252")
    problem = "The line is not utf-8; save the file as UTF-8, or name its encoding in a map."
    assert read(data)[1:] == [(2, problem), (3, ["x", "2"])]
    assert read(data, encoding="cp1252")[1] == (2, ["Müller", "1"])


@pytest.mark.parametrize(
    ("name", "fits"),
    [
        ("utf-8", True), ("utf-8-sig", True), ("cp1252", True), ("iso-8859-15", True), ("shift_jis", True),
        ("utf-16", False), ("utf-16-le", False), ("utf-7", False), ("unicode_escape", False),
        ("raw_unicode_escape", False), ("cp037", False), ("rot13", False), ("base64", False),
        ("undefined", False), ("punycode", False), ("nonsense", False), ("", False), ("a\0b", False),
    ],
)  # fmt: skip
def test_line_encodings(name: str, fits: bool) -> None:
    """Only encodings that keep ASCII can be read line by line."""
    assert is_line_encoding(name) is fits


def test_heading() -> None:
    """The column names, whatever the delimiter; garbage has none."""
    assert heading_of(b'\xef\xbb\xbf"Ticket Number";Subject\r\n1;2\r\n') == ["Ticket Number", "Subject"]
    assert heading_of(b"") == []
    assert heading_of(b"a\rb") == []


@given(st.lists(st.text('ab",;\t|\n\r\0 é').map(str.encode) | st.binary(max_size=20), max_size=8))
def test_never_raises(lines: list[bytes]) -> None:
    """Whatever the bytes are, rows and problems come with lines that grow and exist."""
    numbers = [row.line if isinstance(row, Parsed) else row[0] for row in rows(lines)]
    assert numbers == sorted(set(numbers))
    assert all(1 <= number <= len(lines) for number in numbers)

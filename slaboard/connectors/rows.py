"""CSV as rows with the number of their first line; what is wrong with a row never loses the next one."""

from __future__ import annotations

import csv
import string
from collections.abc import Iterable, Iterator
from itertools import chain, islice

from slaboard.connectors.base import BOM, MAX_LINE, BrokenInput, Parsed
from slaboard.text import MAX_TEXT

DELIMITERS = ",;\t|"
_BLANK_LINES = 100
_MISFIT = "The row has {} cells where the heading has {}; quote a cell that holds delimiters or line ends."
_NOT_TEXT = "The line is not {}; save the file as UTF-8, or name its encoding in a map."
_PROBE = string.ascii_letters + string.digits + '\t\n\r ",;|\\u0041+AEE-'


def is_line_encoding(name: str) -> bool:
    """True for an encoding in which lines can be told apart before they are decoded.

    It must write ASCII as ASCII: UTF-16 does not, and utf-7 and Python's escapes would make other text of plain ASCII.
    """
    try:
        return _PROBE.encode("ascii").decode(name) == _PROBE
    except (LookupError, ValueError):  # no such encoding, or not one of text; a NUL in the name; not ASCII
        return False


def heading_of(head: bytes) -> list[str]:
    """The column names in the first lines of a file, as far as they are CSV."""
    text = _first_line(head)
    return [cell.strip() for cell in _cells(text, _sniff(text))]


def rows(
    lines: Iterable[bytes], *, encoding: str = "utf-8", delimiter: str | None = None
) -> Iterator[tuple[int, list[str]] | Parsed]:
    """Each row that is not blank, the heading too, with the number of its first line; or the problem in its place.

    Without a `delimiter` the first line decides. Holds one row at a time, of at most `MAX_LINE` bytes.
    """
    text = _Text(encoding)
    source = iter(lines)
    first: list[bytes] = []
    try:
        for raw in islice(source, _BLANK_LINES):
            first.append(raw)
            if raw.strip():
                break
    except BrokenInput as error:
        yield Parsed(len(first) + 1, problem=str(error))
        return
    if delimiter is None:
        delimiter = _sniff(_first_line(b"".join(first)))
    # strict: a stray quote is a problem of its row; otherwise it may swallow the rows after it without a word.
    reader = csv.reader(map(text.decode, chain(first, source)), delimiter=delimiter, strict=True)
    while True:
        line = text.begin_row()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Parsed(line, problem=text.sentence(line, error))
        except UnicodeError:
            yield Parsed(text.line, problem=_NOT_TEXT.format(encoding))
        except BrokenInput as error:
            yield Parsed(text.line + 1, problem=str(error))
            return
        else:
            cells = [cell.strip() for cell in cells]
            if text.row_bytes > MAX_TEXT:
                cells = [cell[:MAX_TEXT] for cell in cells]
            if any(cells):
                yield line, cells


def fitting(
    table: Iterable[tuple[int, list[str]] | Parsed], width: int, needed: int
) -> Iterator[tuple[int, list[str]] | Parsed]:
    """The rows of a table with `width` columns, of which the first `needed` are read; a problem for those of another.

    A cell too many or too few mostly is a delimiter or a line end that was not quoted, and then every cell after it
    stands in a wrong column: such a row is not used. Empty cells at its end may be left out or be too many.
    """
    for row in table:
        if not isinstance(row, Parsed):
            line, cells = row
            if len(cells) < needed or any(cells[width:]):
                yield Parsed(line, problem=_MISFIT.format(len(cells), width))
                continue
        yield row


def _first_line(head: bytes) -> str:
    """The first line that is not blank; only its ASCII counts."""
    return head.removeprefix(BOM).lstrip(b"\r\n")[:MAX_LINE].decode("ascii", "replace").split("\n")[0].rstrip("\r")


def _sniff(heading: str) -> str:
    """The delimiter that makes the most cells of the heading; a comma when none makes two."""
    return max(DELIMITERS, key=lambda delimiter: len(_cells(heading, delimiter)))


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []


class _Text:
    """Decodes a file's lines one by one, and counts them: a `map` over it goes on after an error."""

    def __init__(self, encoding: str) -> None:
        self.line = 0
        self.row_bytes = 0
        self._encoding = encoding

    def begin_row(self) -> int:
        """The number of the line that comes next; what is read from here is one row."""
        self.row_bytes = 0
        return self.line + 1

    def decode(self, line: bytes) -> str:
        self.line += 1
        self.row_bytes += len(line)
        if self.row_bytes > MAX_LINE:
            raise csv.Error("longer than 1 MiB")
        if self.line == 1:
            line = line.removeprefix(BOM)
        return line.decode(self._encoding)

    def sentence(self, first: int, error: csv.Error) -> str:
        """What became of the row that began on line `first`."""
        lost = f"Lines {first} to {self.line} are" if self.line > first else "The line is"
        return f"{lost} not a CSV row ({error}); is a quote left open, or not doubled inside a cell?"

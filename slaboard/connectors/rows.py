"""CSV as rows with the number of their first line; what is wrong with a row never loses the next one."""

from __future__ import annotations

import csv
import string
from collections import deque
from collections.abc import Iterable, Iterator

from slaboard.connectors.base import BOM, MAX_LINE, BrokenInput, Parsed
from slaboard.text import MAX_TEXT

DELIMITERS = ",;\t|"
_BLANK_LINES = 100
_MISFIT = "The row has {} cells where the heading has {}; quote a cell that holds delimiters or line ends."
_NO_ROW = "The line is not a CSV row ({}); is a quote left open, or not doubled inside a cell?"
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

    Without a `delimiter` the first line decides. Holds one row at a time, of at most `MAX_LINE` bytes. Of a row over
    several lines that turns out to be none only the first line is lost: a quote left open must not hide the next ones.
    """
    source = _Source(lines, encoding)
    # strict: a stray quote is a problem of its row; otherwise it may swallow the rows after it without a word.
    reader = csv.reader(source, delimiter=_sniff(source.first_line()) if delimiter is None else delimiter, strict=True)
    while True:
        line = source.begin_row()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (csv.Error, UnicodeError, BrokenInput) as error:
            if source.put_back():
                yield Parsed(line, problem=_NO_ROW.format("a quote left open"))
            elif isinstance(error, BrokenInput):
                yield Parsed(line, problem=str(error))
                return
            else:
                what = _NOT_TEXT.format(encoding) if isinstance(error, UnicodeError) else _NO_ROW.format(error)
                yield Parsed(line, problem=what)
        else:
            cells = [cell.strip() for cell in cells]
            if source.row_bytes > MAX_TEXT:
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


class _Source:
    """A file's lines as text, counted; those of a row that turned out to be none can be put back."""

    def __init__(self, lines: Iterable[bytes], encoding: str) -> None:
        self.row_bytes = 0
        self._lines = iter(lines)
        self._encoding = encoding
        self._number = 0
        self._row: list[bytes] = []
        self._back: deque[bytes] = deque()
        self._broken: BrokenInput | None = None

    def first_line(self) -> str:
        """The first line that is not blank; only its ASCII counts."""
        for _ in range(_BLANK_LINES):
            if (raw := self._read()) is None:
                break
            self._row.append(raw)
            self.row_bytes += len(raw)
            if raw.strip() or self.row_bytes > MAX_LINE:
                break
        self._back.extend(self._row)
        return _first_line(b"".join(self._row))

    def begin_row(self) -> int:
        """The number of the line that comes next; what is read from here is one row."""
        self._row.clear()
        self.row_bytes = 0
        return self._number + 1

    def put_back(self) -> bool:
        """Read the row's lines again, but for the first; False when it has no more than that."""
        again = self._row[1:]
        self._back.extendleft(reversed(again))
        self._number -= len(again)
        return bool(again) or (self._broken is not None and bool(self._row))

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._back.popleft() if self._back else self._read()
        if line is None:
            if self._broken is not None:
                raise self._broken
            raise StopIteration
        self._number += 1
        self._row.append(line)
        self.row_bytes += len(line)
        if self.row_bytes > MAX_LINE:
            raise csv.Error("longer than 1 MiB")
        if self._number == 1:
            line = line.removeprefix(BOM)
        return line.decode(self._encoding)

    def _read(self) -> bytes | None:
        try:
            return next(self._lines, None)
        except BrokenInput as error:
            self._broken = error
            return None

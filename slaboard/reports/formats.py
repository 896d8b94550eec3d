"""A report in the form that was asked for: a table for the terminal, Markdown, CSV, JSON or one HTML page."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from slaboard.board import cells
from slaboard.errors import UsageError
from slaboard.reports.document import Report
from slaboard.reports.page import html
from slaboard.reports.sheet import Sheet
from slaboard.text import csv_cell, json_line

GAP = "  "
DOT = "- "
PROSE = 100
"""Cells of a line of prose at the most."""
EMPTY = "Nothing of it in this time."


def table(report: Report) -> str:
    """Columns of text that stay where they are; numbers on the right."""
    parts = ["\n".join(_folded(f"{report.title}: {report.scope}", report.width))]
    for sheet in report.sheets:
        lines = (_listed if sheet.told else _aligned)(sheet, report.width)
        parts.append("\n".join(lines) if sheet.rows else f"{sheet.title}\n{EMPTY}")
    return "\n\n".join(parts)


def _listed(sheet: Sheet, width: int | None) -> Iterator[str]:
    """The paragraphs of a sheet, in lines that are read with ease also where there is any room."""
    yield sheet.title
    for text in sheet.paragraphs():
        for number, line in enumerate(cells.wrap(text, min(width or PROSE, PROSE) - len(DOT))):
            yield f"{' ' * len(DOT) if number else DOT}{line}"


def _aligned(sheet: Sheet, width: int | None) -> Iterator[str]:
    """The lines of a sheet; in little room without the columns that can be spared, which the last line names."""
    rows = [sheet.headings, *sheet.texts()]
    widths = [max(map(cells.width, column)) for column in zip(*rows, strict=True)]
    kept = list(range(len(widths)))
    spare = sorted((i for i in kept if sheet.columns[i].spare), key=lambda i: sheet.columns[i].spare)
    while width is not None and spare and sum(widths[i] + len(GAP) for i in kept) - len(GAP) > width:
        kept.remove(spare.pop())
    yield sheet.title
    for row in rows:
        yield GAP.join(cells.fit(row[i], widths[i], right=sheet.columns[i].is_number) for i in kept).rstrip()
    if len(kept) < len(widths):
        left_out = ", ".join(column.heading for i, column in enumerate(sheet.columns) if i not in kept)
        yield from _folded(f"(no room for {left_out}; --format json has all)", width)


def _folded(text: str, width: int | None) -> list[str]:
    return [cells.safe(text)] if width is None else cells.wrap(text, width)


def markdown(report: Report) -> str:
    """Tables for a wiki or a pull request; nothing in a name is markup there."""
    parts = [f"# {unmarked(report.title)}\n\n{unmarked(report.scope)}"]
    for sheet in report.sheets:
        lines = (f"- {unmarked(text)}" for text in sheet.paragraphs()) if sheet.told else _piped(sheet)
        parts.append(f"## {unmarked(sheet.title)}\n\n" + ("\n".join(lines) if sheet.rows else EMPTY))
        if sheet.note and sheet.rows:
            parts.append(sheet.note)
    return "\n\n".join(parts)


def _piped(sheet: Sheet) -> Iterator[str]:
    yield _row(sheet.headings)
    yield _row("--:" if column.is_number else ":--" for column in sheet.columns)
    for row in sheet.texts():
        yield _row(map(unmarked, row))


def _row(texts: Iterable[str]) -> str:
    return f"| {' | '.join(texts)} |"


def unmarked(text: str) -> str:
    """`text` in which Markdown sees no markup, no HTML and no link."""
    escaped = re.sub(r"([\\`*_\[\]|!~#])", r"\\\1", text)
    return escaped.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("://", ":&#47;&#47;")


def as_csv(report: Report) -> str:
    """One sheet as values, safe for spreadsheets."""
    if len(report.sheets) > 1:
        raise UsageError(
            f"CSV is one table, and {len(report.sheets)} are asked for; name one of them, such as --show "
            f"{report.sheets[0].name}."
        )
    [sheet] = report.sheets
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(sheet.names)
    writer.writerows([csv_cell(row[name]) for name in sheet.names] for row in sheet.rows)
    return lines.getvalue().removesuffix("\n")


def as_json(report: Report) -> str:
    """One JSON object; its `rows` are the promises."""
    return json_line(report.values())


FORMATS: Mapping[str, Callable[[Report], str]] = {
    "table": table,
    "markdown": markdown,
    "csv": as_csv,
    "json": as_json,
    "html": html,
}
"""What `--format` takes; each makes a text without the last line end."""
SUFFIXES: Mapping[str, str] = {
    ".txt": "table",
    ".md": "markdown",
    ".csv": "csv",
    ".json": "json",
    ".html": "html",
    ".htm": "html",
}
"""What the name of a file says about its format."""


def sheets_of(form: str, wanted: Sequence[str], every: Sequence[str]) -> tuple[str, ...]:
    """Which sheets to make: those asked for, else all for a page, the promises in CSV, with footnotes elsewhere."""
    if wanted:
        return tuple(dict.fromkeys(wanted))
    if form == "html":
        return tuple(every)
    return ("promises",) if form == "csv" else ("promises", "footnotes")

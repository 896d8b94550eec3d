"""A report as one HTML page that needs nothing else: no script, no network; it prints, and it is dark in the dark."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from html import escape

from slaboard.reports import chart
from slaboard.reports.document import Report
from slaboard.reports.figure import SMALL, number_text, share, share_text, span_text
from slaboard.reports.flow import Flow
from slaboard.reports.promises import Kept
from slaboard.reports.sheet import Column, Sheet, Values
from slaboard.reports.trend import Trend
from slaboard.ticket import Bucket

STYLES = {bucket: style for style, bucket in enumerate(Bucket)}
"""The style of a bucket's line."""
_STYLE = """
:root{color-scheme:light dark;--ink:#1b1f24;--dim:#59636e;--paper:#fff;--line:#d9dee3;--fill:#eef1f4;
--c0:#0072b2;--c1:#b34e00;--c2:#00795a;--c3:#9c4a7b;--c4:#8a6100}
@media (prefers-color-scheme:dark){:root{--ink:#e6e9ec;--dim:#9aa5b1;--paper:#14181c;--line:#343c45;--fill:#20262c;
--c0:#5db7ec;--c1:#f08c4a;--c2:#3fc79a;--c3:#d893b9;--c4:#e0b04a}}
*{box-sizing:border-box}
body{margin:0 auto;padding:2rem 1.25rem;max-width:76rem;background:var(--paper);color:var(--ink);
font:15px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
h1{font-size:1.6rem;margin:0}h2{font-size:1.15rem;margin:2.25rem 0 .5rem}
.scope,.note,footer{color:var(--dim)}.scope{margin:.25rem 0 1.5rem}.note,footer{font-size:.85rem}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(11rem,1fr));gap:.75rem;margin:0;padding:0}
.tile{border:1px solid var(--line);border-radius:6px;padding:.75rem 1rem}
.tile dt{font-weight:600}.tile .figure{font-size:1.7rem;margin:0}.tile .more{margin:0;color:var(--dim);font-size:.85rem}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{padding:.3rem .6rem;text-align:left;border-bottom:1px solid var(--line);vertical-align:baseline}
th{border-bottom:2px solid var(--line);font-weight:600;white-space:nowrap}
td.number,th.number{text-align:right;white-space:nowrap}td.word{white-space:nowrap}
td.said{overflow-wrap:anywhere;min-width:7rem}
ul{padding-left:1.2rem;max-width:58rem}li{margin:.4rem 0;overflow-wrap:anywhere}
.chart{display:block;width:100%;height:auto}.tick,.key,.name{font-size:11px;fill:var(--dim)}.name{font-weight:600}
.grid{stroke:var(--line);stroke-width:1}.line{fill:none;stroke-width:2}.mark{stroke-width:1.5}
.share{display:block;width:100%;min-width:4rem;height:4px;margin-top:2px}.rest{fill:var(--fill)}.full{fill:var(--c0)}
.s0{--c:var(--c0)}.s1{--c:var(--c1)}.s2{--c:var(--c2)}.s3{--c:var(--c3)}.s4{--c:var(--c4)}
.line,.mark{stroke:var(--c)}.mark,.bar{fill:var(--c)}.name{fill:var(--c)}.small{fill:var(--paper)}
.s1.line{stroke-dasharray:6 3}
.s2.line{stroke-dasharray:2 3}
@page{margin:14mm}
@media print{:root{color-scheme:light;--ink:#000;--dim:#444;--paper:#fff;--line:#bbb;--fill:#e8e8e8;
--c0:#0072b2;--c1:#b34e00;--c2:#00795a;--c3:#9c4a7b;--c4:#8a6100}
body{padding:0 1px;max-width:none;font-size:10.5pt;print-color-adjust:exact;-webkit-print-color-adjust:exact}
.wide{overflow:visible}table{font-size:7.5pt}th,td{padding:.15rem .2rem}th.number{white-space:normal}
.tiles{grid-template-columns:repeat(4,1fr)}.tile{padding:.4rem .6rem}.tile .figure{font-size:1.3rem}td.said{min-width:0}
thead{display:table-header-group}
tr,.tile,figure,li{break-inside:avoid}h2{break-after:avoid}}
figure{margin:0}
"""
SHORT = 18
"""Letters of a name that stands in one line whatever the room."""
_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
POLICY = f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'"
"""What the page may load: nothing; and of styles only its own."""


def html(report: Report) -> str:
    """The whole page; every text in it is escaped."""
    return "\n".join(
        [
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{escape(POLICY)}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="referrer" content="no-referrer">',
            f"<title>{escape(report.title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>",
            f'<h1>{escape(report.title)}</h1>\n<p class="scope">{escape(report.scope)}</p>',
            *(_overview(report.trend) if report.trend is not None else ()),
            *(part for sheet in report.sheets for part in _sheet(sheet)),
            f"</main>\n<footer>{escape(_footer(report))}</footer>\n</body>\n</html>",
        ]
    )


def _footer(report: Report) -> str:
    made = datetime.fromtimestamp(report.made_at, UTC).strftime("%Y-%m-%d %H:%M UTC")
    few = f"A share of fewer than {SMALL} is written as the numbers themselves, and drawn hollow."
    return f"Made {made} by slaboard from frozen results. {few}"


def _overview(went: Trend) -> Iterator[str]:
    """One tile a promise, then how it went."""
    if went.overall:
        yield f'<dl class="tiles">{"".join(map(_tile, went.overall))}</dl>'
    if went.pieces and len(went.labels) > 1:
        yield f"<h2>Kept, by {went.unit}</h2>\n<figure>{_kept_chart(went, went.pieces)}</figure>"
    if went.flows and len(went.labels) > 1:
        yield f"<h2>Tickets in and out, by {went.unit}</h2>\n<figure>{_flow_chart(went, went.flows)}</figure>"


def _tile(row: Kept) -> str:
    more = f"{number_text(row.met)} of {number_text(row.n)} kept" if row.n >= SMALL else "kept"
    times = (f"median {span_text(row.used.median)}", f"p90 {span_text(row.used.p90)}")
    told = "".join(f'<dd class="more">{escape(text)}</dd>' for text in (more, *times))
    figure = f'<dd class="figure">{escape(share_text(row.met, row.n))}</dd>'
    return f'<div class="tile"><dt>{escape(named(row.bucket))}</dt>{figure}{told}</div>'


def named(bucket: Bucket) -> str:
    """A bucket as a heading has it."""
    return bucket.value.replace("_", " ").capitalize()


def _kept_chart(went: Trend, pieces: Mapping[tuple[str, Bucket], Kept]) -> str:
    buckets = [row.bucket for row in went.overall]
    series = [
        chart.Series(
            named(bucket), STYLES[bucket], [_kept_point(label, pieces.get((label, bucket))) for label in went.labels]
        )
        for bucket in buckets
    ]
    return chart.lines(f"Share of promises kept, by {went.unit}", went.labels, series)


def _kept_point(label: str, row: Kept | None) -> chart.Point:
    if row is None:
        return chart.Point(None)
    told = f"{label}: {named(row.bucket)} {share_text(row.met, row.n)}, {row.met:,} of {row.n:,}"
    return chart.Point(share(row.met, row.n), told, row.n < SMALL)


def _flow_chart(went: Trend, flows: Mapping[str, Flow]) -> str:
    found = [flows.get(label, Flow()) for label in went.labels]

    def points(name: str, values: Sequence[int]) -> list[chart.Point]:
        return [chart.Point(v, f"{label}: {v:,} {name}") for label, v in zip(went.labels, values, strict=True)]

    bars = [
        chart.Series("in", 0, points("opened or reopened", [flow.opened + flow.reopened for flow in found])),
        chart.Series("out", 1, points("ended", [flow.ended for flow in found])),
    ]
    line = chart.Series("open at its end", 2, points("open at its end", [len(flow.ages) for flow in found]))
    return chart.columns(f"Tickets in and out, and the backlog, by {went.unit}", went.labels, bars, line)


def _sheet(sheet: Sheet) -> Iterator[str]:
    yield f"<section>\n<h2>{escape(sheet.title)}</h2>"
    if sheet.rows and sheet.told:
        yield "<ul>" + "".join(f"<li>{escape(text)}</li>" for text in sheet.paragraphs()) + "</ul>"
        yield f'<p class="note">{escape(sheet.note)}</p>'
    elif sheet.rows:
        heads = "".join(f'<th scope="col"{_class(column)}>{escape(column.heading)}</th>' for column in sheet.columns)
        yield f'<div class="wide"><table>\n<thead><tr>{heads}</tr></thead>\n<tbody>'
        for row in sheet.rows:
            yield f"<tr>{''.join(_cell(column, row) for column in sheet.columns)}</tr>"
        yield f'</tbody>\n</table></div>\n<p class="note">{escape(sheet.note)}</p>'
    else:
        yield '<p class="note">Nothing of it in this time.</p>'
    yield "</section>"


def _class(column: Column) -> str:
    return ' class="number"' if column.is_number else ' class="said"'


def _cell(column: Column, row: Values) -> str:
    filled = column.share(row) if column.share is not None else None
    text = column.text(row)
    style = _class(column) if column.is_number or len(text) > SHORT else ' class="word"'
    return f"<td{style}>{escape(text)}{'' if filled is None else chart.bar(filled)}</td>"

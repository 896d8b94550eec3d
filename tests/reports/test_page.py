"""The HTML page: nothing in it runs, nothing is fetched, and a real browser draws it."""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC
from pathlib import Path

import pytest

from slaboard.reports.document import Report
from slaboard.reports.names import Names
from slaboard.reports.page import html
from slaboard.reports.period import Period
from slaboard.reports.question import Question
from slaboard.store.reports.sheets import SHEETS, sheets
from slaboard.store.sqlite import SqliteStore
from tests.reports import evil, past
from tests.sla.story import at

ELEMENTS = frozenset(
    ("html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "p", "dl", "div", "dt", "dd", "figure",
     "svg", "polyline", "line", "text", "circle", "rect", "path", "section", "table", "thead", "tbody", "tr", "th",
     "td", "ul", "li", "footer")
)  # fmt: skip
"""What a page is made of."""
BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
OPTIONS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars",
)  # fmt: skip


def page(store: SqliteStore, by: tuple[str, ...], now: int) -> str:
    """The page of all sheets of a store."""
    asked = Question(by)
    found, trend = sheets(store, asked, Names(), now, SHEETS, with_trend=True)
    called = [Names().shown("customer", name) or "" for name in evil.NAMES]
    return html(Report(store.name, asked, "UTC", now, found, {"customer": called}, trend))


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The page of a store in which everybody has a hostile name."""
    with SqliteStore(evil.hostile(tmp_path_factory.mktemp("page") / "<b>evil.db")) as store:
        return page(store, ("customer", "engineer", "board"), at("12:00"))


@pytest.fixture(scope="module")
def quarter(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The page of a made-up quarter."""
    with past.made(tmp_path_factory.mktemp("page") / "acme.db") as store:
        return page(store, ("month", "priority"), past.NOW)


def test_hostile_names_are_text(hostile: str) -> None:
    """Every element is one of ours, and none has an attribute that could do or fetch something."""
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in hostile
    assert set(re.findall(r"<([^\s>/]+)", hostile)) - {"!doctype"} <= ELEMENTS
    assert not re.search(r"\s(?:src|href|srcset|style|on\w+)\s*=", " ".join(re.findall(r"<[^>]*>", hostile)))
    assert hostile.count("<style>") == hostile.count("</style>") == 1
    assert not any(char in hostile for char in "\x1b\x07\x9b\u202e")


def test_the_policy_allows_the_page_s_own_style_and_nothing_else(quarter: str) -> None:
    """A style of a stranger's would have another hash."""
    [style] = re.findall(r"<style>(.*?)</style>", quarter, re.S)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    [policy] = re.findall(r'Content-Security-Policy" content="([^"]*)"', quarter)
    told = policy.replace("&#x27;", "'")
    assert told == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def test_it_has_charts_with_a_word_for_each_point(quarter: str) -> None:
    """A share of few is drawn hollow, and every point can be read."""
    kept, flow = re.findall(r'<svg class="chart".*?</svg>', quarter, re.S)
    assert kept.count("<title>") >= 10
    assert 'class="mark s0' in kept
    assert " small" in kept
    assert re.search(r"<title>2026-\S+: \d+ open at its end</title>", flow)
    assert not re.search(r"nan|inf\b|None", kept + flow)


def test_short_names_stand_in_one_line_and_long_ones_give_way(hostile: str, quarter: str) -> None:
    """On paper no word is broken for want of room, and a name of eighty letters pushes nothing off the page."""
    assert '<td class="word">total resolution</td>' in quarter
    assert '<td class="word">2026-01</td>' in quarter
    assert not re.search(r'<td class="word">[^<]{60}', hostile)
    assert '<td class="said">' in hostile


def test_without_a_trend_there_is_still_a_page() -> None:
    """Of an empty time."""
    text = html(Report("acme", Question(("month",), Period(0, 86_400), UTC), "UTC", past.NOW, [], {}))
    assert "<svg" not in text
    assert "from 1970-01-01 until before 1970-01-02 (UTC)" in text


@contextmanager
def listening() -> Iterator[tuple[int, list[bytes]]]:
    """A port that stands for the network, and what was asked of it."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    client, _ = server.accept()
                except OSError:
                    return
                with client:
                    client.settimeout(2)
                    heard.append(client.recv(4096))
                    client.sendall(b"HTTP/1.1 502 no\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

        threading.Thread(target=serve, daemon=True).start()
        yield server.getsockname()[1], heard
        server.shutdown(socket.SHUT_RDWR)


@pytest.mark.skipif(BROWSER is None, reason="no Chromium here (on Debian: apt install chromium)")
def test_a_browser_draws_it_and_asks_the_network_for_nothing(hostile: str, tmp_path: Path) -> None:
    """Chromium with a proxy that notes each request: a bait page asks for a picture, ours for nothing."""
    assert BROWSER is not None
    (tmp_path / "report.html").write_text(hostile, encoding="utf-8")
    (tmp_path / "bait.html").write_text(f'<img src="http://{evil.FETCHED}/bait.png">', encoding="utf-8")
    with listening() as (port, heard):
        for name in ("bait", "report"):
            done = subprocess.run(
                [
                    BROWSER, *OPTIONS, f"--user-data-dir={tmp_path / 'profile'}", f"--proxy-server=127.0.0.1:{port}",
                    "--proxy-bypass-list=<-loopback>", "--virtual-time-budget=2000", "--dump-dom",
                    (tmp_path / f"{name}.html").as_uri(),
                ],
                capture_output=True, text=True, timeout=120, check=True,
            )  # fmt: skip
    asked = [request.split(b"\r\n")[0] for request in heard if evil.FETCHED.encode() in request]
    assert asked
    assert all(b"bait.png" in line for line in asked)
    assert "<script" not in done.stdout
    assert "<img" not in done.stdout
    assert done.stdout.count("</svg>") == hostile.count("</svg>")

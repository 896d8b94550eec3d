"""A webhook against a real server on this machine, a command in a real process; no secret is ever told."""

from __future__ import annotations

import json
import os
import sys
import threading
import time
import types
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from slaboard.alerts.hooks import Hooks, hooks, post, ring, secret_of
from slaboard.alerts.messenger import AT_ONCE, Messenger
from slaboard.config import load
from tests.hostile.words import NASTY

SECRET = "Bearer s3cr3t-of-ours"
ENVIRONMENT = {"TOKEN": SECRET}
PAYLOAD = '{"text":"SLA: 1 red"}'


class Server(HTTPServer):
    """Answers with the codes it is given, one after the other, and keeps what came."""

    def __init__(self, codes: list[int]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.codes = codes
        self.came: list[tuple[str, dict[str, str], str]] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/private-path"


class _Handler(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.came.append((self.path, dict(self.headers), body))
        code = self.server.codes.pop(0) if self.server.codes else 200
        self.send_response(code)
        if 300 <= code < 400:
            self.send_header("Location", self.server.address)
        self.end_headers()

    do_GET = do_POST

    def log_message(self, *_: object) -> None:
        """Nothing on the error output."""


Serve = Callable[..., Server]


@pytest.fixture
def serve() -> Iterator[Serve]:
    servers: list[Server] = []

    def start(*codes: int) -> Server:
        servers.append(Server(list(codes)))
        threading.Thread(target=servers[-1].serve_forever, args=(0.01,), daemon=True).start()
        return servers[-1]

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


# --- the webhook ------------------------------------------------------------------------------------------------


def test_it_gets_the_json_with_the_secret_in_its_header(serve: Serve) -> None:
    server = serve()
    found = Hooks(webhook=server.address, header="X-Token", secret="env:TOKEN")
    assert post(found, PAYLOAD, ENVIRONMENT) is None
    [(path, headers, body)] = server.came
    assert (path, headers["X-Token"], headers["Content-Type"]) == ("/private-path", SECRET, "application/json")
    assert json.loads(body) == {"text": "SLA: 1 red"}


@pytest.mark.parametrize(
    ("codes", "tries", "said"),
    [
        ([503, 200], 2, None), ([503, 429, 500], 3, "answered 500."), ([404], 1, "answered 404."),
        ([302], 1, "answered 302 and wants us elsewhere, where the secret does not go."), ([204], 1, None),
    ],
    ids=["later", "never", "not there", "elsewhere", "nothing to say"],
)  # fmt: skip
def test_it_is_tried_again_a_few_times_where_that_may_help(
    serve: Serve, codes: list[int], tries: int, said: str | None
) -> None:
    server, waited = serve(*codes), list[float]()
    found = Hooks(webhook=server.address, secret="env:TOKEN")
    assert post(found, PAYLOAD, ENVIRONMENT, wait=waited.append) == said
    assert (len(server.came), len(waited)) == (tries, tries - 1)


def test_a_server_that_is_away_or_silent_is_told_by_its_host_alone(serve: Serve) -> None:
    """The address of a webhook is often a secret itself."""
    server = serve()
    address = server.address
    server.shutdown()
    server.server_close()
    said: list[str] = []
    messenger = Messenger(said.append)
    found = Hooks(webhook=address, secret="env:TOKEN", patience_s=1)
    assert post(found, PAYLOAD, ENVIRONMENT, wait=lambda _: None) == "cannot be reached: Connection refused."
    ring(Hooks(webhook="http://u nreachable/private-path"), messenger, PAYLOAD, {})
    messenger.close(5)
    assert said == ["The alert's webhook at no address is left out: it is no address of http or https."]


@pytest.mark.parametrize(
    ("source", "environment", "said"),
    [
        ("env:TOKEN", {}, "is left out: TOKEN, where alerts.secret says it is, is not set."),
        ("env:TOKEN", {"TOKEN": f"{SECRET}\nX: y"}, "is left out: the secret has characters that no header may have."),
    ],
    ids=["nowhere", "with a line in it"],
)
def test_without_its_secret_nothing_is_sent(serve: Serve, source: str, environment: dict[str, str], said: str) -> None:
    server = serve()
    told = post(Hooks(webhook=server.address, secret=source), PAYLOAD, environment)
    assert (told, server.came) == (said, [])
    assert SECRET not in said


def test_a_secret_may_be_in_the_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    """A library that people have or have not; its own errors are told by their kind alone."""

    def get(service: str, name: str) -> str | None:
        if name == "broken":
            raise RuntimeError(SECRET)
        return SECRET if (service, name) == ("slaboard", "hook") else None

    monkeypatch.setitem(sys.modules, "keyring", types.SimpleNamespace(get_password=get))
    assert secret_of("keyring:slaboard/hook", {}) == (SECRET, None)
    assert secret_of("keyring:slaboard/other", {}) == ("", "the keyring has nothing under slaboard/other.")
    assert secret_of("keyring:slaboard/broken", {}) == ("", "the keyring does not answer (RuntimeError).")
    monkeypatch.setitem(sys.modules, "keyring", None)
    assert "pip install keyring" in str(secret_of("keyring:slaboard/hook", {})[1])


# --- the command ------------------------------------------------------------------------------------------------


def test_a_command_gets_the_json_and_the_facts_and_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a ticket says, it is one value of one variable and nothing is run of it."""
    monkeypatch.setenv("TOKEN", SECRET)
    monkeypatch.setenv("SLABOARD_WEBHOOK", "https://hooks.example.com/private")
    monkeypatch.chdir(tmp_path)
    program = "import json,os,sys; json.dump([sys.argv[1:], sys.stdin.read(), dict(os.environ)], open('out', 'w'))"
    said: list[str] = []
    messenger = Messenger(said.append)
    for text in NASTY[:6]:
        found = Hooks((sys.executable, "-c", program, "$(touch pwned)"), secret="env:TOKEN")
        payload = json.dumps({"title": text})
        ring(found, messenger, payload, {"TITLE": text})
        messenger.close(10)
        arguments, given, environment = json.loads((tmp_path / "out").read_text())
        assert arguments == ["$(touch pwned)"]
        assert json.loads(given) == {"title": text}
        assert not {"TOKEN", "SLABOARD_WEBHOOK"} & environment.keys()
        assert "\0" not in environment["SLABOARD_TITLE"]
        assert not any(ord(char) < 32 for char in environment["SLABOARD_TITLE"])
        (tmp_path / "out").unlink()
    assert said == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("import sys; sys.stderr.write('first\\n\\x1b[2Jno pager\\n'); sys.exit(3)", "ended with 3: \ufffd[2Jno pager"),
        ("import os; os.kill(os.getpid(), 15)", "was ended by signal 15."),
        ("import time; time.sleep(60)", "did not end within 0.5 s and was stopped."),
        ("import os, sys, time; os.fork() or time.sleep(1)", None),
        ("import sys; sys.stderr.write('x' * 10**6)", None),
    ],
    ids=["badly", "by a signal", "never", "and leaves a child", "and talks a lot"],
)
def test_how_a_command_ends(program: str, said: str | None) -> None:
    messenger = Messenger(print)
    assert messenger.run([sys.executable, "-c", program], 0.5 if "did not" in str(said) else 10) == said


def test_a_command_that_is_not_there_is_told() -> None:
    messenger = Messenger(print)
    assert messenger.run(["/nowhere/page"], 1) == "cannot be run: No such file or directory."
    assert messenger.run(["page\0"], 1) == "cannot be run: its arguments cannot be passed on."


def test_who_ends_waits_a_moment_and_then_leaves_no_program_behind(tmp_path: Path) -> None:
    """Nor what that has started."""
    said: list[str] = []
    messenger, begun = Messenger(said.append), tmp_path / "begun"
    program = f"import os, time; os.fork(); open({str(begun)!r}, 'a').write(f'{{os.getpid()}}\\n'); time.sleep(60)"
    messenger.send("The alert's command page", lambda: messenger.run([sys.executable, "-c", program], 60))
    end = time.monotonic() + 10
    while not begun.exists() or begun.read_text().count("\n") < 2:
        assert time.monotonic() < end
        time.sleep(0.01)
    messenger.close(0)
    messenger.close(10)
    assert said == ["The alert's command page was ended by signal 9."]
    for pid in begun.read_text().split():
        while _lives(int(pid)):
            assert time.monotonic() < end
            time.sleep(0.01)


def _lives(pid: int) -> bool:
    """False for one that has ended, also where nobody has asked for its exit code yet."""
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_only_a_few_are_under_way_at_once_and_the_rest_is_said_to_be_left_out() -> None:
    said: list[str] = []
    messenger, go_on = Messenger(said.append), threading.Event()
    for _ in range(AT_ONCE + 1):
        messenger.send("The alert's command page", lambda: None if go_on.wait(10) else "failed")
    assert said == [f"The alert's command page is left out: {AT_ONCE} before it have not ended yet."]
    go_on.set()
    messenger.close(5)
    messenger.send("The alert's command page", lambda: "ended with 1.")
    messenger.close(5)
    assert said[1:] == ["The alert's command page ended with 1."]


def test_what_nobody_foresaw_is_told_without_its_words() -> None:
    def broken() -> str | None:
        raise ValueError(SECRET)

    said: list[str] = []
    messenger = Messenger(said.append)
    messenger.send("The alert's webhook at hooks.example.com", broken)
    messenger.close(5)
    assert said == ["The alert's webhook at hooks.example.com failed unforeseen (ValueError)."]


def test_what_the_config_and_the_environment_name(tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_text(
        "[alerts]\ncommand = ['page', '--now']\nwebhook = 'https://a.example/x'\nsecret = 'env:TOKEN'\npatience = 3\n"
    )
    found = hooks(load(tmp_path / "c.toml"), {})
    assert found == Hooks(("page", "--now"), "https://a.example/x", "Authorization", "env:TOKEN", 3)
    assert hooks(load(tmp_path / "c.toml"), {"SLABOARD_WEBHOOK": "https://b.example/"}).webhook == "https://b.example/"
    assert not hooks(load(tmp_path / "none.toml"), {}).is_any
    assert os.environ.get("SLABOARD_WEBHOOK") is None

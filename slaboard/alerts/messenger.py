"""Messages that go out beside everything else: a few at once, each with its time, and a sentence where one fails."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from time import monotonic

from slaboard.text import clean

AT_ONCE = 4
"""So many are under way at the most; what comes then is dropped, and that is said."""
HEARD = 4_096
"""Bytes of what a program complains that are looked at; the rest is let go."""
LINGER_S = 0.2
"""How long we wait for the end of a complaint whose program has ended: its children may keep it open."""

Job = Callable[[], str | None]
"""Sends one message; what went wrong in words, None when nothing did."""


class Messenger:
    """Sends messages on threads of their own, which never keep the process from ending. `say` hears what fails."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._free = threading.Semaphore(AT_ONCE)
        self._threads: list[threading.Thread] = []
        self._running: set[subprocess.Popen[bytes]] = set()

    def send(self, what: str, job: Job) -> None:
        """Do `job` now; `what` it is, for the sentence where it fails: `The alert's command page`."""
        if not self._free.acquire(blocking=False):
            self._say(f"{what} is left out: {AT_ONCE} before it have not ended yet.")
            return
        self._threads = [thread for thread in self._threads if thread.is_alive()]
        thread = threading.Thread(target=self._sent, args=(what, job), name="slaboard-message", daemon=True)
        self._threads.append(thread)
        thread.start()

    def run(
        self, arguments: Sequence[str], patience_s: float, *, given: str = "",
        environment: Mapping[str, str] | None = None,
    ) -> str | None:  # fmt: skip
        """Run a program, `given` on its standard input; why it did not end well, None when it did.

        No shell reads anything of it. What it has started ends with it when its time is up.
        """
        import tempfile  # 7 ms that no board need wait for

        with tempfile.TemporaryFile() as reading:
            reading.write(given.encode("utf-8", "replace"))
            reading.seek(0)
            try:
                process = subprocess.Popen(
                    arguments, stdin=reading, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment,
                    start_new_session=True,
                )  # fmt: skip
            except (OSError, ValueError) as error:
                why = getattr(error, "strerror", None) or "its arguments cannot be passed on"
                return f"cannot be run: {why}."
        self._running.add(process)
        try:
            return _outcome(process, patience_s)
        finally:
            self._running.discard(process)

    def close(self, wait_s: float) -> None:
        """Wait for those that are under way, so long at the most; then their programs are stopped."""
        end = monotonic() + wait_s
        for thread in self._threads:
            thread.join(max(0.0, end - monotonic()))
        for process in tuple(self._running):
            _stop(process)

    def _sent(self, what: str, job: Job) -> None:
        try:
            if wrong := job():
                self._say(f"{what} {wrong}")
        except Exception as error:  # no message may end the board or the watch; its words may quote a secret
            self._say(f"{what} failed unforeseen ({type(error).__name__}).")
        finally:
            self._free.release()


def _outcome(process: subprocess.Popen[bytes], patience_s: float) -> str | None:
    heard: list[bytes] = []
    listener = threading.Thread(target=_listen, args=(process, heard), daemon=True)
    listener.start()
    try:
        code = process.wait(patience_s)
    except subprocess.TimeoutExpired:
        _stop(process)
        process.wait()
        return f"did not end within {patience_s:g} s and was stopped."
    listener.join(LINGER_S)
    if not code:
        return None
    words = b"".join(heard).decode("utf-8", "replace").strip().splitlines()
    complaint = f": {clean(words[-1], limit=200)}" if words else "."
    return f"ended with {code}{complaint}" if code > 0 else f"was ended by signal {-code}{complaint}"


def _listen(process: subprocess.Popen[bytes], heard: list[bytes]) -> None:
    """Read what it complains to the end, and keep the first of it."""
    assert process.stderr is not None
    with process.stderr as pipe:
        left = HEARD
        while piece := os.read(pipe.fileno(), HEARD):
            heard.append(piece[:left])
            left = max(0, left - len(piece))


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Stop a program and what it has started."""
    with suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()

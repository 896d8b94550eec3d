"""`slaboard` and `python -m slaboard`: the one door, which turns every error into a sentence and an exit code."""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Sequence
from contextlib import suppress


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit code."""
    from slaboard.errors import SlaboardError

    try:
        code = _quick(sys.argv[1:] if arguments is None else arguments)
        return _whole(arguments) if code is None else code
    except SlaboardError as error:
        _say(str(error))
        return error.exit_code
    except KeyboardInterrupt as error:
        return _stopped(error)
    except BrokenPipeError:  # whoever read our output has gone, as `head` does; nothing is wrong
        _write_nowhere()
        return 0
    except Exception as error:  # the one door: whatever nobody foresaw ends in a log and three lines
        if isinstance(error, OSError) and error.filename is None and error.errno in _FULL:
            _write_nowhere()
            _say(f"The output cannot be written: {error.strerror}. What was asked for may be done all the same.")
            return 1
        from slaboard.commands.clock import now
        from slaboard.host.crash import crash_log, obituary

        print(obituary(error, crash_log(error, now())), file=sys.stderr)
        return 1


_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
"""What ends a file that our output goes into; of a file of our own the error has a name."""


def _write_nowhere() -> None:
    """Nobody takes our output any more; Python would try it again at the end, and say so."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _say(sentence: str) -> None:
    from slaboard.text import clean

    with suppress(OSError):
        print(f"slaboard: {clean(sentence, limit=2_000)}", file=sys.stderr)


def _stopped(error: BaseException | None) -> int:
    """Somebody asked us to end; `error` may say what stays."""
    from slaboard.host import halt

    _say(f"stopped. {error or ''}".rstrip())
    return halt.exit_code()


def _quick(arguments: Sequence[str]) -> int | None:
    """The exit code of a plain `status`: importing click alone would double its time. None for all else."""
    if "status" not in arguments:
        return None
    from slaboard.commands.status import answer

    return answer(arguments)


def _whole(arguments: Sequence[str] | None) -> int:
    """Any command, with all its options."""
    import click

    from slaboard.cli import slaboard
    from slaboard.commands.status import COMPLETION_VARIABLE
    from slaboard.host import halt
    from slaboard.text import clean_lines

    if COMPLETION_VARIABLE in os.environ:
        from slaboard.commands.completion import answer_shells

        answer_shells()
    if arguments is None:  # the process is ours
        halt.listen()
    try:
        result = slaboard.main(
            args=list(arguments) if arguments is not None else None, prog_name="slaboard", standalone_mode=False
        )
    except click.exceptions.Exit as error:
        return error.exit_code
    except click.exceptions.Abort as error:
        return _stopped(error.__cause__)
    except click.ClickException as error:
        told = io.StringIO()
        error.show(told)  # it quotes what was typed, which may be pasted from a ticket
        print("\n".join(clean_lines(told.getvalue())), file=sys.stderr)
        return error.exit_code
    return result if isinstance(result, int) else 0


def _complete_streams() -> None:
    """A standard stream that is closed leads nowhere; else the next file that is opened would stand in its place."""
    for number, (name, mode) in enumerate((("stdin", "r"), ("stdout", "w"), ("stderr", "w"))):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest number that is free, which is this one
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115 open to the end


def say_anything(*streams: object) -> None:
    """No character of a ticket ends a command: a terminal without it shows a question mark, a file is UTF-8.

    Where Python says ASCII nobody has said anything, and terminals know UTF-8.
    """
    for stream in streams:
        if not isinstance(stream, io.TextIOWrapper) or stream.encoding.lower().replace("-", "") == "utf8":
            continue
        with suppress(OSError, ValueError):
            is_unsaid = stream.encoding.lower() in ("ascii", "us-ascii", "ansi_x3.4-1968")
            kept = None if is_unsaid or not stream.isatty() else stream.encoding
            stream.reconfigure(encoding=kept or "utf-8", errors="replace")


def run() -> None:
    """The console script."""
    _complete_streams()
    say_anything(sys.stdout, sys.stderr)
    sys.exit(main())


if __name__ == "__main__":
    run()

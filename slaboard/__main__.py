"""`slaboard` and `python -m slaboard`: the one door, which turns every error into a sentence and an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit code."""
    import click

    from slaboard.cli import slaboard
    from slaboard.commands.options import now
    from slaboard.crash import crash_log, obituary
    from slaboard.errors import SlaboardError
    from slaboard.text import clean

    try:
        result = slaboard.main(
            args=list(arguments) if arguments is not None else None, prog_name="slaboard", standalone_mode=False
        )
    except click.exceptions.Exit as error:
        return error.exit_code
    except click.exceptions.Abort:
        print("slaboard: stopped.", file=sys.stderr)
        return 130
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except SlaboardError as error:
        print(f"slaboard: {clean(str(error), limit=2_000)}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read our output has gone, as `head` does; nothing is wrong.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:  # the one door: whatever nobody foresaw ends in a log and three lines
        print(obituary(error, crash_log(error, now())), file=sys.stderr)
        return 1
    return result if isinstance(result, int) else 0


def run() -> None:
    """The console script."""
    sys.exit(main())


if __name__ == "__main__":
    run()

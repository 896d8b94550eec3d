"""Every error a person can meet: each builds its own sentence and carries its exit code."""

from __future__ import annotations


class SlaboardError(Exception):
    """What happened, to what, and what to do, in one sentence. Caught once in the CLI and once on the board."""

    exit_code = 1
    word = "ERROR"
    """The word that opens the outcome line on the board."""


class UsageError(SlaboardError):
    """The command, an option or a file's content is not what it should be."""

    exit_code = 2


class StoreError(SlaboardError):
    """The store cannot be reached, read or written."""

    exit_code = 3


class StoreBusy(StoreError):
    """Another writer holds the store for longer than we wait."""

    word = "BUSY"


class Lost(SlaboardError):
    """Somebody else was first."""

    exit_code = 4
    word = "LOST"


class Refused(SlaboardError):
    """A rule says no."""

    exit_code = 5
    word = "NO"


class Gone(Refused):
    """The ticket is resolved or closed: nobody can take it any more."""

    word = "GONE"


class NoSuchTicket(SlaboardError):
    """There is no ticket of that id."""

    exit_code = 6

    def __init__(self, ticket: str) -> None:
        name = ticket or "(nothing)"
        super().__init__(f"There is no ticket {name} in this store. `slaboard tickets --all` lists them.")


class NotOpenedYet(NoSuchTicket):
    """There is such a ticket, but there was none at the moment that is looked at."""

    def __init__(self, ticket: str, moment: str) -> None:
        SlaboardError.__init__(self, f"{ticket} had not been opened by {moment}. Look at a later moment.")

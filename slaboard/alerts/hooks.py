"""Hooks: a command and a webhook that `slaboard watch` runs for each alert, and where the webhook's secret is."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping

from msgspec import Struct

from slaboard.alerts.messenger import Messenger
from slaboard.alerts.ways import host
from slaboard.config import WEBHOOK_VARIABLE, Config
from slaboard.text import clean

TRIES = 3
RETRY_S = (1.0, 4.0)
"""Between the tries of a webhook that does not answer, or says that it cannot now."""
_LATER = frozenset({408, 425, 429, 500, 502, 503, 504})
"""What a server says that may do it later: https://www.rfc-editor.org/rfc/rfc9110#section-15"""


class Hooks(Struct, frozen=True):
    """What is run, and how long it may take."""

    command: tuple[str, ...] = ()
    webhook: str = ""
    header: str = "Authorization"
    secret: str = ""
    """Where the secret is: `env:NAME`, `keyring:SERVICE/NAME`, or nowhere."""
    patience_s: int = 10

    @property
    def is_any(self) -> bool:
        """True where there is something to run."""
        return bool(self.command or self.webhook)

    def __str__(self) -> str:
        """`the command page, the webhook at hooks.example.com`; of the address no more than its host."""
        named = [f"the command {_program(self.command)}"] if self.command else []
        named += [f"the webhook at {_named(self.webhook)}"] if self.webhook else []
        return ", ".join(named)


def hooks(config: Config, environment: Mapping[str, str]) -> Hooks:
    """What the config and the environment name."""
    webhook = environment.get(WEBHOOK_VARIABLE) or config.get("alerts.webhook")
    return Hooks(
        tuple(config.get("alerts.command")), webhook, config.get("alerts.header"), config.get("alerts.secret"),
        config.get("alerts.patience"),
    )  # fmt: skip


def ring(found: Hooks, messenger: Messenger, payload: str, facts: Mapping[str, str]) -> None:
    """Run what there is: `payload` is the alert as JSON, `facts` go to the command as environment variables."""
    if found.command:
        environment = _environment(found, facts)
        messenger.send(
            f"The alert's command {_program(found.command)}",
            lambda: messenger.run(found.command, found.patience_s, given=f"{payload}\n", environment=environment),
        )
    if found.webhook:
        messenger.send(f"The alert's webhook at {_named(found.webhook)}", lambda: post(found, payload, os.environ))


def _environment(found: Hooks, facts: Mapping[str, str]) -> dict[str, str]:
    """Ours for the command, without what only the webhook needs; no value has a NUL, which none can."""
    _, _, name = found.secret.partition("env:")
    kept = {key: value for key, value in os.environ.items() if key not in (WEBHOOK_VARIABLE, name)}
    return kept | {f"SLABOARD_{key}": clean(value) for key, value in facts.items()}


def post(
    found: Hooks, payload: str, environment: Mapping[str, str], *, wait: Callable[[float], object] = time.sleep
) -> str | None:
    """POST `payload` to the webhook, a few times at the most; what went wrong, without address or secret in it."""
    if host(found.webhook) is None:
        return "is left out: it is no address of http or https."
    secret, wrong = secret_of(found.secret, environment)
    if wrong:
        return f"is left out: {wrong}"
    wrong = None
    for number in range(TRIES):
        wrong, again = _posted(found, payload, secret)
        if wrong is None or not again or number == TRIES - 1:
            break
        wait(RETRY_S[number])
    return wrong


def _posted(found: Hooks, payload: str, secret: str) -> tuple[str | None, bool]:
    """What went wrong, and whether it is worth another try."""
    from http.client import HTTPException
    from urllib.error import HTTPError, URLError
    from urllib.request import HTTPRedirectHandler, Request, build_opener

    class Stay(HTTPRedirectHandler):
        """A redirect would carry the secret elsewhere, and make a GET of it."""

        def redirect_request(self, *_: object) -> None:
            return None

    headers = {"Content-Type": "application/json", "User-Agent": "slaboard"}
    if secret:
        headers[found.header] = secret
    request = Request(found.webhook, payload.encode(), headers, method="POST")
    try:
        with build_opener(Stay).open(request, timeout=found.patience_s) as answer:
            answer.read(1)
    except HTTPError as error:
        error.close()
        moved = " and wants us elsewhere, where the secret does not go" if 300 <= error.code < 400 else ""
        return f"answered {error.code}{moved}.", error.code in _LATER
    except TimeoutError:
        return f"did not answer within {found.patience_s} s.", True
    except URLError as error:
        return f"cannot be reached: {clean(_reason(error.reason), limit=200)}.", True
    except (OSError, HTTPException, ValueError) as error:
        return f"cannot be reached ({type(error).__name__}).", isinstance(error, OSError)
    return None, False


def _reason(found: object) -> str:
    if isinstance(found, TimeoutError):
        return "it does not answer"
    return getattr(found, "strerror", None) or type(found).__name__


def _program(command: tuple[str, ...]) -> str:
    return clean(os.path.basename(command[0]), limit=60)


def _named(address: str) -> str:
    """The host alone: an address of a webhook is often a secret itself."""
    return host(address) or "no address"


# --- the secret -------------------------------------------------------------------------------------------------


def secret_of(source: str, environment: Mapping[str, str]) -> tuple[str, str | None]:
    """The secret that `source` leads to, or why there is none. It is asked for each time and kept nowhere."""
    kind, _, name = source.partition(":")
    if kind == "env":
        found, wrong = environment.get(name, ""), f"{name}, where alerts.secret says it is, is not set."
    elif kind == "keyring":
        found, wrong = _from_keyring(*name.split("/", 1))
    else:
        return "", None
    if not found:
        return "", wrong
    if not found.isascii() or not found.isprintable():
        return "", "the secret has characters that no header may have."
    return found, None


def _from_keyring(service: str, name: str) -> tuple[str, str]:
    try:
        import keyring
    except ImportError:
        return "", "alerts.secret is in a keyring, but the library is not installed: pip install keyring"
    try:
        found = keyring.get_password(service, name)
    except Exception as error:  # each of its backends has its own
        return "", f"the keyring does not answer ({type(error).__name__})."
    return found or "", f"the keyring has nothing under {clean(service)}/{clean(name)}."

"""How often a property is tried: seldom in `make test`, often in `make test-slow`."""

from __future__ import annotations

import os

from hypothesis import settings


def examples(default: int) -> settings:
    """The settings of a property; SLABOARD_HYPOTHESIS_EXAMPLES says otherwise how often it is tried."""
    return settings(max_examples=int(os.environ.get("SLABOARD_HYPOTHESIS_EXAMPLES", default)), deadline=None)

"""Where tickets come from: one module a system, each checked against one protocol, listed in `registry`."""

"""slaboard: a live SLA board for the terminal."""

__version__ = "0.1.0"

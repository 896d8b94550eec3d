"""Alerts: what rings, and every way in which it goes out."""

"""What one real, busy service desk day measured: the figures the demo is drawn from, and none of its data.

The day is 20 April 2016, 06:00-18:00, of the "Incident management process enriched event log" (C. Amaral,
M. Fantinato, S. Peres, UCI Machine Learning Repository): 379 incidents, and two outages in the afternoon.
`tests/demo/test_realday.py` counts them again where that log is at hand. Spans are minutes since the opening.

Left out on purpose: the contact type (all of them phoned; a desk that answers the phone has no response clock to
show), the second outage (46 incidents from 15:42 on), and the tail beyond eight hours (a quarter takes more than a
week, which a board of a few days cannot show).
"""

from __future__ import annotations

Knots = tuple[tuple[float, float], ...]
"""A distribution: (share of the tickets, minutes within which that share got there), both growing."""

FIRST_HOUR = 6
LAST_HOUR = 18

ARRIVALS = (0, 7, 20, 37, 34, 36, 17, 19, 33, 35, 46, 17)
"""Incidents opened in each hour from 06:00 on, without those of the two outages."""
WEEKEND = 0.11
"""What a Saturday or Sunday has of a working day's incidents, over the log's three busy months."""
GAP_VARIATION = 1.36
"""Standard deviation of the gaps between them over their mean; 1 would be pure chance."""

WAVE_TICKETS = 32
"""Incidents of the first outage; half of all that came in its hour."""
WAVE_MINUTES = 48
"""From its first incident, at 14:00, to its last."""
WAVE_PRIORITY = {"P2": 0.75, "P3": 0.25}

PRIORITY = {"P1": 0.01, "P2": 0.15, "P3": 0.82, "P4": 0.02}
"""Shares of the first priority, the outages counted: nearly all P2 belong to them."""

ASSIGNED: Knots = ((0.30, 1), (0.37, 2), (0.53, 5), (0.69, 10), (0.77, 15), (0.85, 30), (0.89, 60), (0.93, 240))
"""Time to the first assignment, without the outages, like the next two."""
MOVED: Knots = ((0.29, 1), (0.40, 5), (0.50, 10), (0.55, 15), (0.62, 30), (0.69, 60), (0.75, 120), (0.79, 240))
"""Time to the first move of the status."""
RESOLVED: Knots = ((0.04, 1), (0.16, 5), (0.33, 15), (0.43, 30), (0.51, 60), (0.56, 120), (0.63, 240), (0.66, 480))

WAVE_ASSIGNED: Knots = ((0.28, 1), (0.34, 15), (0.44, 30), (0.50, 60), (0.81, 120), (0.91, 240))
WAVE_MOVED: Knots = ((0.06, 15), (0.16, 30), (0.22, 60), (0.53, 120), (0.62, 240), (0.94, 480))
WAVE_RESOLVED: Knots = ((0.06, 15), (0.16, 30), (0.22, 60), (0.50, 120), (0.59, 240), (0.88, 480))

WAITED = 0.08
"""Share of the day's incidents that had waited for somebody by 18:00."""
REASSIGNED = 0.33
"""Share of them that had changed hands by 18:00."""
REPRIORITISED = 0.016
REOPENED = 0.013
"""Share that was opened again, over the whole log: on the day itself nothing was."""
OPEN_WAITING = 0.33
"""Share of what was open as the day began, in the whole log, that waited for its user."""

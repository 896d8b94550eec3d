"""A made-up busy day for `slaboard demo`: pure, seeded, and without an end."""

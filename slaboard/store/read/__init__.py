"""What a board asks of the store: the grid, the list, one ticket, now and in the past."""

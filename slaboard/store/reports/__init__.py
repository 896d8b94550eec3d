"""What a report asks of the store: results and tickets' courses, added up by SQLite."""

"""The machine around us: its terminal, its files, its user, and what it says when something fails."""

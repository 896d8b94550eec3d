"""What changes a board: keys, the mouse and news from the store, from one session to the next. Pure."""

"""Following a store: what has changed, whoever changed it, as values for a screen or a hook."""

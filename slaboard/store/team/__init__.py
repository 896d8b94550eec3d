"""Who works with the store: the roster, its PINs and its views."""

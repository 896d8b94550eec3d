"""One file that many processes share: opened, locked, watched, and its errors as sentences."""

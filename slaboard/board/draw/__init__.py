"""What the board looks like: each part of the screen as lines of text with style names. Pure."""

"""The engine: pure. No input or output, no clock; `now` is an argument."""

"""How a store changes: acts, imports and policies become events, clocks and results."""

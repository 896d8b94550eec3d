"""What people type: one module a family of commands, each thin."""

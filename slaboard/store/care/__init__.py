"""What a store needs now and then: backups, checks, and retention."""

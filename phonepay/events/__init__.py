"""What happened, who did it, when: append-only rows that listeners and the Activity page read."""

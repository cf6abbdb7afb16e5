"""What the clock does: one file per job, one table that says when."""

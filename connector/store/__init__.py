"""Where facts, plans and effects are kept: PostgreSQL, and nothing else."""

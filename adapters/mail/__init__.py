"""The ways in which a letter goes out: one module per service, and two that only show it."""

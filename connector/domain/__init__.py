"""Plain values and functions of the trade; standard library only."""

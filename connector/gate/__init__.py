"""The web process's own gate: what stands between a socket and a thread."""

"""The doors that platforms and mail services knock at."""

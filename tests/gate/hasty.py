"""The product's own way to serve, with little patience and few threads."""

from pathlib import Path

from connector.gate import worker

exec((Path(__file__).parents[2] / "gunicorn.conf.py").read_text())

worker.ARRIVE_SECONDS = 1.0
worker.MOST_HELD = 1024 * 1024
threads = 2

"""How gunicorn serves the web process."""

from connector.gate.worker import Worker

worker_class = Worker
threads = 8
graceful_timeout = 20
control_socket_disable = True

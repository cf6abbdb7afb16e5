"""How gunicorn serves the web process: before it closes the door, it lets in who has knocked."""

from gunicorn.workers.gthread import ThreadWorker


class Worker(ThreadWorker):
    """Threads, ended without a loss.

    gunicorn's own class resets the connections that wait to be accepted when it ends, and a WooCommerce store never
    sends a delivery again.
    """

    def set_accept_enabled(self, enabled: bool) -> None:
        """At the end (`alive` is false by then), take all who wait, and let nobody wait any more."""
        super().set_accept_enabled(enabled)
        if enabled or self.alive:
            return
        for listener in self.sockets:
            taken = -1
            while taken < self.nr_conns:
                taken = self.nr_conns
                self.accept(listener)
            listener.close()


worker_class = Worker
threads = 8
graceful_timeout = 20
control_socket_disable = True

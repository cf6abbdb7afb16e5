"""The tests' SendGrid in a process of its own, so that its work is not the work of who measures."""

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from tests.fakes.sendgrid import SendGridService


@dataclass(frozen=True, slots=True)
class SlowMail:
    """A running service."""

    entries: dict[str, object]
    process: subprocess.Popen[str]

    def taken(self) -> int:
        """How many mails it has taken."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())


@contextlib.contextmanager
def slow_mail(latency: float) -> Iterator[SlowMail]:
    """A service that answers after so many seconds; `entries` is what the configuration has to say."""
    command = [sys.executable, "-m", "tests.bench.slow_mail", str(latency)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout and process.stdin
        said = json.loads(process.stdout.readline())
        entries = {"sendgrid_url": said["url"], "sendgrid_key": said["key"], "dial_allow": (said["address"],)}
        try:
            yield SlowMail(entries, process)
        finally:
            process.stdin.close()


def _main() -> None:
    with SendGridService() as service:
        service.latency = float(sys.argv[1])
        print(json.dumps({"url": service.url, "key": service.api_key, "address": service.address}), flush=True)
        for _ in sys.stdin:
            print(len(service.mails), flush=True)


if __name__ == "__main__":
    _main()

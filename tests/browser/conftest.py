"""The whole product as `backorder demo` starts it, and a real Chromium to look at it."""

import contextlib
import os
import re
import selectors
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

PATIENCE_SECONDS = 90.0
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass(frozen=True)
class Demo:
    """Where a running demo answers, and what it keeps its things in."""

    home: Path
    shop: str
    login: str
    process: "subprocess.Popen[str]"

    @property
    def desk(self) -> str:
        """The address of the desk, without a slash at its end."""
        return self.login.rpartition("/login/")[0]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def demo() -> Iterator[Demo]:
    with started("woocommerce") as demo:
        yield demo


@pytest.fixture
def shopify_demo() -> Iterator[Demo]:
    with started("shopify") as demo:
        yield demo


@contextlib.contextmanager
def started(platform: str) -> Iterator[Demo]:
    """A demo with a practice store of a platform."""
    home = Path(tempfile.mkdtemp(prefix="backorder-demo-"))
    home.chmod(0o755)  # the database runs as a user of its own where the tests run as root
    port, shop_port = free_port(), free_port()
    command = [
        "demo",
        "--platform",
        platform,
        "--home",
        str(home),
        "--port",
        str(port),
        "--shop-port",
        str(shop_port),
    ]
    process = subprocess.Popen(
        [sys.executable, "-m", "connector.cli", *command],
        env={**os.environ, "BACKORDER_ENV": "development"},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield Demo(home, f"http://127.0.0.1:{shop_port}", login_of(process), process)
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=40)
        shutil.rmtree(home, ignore_errors=True)


def login_of(process: "subprocess.Popen[str]") -> str:
    """The link to the desk, as soon as the demo prints it."""
    assert process.stdout is not None
    deadline, text = time.monotonic() + PATIENCE_SECONDS, ""
    with selectors.DefaultSelector() as waiting:
        waiting.register(process.stdout, selectors.EVENT_READ)
        while time.monotonic() < deadline:
            part = os.read(process.stdout.fileno(), 65536).decode() if waiting.select(1.0) else None
            text += part or ""
            found = re.search(r"http://\S+/login/\S+(?=\n)", text)
            if found:
                return found[0]
            if part == "":
                break
    raise AssertionError("the demo printed no link")


def login_again(demo: Demo) -> str:
    """Another link to the desk: each works once."""
    run = subprocess.run([demo.home / "backorder", "login"], capture_output=True, text=True, check=True)
    found = re.search(r"http://\S+/login/\S+", run.stdout)
    assert found is not None
    return found[0]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = next((path for path in ("/usr/bin/chromium", "/usr/bin/chromium-browser") if Path(path).exists()), None)
    assert path, "install Chromium from your distribution's packages"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, java_script_enabled=False)
    made = context.new_page()
    made.set_default_timeout(20_000)
    yield made
    context.close()

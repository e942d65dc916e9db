"""Databases to be killed and disks to be filled, of a test's own."""

from __future__ import annotations

import gc
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from graph.engine import server

PATIENCE_S = 180


def await_true(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.1)


@pytest.fixture
def killed_servers() -> Iterator[None]:
    """Let go of the sockets to servers that were killed: the driver does not close all of them."""
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A database of these tests' own, to be killed; one test finds it as another left it."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("TSUNAGI_START_CACHE", "use")
        environment.delenv("NEO4J_URI", raising=False)
        folder = tmp_path_factory.mktemp("faults") / "data"
        yield folder
        server.stop(folder, force=True)


@pytest.fixture
def mount_disk(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """Mounts a disk of its own; only an administrator of Linux can."""
    place = tmp_path / "disk"
    place.mkdir()

    def mount(options: str) -> Path:
        command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)]
        if sys.platform != "linux" or subprocess.run(command, check=False).returncode:
            pytest.skip("a disk can be mounted by an administrator of Linux only")
        return place

    yield mount
    server.stop(place / "data", force=True)
    if place.is_mount():
        subprocess.run(["umount", "--lazy", str(place)], check=True)

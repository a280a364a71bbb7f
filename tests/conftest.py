"""What several test files share: the shipped graph, loaded once, and a way to run the command line."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from goldenthread.store import Store

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def shipped() -> Store:
    return Store.in_memory()


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run `goldenthread` in a process of its own, in an empty folder."""

    def call(*arguments: str | Path, input: str | None = None) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "goldenthread", *map(str, arguments)]
        return subprocess.run(
            command, cwd=tmp_path, input=input, capture_output=True, text=True, timeout=60, check=False
        )

    return call

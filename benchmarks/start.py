"""Start times: whole processes, the best of five, and the peak memory of the last."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import apart

TIMES = 5
TIMEOUT = 300


class Run(NamedTuple):
    """What one process took; 0 megabytes at its peak where the system does not tell."""

    seconds: float
    megabytes: float


def checker() -> str:
    """The command that belongs to this Python, or else the one on the path."""
    beside = shutil.which("checker", path=str(Path(sys.executable).parent))
    found = beside or shutil.which("checker")
    if found is None:
        sys.exit("no command `checker`: install the project first")
    return found


def measured_apart() -> Iterator[tuple[str, str]]:
    """By a small process: the memory of one that starts another counts as that of the other until it is itself."""
    yield from apart.run(__file__, timeout=TIMEOUT)


def rows() -> Iterator[tuple[str, str]]:
    commands = {
        "`python -c pass`": [sys.executable, "-c", "pass"],
        "`checker --help`": [checker(), "--help"],
        "`checker audit seeds/`": [checker(), "audit", "seeds/"],
    }
    for name, command in commands.items():
        runs = [run(command) for _ in range(TIMES)]
        memory = f", {runs[-1].megabytes:,.0f} MB" if runs[-1].megabytes else ""
        yield name, f"{min(each.seconds for each in runs):.2f} s{memory}"


def run(command: list[str], environment: dict[str, str] | None = None) -> Run:
    """One process, with nothing to read and nowhere to print. Raises RuntimeError where it fails."""
    started = time.perf_counter()
    process = subprocess.Popen(
        command,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
    )
    if hasattr(os, "wait4"):
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        megabytes = usage.ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
    else:  # Windows
        process.wait()
        megabytes = 0.0
    taken = time.perf_counter() - started
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} exited with {process.returncode}")
    return Run(taken, megabytes)


if __name__ == "__main__":
    for row in rows():
        print(json.dumps(row))

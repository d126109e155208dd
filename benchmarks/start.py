"""Start times: whole processes, the best of five, and the peak memory of the last."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

TIMES = 5


def checker() -> str:
    """The command that belongs to this Python, or else the one on the path."""
    beside = shutil.which("checker", path=str(Path(sys.executable).parent))
    found = beside or shutil.which("checker")
    if found is None:
        sys.exit("no command `checker`: install the project first")
    return found


def rows() -> Iterator[tuple[str, str]]:
    commands = {
        "`python -c pass`": [sys.executable, "-c", "pass"],
        "`checker --help`": [checker(), "--help"],
        "`checker audit seeds/`": [checker(), "audit", "seeds/"],
    }
    for name, command in commands.items():
        runs = [_run(command) for _ in range(TIMES)]
        memory = f", {runs[-1][1]:,.0f} MB" if runs[-1][1] else ""
        yield name, f"{min(seconds for seconds, _ in runs):.2f} s{memory}"


def _run(command: list[str]) -> tuple[float, float]:
    """Seconds and peak megabytes of one process; 0 megabytes where the system does not tell."""
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    if not hasattr(os, "wait4"):  # Windows
        process.wait()
        return time.perf_counter() - started, 0
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return time.perf_counter() - started, usage.ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)

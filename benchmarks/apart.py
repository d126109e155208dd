"""A benchmark in a process of its own, so that its peak memory is that of its work alone."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any


def run(module: str, *arguments: str, timeout: float) -> list[Any]:
    """What a module, run by itself, prints: a JSON value a line. Raises RuntimeError where it fails."""
    command = [sys.executable, module, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=timeout)
    if done.returncode:
        raise RuntimeError(done.stderr.strip().splitlines()[-1])
    return [json.loads(line) for line in done.stdout.splitlines()]

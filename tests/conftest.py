"""The command line as tests call it: in this process, or as a process of its own."""

from __future__ import annotations

import atexit
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from checker import sqlitefile

ROOT = Path(__file__).resolve().parent.parent

if sys.dont_write_bytecode:
    # A process takes longer to compile pandas than to audit: those that tests start do it once between them.
    _compiled = tempfile.mkdtemp(prefix="checker-bytecode-")
    atexit.register(shutil.rmtree, _compiled, ignore_errors=True)
    os.environ["PYTHONPYCACHEPREFIX"] = _compiled
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# What decides on language, colour and width: a test starts without any of it and states what it is about.
_TELLING = (
    "LC_ALL",
    "LC_MESSAGES",
    "LANG",
    "NO_COLOR",
    "FORCE_COLOR",
    "COLUMNS",
    "PYTHONHASHSEED",
    "TERM",
    "GITHUB_STEP_SUMMARY",
)


@pytest.fixture
def root() -> Path:
    """The top of the project."""
    return ROOT


@pytest.fixture
def checker(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Runs `checker` in this process: checker("audit", path, LANG="zh_CN.UTF-8") gives exit_code, stdout and stderr."""
    for name in _TELLING:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(ROOT)

    def run(*arguments: str | Path, **environment: str) -> Any:
        from checker.cli import app

        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        return CliRunner().invoke(app, [str(argument) for argument in arguments], prog_name="checker")

    return run


@pytest.fixture(scope="session")
def command() -> str:
    """The installed command."""
    beside = shutil.which("checker", path=str(Path(sys.executable).parent))
    found = beside or shutil.which("checker")
    assert found, "the project is not installed"
    return found


@pytest.fixture(scope="session")
def process(command: str) -> Callable[..., subprocess.CompletedProcess[bytes]]:
    """Runs `checker` as a process of its own, from the top of the project."""

    def run(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[bytes]:
        inherited = {name: value for name, value in os.environ.items() if name not in _TELLING}
        return subprocess.run(
            [command, *map(str, arguments)],
            cwd=ROOT,
            env=inherited | environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=60,
        )

    return run


@pytest.fixture
def room_for(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """room_for(pages): no SQLite file grows beyond so many pages from now on, as on a disk that is full."""
    connect = sqlitefile.connect

    def room(pages: int) -> None:
        def small(*arguments: Any) -> sqlite3.Connection:
            db = connect(*arguments)
            db.execute(f"PRAGMA max_page_count = {pages}")
            return db

        monkeypatch.setattr(sqlitefile, "connect", small)

    return room

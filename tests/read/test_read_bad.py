"""Documents as nobody should have to read them: each gets one line with its name, and the rest is read, in bounded time
and memory. Each runs as a process of its own, once for every command that reads documents in its own way.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="files as on POSIX")

GOOD = "---\ndate: 2021-01-20\nplace: 清河市\n---\n2020年，清河市完成地区生产总值412.6亿元。\n"
# No copy of it, and nothing to hold against it.
OTHER = GOOD.replace("2021", "2020").replace("2020年", "2019年")
SECONDS = 60
MEGABYTES = 1500


def _file(data: bytes, times: int = 1) -> Callable[[Path], None]:
    return lambda folder: _write(folder / "bad.txt", data, times)


def _write(path: Path, data: bytes, times: int) -> None:
    with path.open("wb") as file:
        for _ in range(times):
            file.write(data)


def _named(name: bytes, data: bytes = b"") -> Callable[[Path], None]:
    return lambda folder: Path(os.fsdecode(os.fsencode(folder) + b"/" + name)).write_bytes(data) and None


def _link(target: str) -> Callable[[Path], None]:
    return lambda folder: (folder / "bad.txt").symlink_to(target)


def _socket(folder: Path) -> None:
    before = os.getcwd()
    os.chdir(folder)  # the name of a socket is short
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind("bad.txt")
    os.chdir(before)


def _folders_in_a_loop(folder: Path) -> None:
    (folder / "sub").mkdir()
    (folder / "sub" / "loop").symlink_to(folder)


def _growing(folder: Path) -> None:
    """A file that another process writes on while it is read."""
    script = (
        "import sys, time; f = open(sys.argv[1], 'ab'); end = time.time() + 15\n"
        "while time.time() < end: f.write(b'x ' * 5000 + b'\\n'); f.flush(); time.sleep(0.01)"
    )
    (folder / "bad.txt").write_text(GOOD, encoding="utf-8")
    subprocess.Popen([sys.executable, "-c", script, str(folder / "bad.txt")], stdin=subprocess.DEVNULL)


LINE = "2020年，全市生产总值完成一批重点项目，产业结构持续优化，营商环境不断改善，".encode()
# What stands in the folder beside a good document, and the one line said of it; None: it is read like any other.
BAD: dict[str, tuple[Callable[[Path], Any], str | None]] = {
    "empty": (_file(b""), "bad.txt: empty"),
    "binary": (_file(os.urandom(100) + bytes(range(256)), 99), "bad.txt: "),
    "100 MB": (_file(b"\xe5\xb8\x82" * 10**6, 34), "bad.txt: larger than 50 MB"),
    "100 MB with holes": (lambda folder: os.truncate(_made(folder), 10**8), "bad.txt: larger than 50 MB"),
    "one line of 10 MB": (_file(LINE, 10**7 // len(LINE)), None),
    "one digit after another": (_file(b"1234567890", 10**6), None),
    "numbers and nothing else": (_file(b"1 ", 5 * 10**6), "bad.txt: holds more than 1,000,000 numbers"),
    "a long code": (_file(b"1-", 2 * 10**5), None),
    "numerals of 10 MB": (_file("九亿".encode(), 10**7 // 6), None),
    "brackets of 1 MB": (_file("“（".encode(), 10**6 // 6), None),
    "short lines": (_file(b"\n|1|\n", 5 * 10**4), None),
    "NUL": (_file(b"\0" * 10**6, 10), "bad.txt: binary, not text"),
    "a name of two lines": (_named(b"bad\nname.txt"), "bad name.txt: empty"),
    "a name that is no UTF-8": (_named(b"bad\xff\xfe.txt"), "bad"),
    "a name that is no UTF-8, with figures": (_named(b"bad\xff\xfe.txt", OTHER.encode()), None),
    "a name that moves the cursor": (_named(b"bad\x1b[2J.txt"), "bad␛[2J.txt: empty"),
    "a link to itself": (_link("bad.txt"), "bad.txt: Too many levels of symbolic links"),
    "links in a loop": (
        lambda folder: (_link("b.txt")(folder), (folder / "b.txt").symlink_to("bad.txt")),
        "txt: Too m",
    ),
    "folders in a loop": (_folders_in_a_loop, None),
    "a link that leads nowhere": (_link("gone"), "bad.txt: No such file or directory"),
    "a pipe": (lambda folder: os.mkfifo(folder / "bad.txt"), "bad.txt: not a regular file"),
    "a socket": (_socket, "bad.txt: not a regular file"),
    "a device": (_link("/dev/zero"), "bad.txt: not a regular file"),
    "a file that grows": (_growing, None),
}
COMMANDS = ("audit", "index")


def _made(folder: Path) -> Path:
    _file(b"")(folder)
    return folder / "bad.txt"


@pytest.mark.parametrize("name", BAD)
def test_it_is_named_and_the_rest_is_read(
    name: str, tmp_path: Path, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    make, said = BAD[name]
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "good.txt").write_text(GOOD, encoding="utf-8")
    make(folder)
    for verb in COMMANDS:
        extra = (
            ["--into", str(tmp_path / "c.db"), "--jobs", "1"]
            if verb == "index"
            else ["--format", "json", "-o", str(tmp_path / verb)]
        )
        code, stderr, seconds, megabytes = _run([command, verb, str(folder), *extra])
        with capsys.disabled():
            print(f"\n{name}: {verb} {seconds:.1f} s, {megabytes:.0f} MB", end="")
        assert megabytes < MEGABYTES
        if said is None:
            assert (code, stderr) == (0, "")
            continue
        assert code == 2
        lines = stderr.splitlines()
        assert lines and all(line.startswith(f"{folder}/b") and said in line for line in lines), lines
        assert len(lines) == 1 + (name == "links in a loop")
    assert "412.6亿元" in (tmp_path / "audit").read_text(encoding="utf-8")


def _run(arguments: list[str]) -> tuple[int, str, float, float]:
    """Exit code, standard error, seconds and peak megabytes of a process; TimeoutExpired where it takes too long."""
    started = time.monotonic()
    run = subprocess.Popen(
        [sys.executable, "-c", _MEASURED, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, env=os.environ | {"LC_ALL": "C.UTF-8"}, start_new_session=True,
    )  # fmt: skip
    try:
        stdout, stderr = run.communicate(timeout=SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(run.pid, 9)
        raise
    kilobytes = int(stdout.splitlines()[-1])
    return run.returncode, stderr, time.monotonic() - started, kilobytes / (1e6 if sys.platform == "darwin" else 1e3)


# Runs a command and prints, last of all, the most memory it held.
_MEASURED = (
    "import resource, subprocess, sys; code = subprocess.run(sys.argv[1:]).returncode\n"
    "print(); print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss); sys.exit(code)"
)

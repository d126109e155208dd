"""Desks as processes of their own, and people who post to them until one ends."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import random
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx2
import uvicorn

from checker import decisions, load_rules, parse
from checker.pipeline import audit_documents
from checker.review import Desk, Material, application, listen, material, serve
from checker.vocabulary import rules_dir

# Three reports of one invented city: six facts, about each of which every two of them differ.
_REPORT = (
    "2020年，清河市完成地区生产总值{}亿元，增长{}%。固定资产投资达到{}亿元，社会消费品零售总额{}亿元。"
    "一般公共预算收入{}亿元，引进企业{}家。"
)
_STATED = (
    ("412.6", "3.1", "230", "166", "35.2", "35"),
    ("421.6", "3.9", "203", "161", "32.5", "53"),
    ("416.2", "3.3", "320", "116", "53.2", "33"),
)
NOW = "2026-01-31T08:00:00Z"
PATIENCE = 20


def reports() -> list[tuple[str, str, date]]:
    """Name, text and day of each report."""
    return [(f"{n}.txt", _REPORT.format(*stated), date(2021, n, 20)) for n, stated in enumerate(_STATED, 1)]


def write(folder: Path) -> Path:
    """The reports as files."""
    folder.mkdir()
    for name, text, day in reports():
        head = f"---\ntitle: {name}\ndate: {day}\nplace: 清河市\n---\n"
        (folder / name).write_text(head + text + "\n", encoding="utf-8")
    return folder


def under_review() -> Material:
    """The reports as a desk has them."""
    rules = load_rules([rules_dir()])
    documents = [parse(text, name, {"title": name, "date": day, "place": "清河市"}) for name, text, day in reports()]
    return material(audit_documents(documents, rules=rules), rules)


# ---- servers


@dataclass
class Server:
    """A process that answers on a port of this machine; `wait` gives its exit code."""

    port: int
    pid: int
    wait: Callable[[float], int | None]
    said: Callable[[], str] = str

    def end(self, how: signal.Signals) -> int | None:
        os.kill(self.pid, how)
        return self.wait(PATIENCE)


def warm(shown: Material, file: Path) -> None:
    """Have this process load what a desk needs for its first pages, so that copies of it need not."""
    app = application(Desk(shown, file, "zh", lambda: NOW, False, False), "127.0.0.1", "t", "")
    uvicorn.Config(app).load()

    async def look() -> int:
        async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://127.0.0.1") as browser:
            return (await browser.get(f"/finding/{shown.findings[0].fingerprint}")).status_code

    assert asyncio.run(look()) == 200


def forked(shown: Material, file: Path) -> Server:
    """A desk in a copy of this process: there at once. It listens before it has opened the file."""
    context = multiprocessing.get_context("fork")
    out, into = context.Pipe(duplex=False)

    def work() -> None:
        bound = listen("127.0.0.1", 0)
        into.send(bound.getsockname()[1])
        serve(Desk(shown, file, "zh", lambda: NOW, False, False), bound, "127.0.0.1", "", lambda address: None, False)

    process = context.Process(target=work)
    process.start()

    def wait(seconds: float) -> int | None:
        process.join(seconds)
        return process.exitcode

    assert out.poll(PATIENCE) and process.pid
    return Server(out.recv(), process.pid, wait)


def started(command: str, reports: Path, file: Path, *more: str) -> Server:
    """The real command."""
    process = subprocess.Popen(
        [command, "review", str(reports), "--port", "0", "--no-open", "--lang", "en", "--decisions", str(file), *more],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert process.stdout
    line = process.stdout.readline()
    port = urlsplit(line.split()[-1]).port if line else None
    if port is None:
        raise AssertionError(process.communicate()[1])
    told: list[str] = []

    def wait(seconds: float) -> int | None:
        try:
            told.append("".join(process.communicate(timeout=seconds)))
        except subprocess.TimeoutExpired:
            return None
        return process.returncode

    return Server(port, process.pid, wait, lambda: "".join(told))


@contextmanager
def running(server: Server) -> Iterator[Server]:
    """A server that is not left behind, whatever happens."""
    try:
        yield server
    finally:
        if server.wait(0) is None:
            server.end(signal.SIGKILL)


# ---- people


class Browser:
    """What one person at a browser asks of a desk."""

    def __init__(self, port: int, who: str = "张三") -> None:
        self.connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        self.who = who

    def get(self, address: str) -> str:
        self.connection.request("GET", address)
        answer = self.connection.getresponse()
        page = answer.read().decode()
        assert answer.status == 200, f"{address}: {answer.status} {page[-2000:]}"
        return page

    def post(self, address: str, page: str, **fields: str) -> tuple[int, str, str]:
        """A form of a page as it is sent: the status, where it leads, and the page that answers."""
        token, seen = (self._field(page, name) for name in ("token", "seen"))
        form = urlencode({"token": token, "seen": seen, "who": self.who, **fields})
        self.connection.request("POST", address, form, {"content-type": "application/x-www-form-urlencoded"})
        answer = self.connection.getresponse()
        return answer.status, answer.headers.get("location", ""), answer.read().decode()

    @staticmethod
    def _field(page: str, name: str) -> str:
        found = re.search(rf'name="{name}" value="([^"]*)"', page)
        assert found, f"no field {name}: {page[-2000:]}"
        return found[1]


@dataclass
class Kept:
    """What people were told was kept, and what went wrong.

    acknowledged   ids of the events that answers of 303 name
    whole          notes of the verdicts that were sent for a whole fact, answered or not
    """

    acknowledged: set[str] = field(default_factory=set)
    whole: dict[str, int] = field(default_factory=dict)
    trouble: list[str] = field(default_factory=list)

    def faults(self, file: Path) -> list[str]:
        """What of it a file does not bear out."""
        if not file.exists():
            return ["nothing was kept at all"] if self.acknowledged else []
        events = decisions.load(file)
        found = [*self.trouble, *decisions.verify(file)]
        lost = self.acknowledged - {event.id for event in events}
        if lost:
            found.append(f"lost: {sorted(lost)}")
        for note, members in self.whole.items():
            there = sum(event.note == note for event in events)
            if there not in (0, members):
                found.append(f"a verdict for {members} findings was kept for {there}")
        return found


class People:
    """People who post to a server at once, each from a thread, until it ends or they are told to stop."""

    def __init__(self, server: Server, shown: Material, kept: Kept, seed: str, names: Sequence[str] = ("张三", "李四")):
        self.server, self.shown, self.kept = server, shown, kept
        self.answered, self.ending, self.stopped = (threading.Event() for _ in range(3))
        self.threads = [threading.Thread(target=self._work, args=(who, f"{seed} {who}"), daemon=True) for who in names]
        for thread in self.threads:
            thread.start()

    def wait(self) -> None:
        """Until somebody has had an answer."""
        assert self.answered.wait(PATIENCE), self.kept.trouble

    def stop(self) -> None:
        """Wait until all have noticed that the server is gone, or have got their last answer."""
        self.stopped.set()
        for thread in self.threads:
            thread.join(PATIENCE)
        assert not any(thread.is_alive() for thread in self.threads), "somebody still waits for an answer"

    def _work(self, who: str, seed: str) -> None:
        draw, browser = random.Random(seed), Browser(self.server.port, who)
        try:
            n = 0
            while not self.stopped.is_set():
                self._act(browser, draw, f"{seed} {n}")
                n += 1
        except (OSError, HTTPException) as error:
            if not self.ending.is_set():
                self.kept.trouble.append(f"{who}: {error!r} though the server was not ended")
        except AssertionError as error:
            self.kept.trouble.append(f"{who}: {error}")

    def _act(self, browser: Browser, draw: random.Random, note: str) -> None:
        """See a finding and decide: about every other fact as a whole, so that what is kept of that is known."""
        number = draw.randrange(len(self.shown.findings))
        address = f"/finding/{self.shown.findings[number].fingerprint}"
        page = browser.get(address)
        if self.shown.group_of[number] % 2:
            # A verdict that leaves findings open, so that the next is for all of them again.
            self.kept.whole[note] = len(self.shown.members[self.shown.group_of[number]])
            self._send(browser, f"{address}/verdict", page, to="in-progress", whole="1", note=note)
            return
        said = draw.choice([{"to": "rounding"}, {"to": "confirmed-error", "side": "A"}, {"to": "open"}])
        self._send(browser, f"{address}/verdict", page, **said, note=note + "。看过" * draw.choice([0, 900]))
        if not draw.randrange(4):
            self._send(browser, f"{address}/undo", page)
        if not draw.randrange(4):
            self._send(browser, f"{address}/assign", page, assignee=f"王 {note}")

    def _send(self, browser: Browser, address: str, page: str, **fields: str) -> None:
        status, to, answer = browser.post(address, page, **fields)
        if status == 303:
            self.kept.acknowledged.update(parse_qs(urlsplit(to).query)["after"])
            self.answered.set()
        else:
            self.kept.trouble.append(f"{address}: {status} {answer[-2000:]}")


# ---- folders that are full, or may not be written


@contextmanager
def mounted(folder: Path, kilobytes: int) -> Iterator[Path]:
    """A folder on a file system of its own, of a size; raises OSError where that is not allowed."""
    folder.mkdir()
    _run("mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(folder))
    try:
        yield folder
    finally:
        _run("umount", "-l", str(folder))


def close(folder: Path) -> None:
    """From now on nothing may be written on that file system."""
    _run("mount", "-o", "remount,ro", str(folder))


def _run(*command: str) -> None:
    if sys.platform != "linux":
        raise OSError("file systems are mounted as on Linux")
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise OSError(done.stderr.strip())

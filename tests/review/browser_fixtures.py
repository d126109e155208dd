"""A browser and the desk that it looks at: the real command on a free port, over reports of an invented city."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

from checker import decisions
from checker.decisions import Event

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
SWITCHES = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
needs_browser = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on PATH")

# Of two facts of 2020 each report says something else, so that each has three findings.
_HEAD = "---\ntitle: {}\ndate: {}\nplace: 清河市\n---\n"
REPORTS = {
    "a.txt": _HEAD.format("一月的报告", "2021-01-20") + "2020年，清河市完成地区生产总值412.6亿元，引进企业35家。\n",
    "b.txt": _HEAD.format("二月的报告", "2021-02-03") + "今年以来，全市上下稳中求进。\n"
    "2020年清河市地区生产总值达到421.6亿元，再上台阶。2020年，清河市引进企业53家。\n",
    "c.txt": _HEAD.format("三月的报告", "2021-03-05") + "2020年，清河市引进企业47家，完成地区生产总值430亿元。"
    "2019年，清河市地区生产总值380.1亿元。2021年，清河市计划完成地区生产总值450亿元。\n",
}  # fmt: skip
FINDINGS = 6

# Where a page is about to go, told at once, before it goes.
LOG = "window.goes = []; navigation.addEventListener('navigate', (event) => goes.push(event.destination.url));"


@dataclass
class Desk:
    """A desk that is open: its address, its file of decisions, and what it was started with."""

    address: str
    file: Path
    arguments: tuple[str, ...]
    server: subprocess.Popen[str]

    def events(self) -> list[Event]:
        """What has been kept, in order."""
        return [event for _, event in decisions.after(self.file, 0)]

    def kept(self) -> list[tuple[str, str, str, str]]:
        """Who has kept what."""
        return [(event.who, event.kind, event.to, event.side) for event in self.events()]

    def findings(self) -> list[str]:
        """The paths of the findings that are open, as the queue has them."""
        with urllib.request.urlopen(self.address, timeout=20) as answer:
            return re.findall(r'class="row" href="(/finding/\w+)', answer.read().decode())

    def close(self) -> None:
        self.server.terminate()
        self.server.communicate(timeout=20)


Start = Callable[..., Desk]
Visit = Callable[..., Page]


def _start(command: str, file: Path, *arguments: str | Path) -> Desk:
    given = tuple(map(str, arguments))
    environment = {name: value for name, value in os.environ.items() if name not in ("LC_ALL", "LC_MESSAGES", "LANG")}
    server = subprocess.Popen(
        [command, "review", *given, "--decisions", str(file), "--no-open", "--port", "0"],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, encoding="utf-8",
        env=environment | {"LC_ALL": "zh_CN.UTF-8", "PYTHONUTF8": "1"}, cwd=Path(__file__).resolve().parents[2],
    )  # fmt: skip
    assert server.stdout
    said = server.stdout.readline()
    found = re.search(r"http://[^/\s]+", said)
    assert found, f"the desk said {said!r}"
    return Desk(found[0], file, given, server)


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of invented reports, which nobody may change."""
    return write_reports(tmp_path_factory.mktemp("reports"))


def write_reports(folder: Path) -> Path:
    for name, text in REPORTS.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def start(command: str, tmp_path: Path) -> Iterator[Start]:
    """Opens a desk: start(folder, "--as", "张三"); decisions are kept in a file of the test."""
    opened: list[Desk] = []

    def open_desk(*arguments: str | Path) -> Desk:
        opened.append(_start(command, tmp_path / "decisions.db", *arguments))
        return opened[-1]

    yield open_desk
    for desk in opened:
        desk.close()


@pytest.fixture(scope="module")
def looked_at(command: str, reports: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk for tests that leave nothing behind."""
    desk = _start(command, tmp_path_factory.mktemp("looked-at") / "decisions.db", reports, "--as", "张三")
    yield desk
    desk.close()


@pytest.fixture(scope="module")
def seeds(command: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk with the sample pages, for tests that leave nothing behind."""
    desk = _start(command, tmp_path_factory.mktemp("seeds") / "decisions.db", "seeds/", "--as", "张三")
    yield desk
    desk.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Of one module each: while it is open there is a loop in this thread, in which no other could run."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield opened
        opened.close()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    """Opens a page in a browser of its own: visit(desk, "/", width=390, java_script_enabled=False).

    Wherever the test goes from there, nothing may complain on the console and nothing be asked of another server.
    """
    wrong: list[str] = []
    contexts = []

    def open_page(desk: Desk, path: str = "/", width: int = 1280, height: int = 900, **options: Any) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN", **options)
        contexts.append(context)
        context.set_default_timeout(15_000)
        if options.get("java_script_enabled", True):
            context.add_init_script(LOG)
        page = context.new_page()

        def said(message: ConsoleMessage) -> None:
            # A page that says what could not be done is what some tests are about; a mistake of the server is not.
            refused = "the server responded with a status of 4" in message.text and message.location["url"] == page.url
            if message.type in ("error", "warning") and not refused:
                wrong.append(f"{page.url}: {message.text}")

        def asked(request: Request) -> None:
            if not request.url.startswith((f"{desk.address}/", "data:,")):
                wrong.append(f"{page.url} asks for {request.url}")

        page.on("console", said)
        page.on("pageerror", lambda error: wrong.append(f"{page.url}: {error}"))
        page.on("request", asked)
        page.goto(desk.address + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert wrong == []


def press(page: Page, code: str, key: str = "", modifiers: int = 0, **more: Any) -> None:
    """A key as the keyboard sends it, by its place and by what it means there: press(page, "KeyJ", "о")."""
    at = {"code": code, "key": key, "modifiers": modifiers, **more}
    if key == "Process":
        at["windowsVirtualKeyCode"] = 229
    cdp = page.context.new_cdp_session(page)
    cdp.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **at})
    cdp.send("Input.dispatchKeyEvent", {"type": "keyUp", **at})


def settled(page: Page) -> tuple[list[str], str, bool]:
    """Where a page is about to go, what has the focus, and whether the help is open."""
    told = page.evaluate("[goes, document.activeElement.id || document.activeElement.tagName, help.open]")
    return told[0], told[1], told[2]


def path_of(page: Page) -> str:
    """Where a page is, without its query."""
    return re.sub(r"^http://[^/]+|\?.*$", "", page.url)

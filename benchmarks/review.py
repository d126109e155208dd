"""The review desk over HTTP on this machine, the server in a process of its own: pages of three loads of work.

A made-up collection of 2,000 documents; a document of 5 MB, and a short one that differs from it; a queue of 50,000
findings, built without an audit, with no decisions in its file and with 20,000.
"""

from __future__ import annotations

import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from http.client import HTTPConnection
from itertools import product
from pathlib import Path
from statistics import median
from types import TracebackType
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

import apart
import collection
import start

if TYPE_CHECKING:
    from checker.check import Rule
    from checker.decisions import Event
    from checker.model import Audit, Claim, Finding
    from checker.review import Material

TIMEOUT = 1800
TIMES = 100
DOCUMENTS = 2_000
MEGABYTES, LONG_OFF = 5, 0.03
FINDINGS, DECISIONS = 50_000, 20_000
NOW = "2026-01-31T08:00:00Z"
_LEVELS = ("error", "warning", "note")


def measured_apart() -> Iterator[tuple[str, str]]:
    """The rows, each load of work apart."""
    for what in ("collected", "long", "queued"):
        with tempfile.TemporaryDirectory() as folder:
            yield from apart.run(__file__, what, folder, timeout=TIMEOUT)


# ---- a desk, and somebody who looks at its pages


class Server:
    """A desk in a process of its own."""

    def __init__(self, command: list[str]) -> None:
        started = time.perf_counter()
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True)
        assert self.process.stdout
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{' '.join(command)} exited with {self.process.wait()}")
        (port,) = _found(r"http://127\.0\.0\.1:([0-9]+)/", line)
        self.browser = HTTPConnection("127.0.0.1", int(port), timeout=TIMEOUT)
        self.get("/static/page.css")
        self.start = time.perf_counter() - started

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *raised: type[BaseException] | BaseException | TracebackType | None) -> None:
        if self.process.returncode is None:
            self.process.kill()
            self.process.wait()

    def end(self) -> str:
        """End the process; the most memory that it held."""
        self.browser.close()
        self.process.send_signal(signal.SIGTERM)
        if not hasattr(os, "wait4"):
            self.process.wait()
            return "not measured on this system"
        _, status, usage = os.wait4(self.process.pid, 0)
        self.process.returncode = os.waitstatus_to_exitcode(status)
        return f"{usage.ru_maxrss / (1e6 if sys.platform == 'darwin' else 1e3):,.0f} MB"

    def get(self, address: str) -> str:
        """A page; redirections are followed, as a browser does."""
        self.browser.request("GET", address)
        answer = self.browser.getresponse()
        page = answer.read().decode()
        if answer.status == 303:
            return self.get(answer.headers["location"])
        if answer.status != 200:
            raise RuntimeError(f"{address}: {answer.status}")
        return page

    def decide(self, address: str, page: str) -> str:
        """Answer a finding as its page has it; the address of the next."""
        said = {name: _found(rf'name="{name}" value="([^"]*)"', page)[0] for name in ("token", "seen")}
        form = urlencode({**said, "who": "张三", "to": "rounding", "note": "末位差一"})
        path, _, query = address.partition("?")
        kind = {"content-type": "application/x-www-form-urlencoded"}
        self.browser.request("POST", f"{path}/verdict?{query}", form, kind)
        answer = self.browser.getresponse()
        answer.read()
        if answer.status != 303:
            raise RuntimeError(f"{address}: {answer.status}")
        return answer.headers["location"]


def _found(pattern: str, page: str) -> list[str]:
    found = re.findall(pattern, page)
    if not found:
        raise RuntimeError(f"no {pattern} on the page")
    return found


def _findings(page: str) -> list[str]:
    """The addresses of the findings that a page links to."""
    return list(dict.fromkeys(_found(r'href="(/finding/[^"]*)"', page)))


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1e3


def _spread(times: Sequence[float]) -> str:
    """Median and 95th percentile of some milliseconds."""
    return f"{median(times):.0f} ms, 95th percentile {sorted(times)[int(len(times) * 0.95)]:.0f} ms"


def _again(server: Server, address: str, times: int = TIMES) -> str:
    return _spread([_timed(lambda: server.get(address)) for _ in range(times)])


def _next_findings(server: Server, address: str) -> str:
    """One verdict after another, each with the page that it leads to."""
    page, times = server.get(address), []
    for _ in range(TIMES):
        started = time.perf_counter()
        address = server.decide(address, page)
        page = server.get(address)
        times.append((time.perf_counter() - started) * 1e3)
    return _spread(times)


def _pages(server: Server) -> Iterator[tuple[str, str]]:
    """What every load of work is measured by."""
    yield "start until the address answers", f"{server.start:.1f} s"
    first = _timed(lambda: server.get("/"))
    yield "first screen", f"{first:.0f} ms the first time, then {_again(server, '/')}"
    findings = [one for page in (1, 2, 3) for one in _findings(server.get(f"/?page={page}"))][:TIMES]
    yield "a finding", _spread([_timed(lambda one=one: server.get(one)) for one in findings])  # type: ignore[misc]
    yield "next finding: a verdict, and the page it leads to", _next_findings(server, findings[0])


def _review(folder: Path, what: Path) -> list[str]:
    more = ["--decisions", str(folder / "decisions.db"), "--port", "0", "--no-open", "--lang", "zh"]
    return [start.checker(), "review", str(what), *more]


def _count(page: str) -> str:
    """How many findings there are, as the tab of all of them says."""
    (count,) = _found(r'state=all"[^>]*>[^<]*<b>([0-9]+)</b>', page)
    return f"{int(count):,} findings"


# ---- a collection


def collected(folder: Path) -> Iterator[tuple[str, str]]:
    path = folder / "collection.db"
    claims = collection.fill(path, DOCUMENTS)
    with Server(_review(folder, path)) as server:
        yield f"a collection: {DOCUMENTS:,} documents, {claims:,} claims", _count(server.get("/"))
        yield from _pages(server)
        yield "memory", server.end()


# ---- a long document


def long(folder: Path) -> Iterator[tuple[str, str]]:
    reports = folder / "reports"
    reports.mkdir(exist_ok=True)
    text, other, figures = _long_text()
    (reports / "long.txt").write_text(text, encoding="utf-8")
    (reports / "short.txt").write_text(other, encoding="utf-8")
    with Server(_review(folder, reports)) as server:
        yield f"a document of {len(text.encode()) / 1e6:.1f} MB, {figures:,} figures", _count(server.get("/"))
        yield from _pages(server)
        yield "its first part, all figures marked", _again(server, "/document/0", 20)
        yield "a part in the middle of it", _again(server, "/document/0?part=20", 20)
        yield "a jump to a figure in it", _again(server, f"/document/0/claim/{figures // 2}", 20)
        yield "memory", server.end()


def _long_text() -> tuple[str, str, int]:
    """A long report, and a short one that tells some of its figures otherwise; how many the long one has."""
    draw, long, short, size, figures = random.Random(5), [], [], 0, 0
    names = ["".join(words) for words in product(collection.OF[:6], collection.WHAT, collection.HEADS)]
    while size < MEGABYTES * 1e6:
        year, said = collection.FIRST_YEAR + draw.randrange(collection.YEARS), []
        for name in draw.sample(names, 12):
            level = random.Random(f"{name}{year}").lognormvariate(4, 1.2)
            said.append(f"{name}{draw.choice(collection.VERBS)}{level:.2f}亿元")
            if draw.random() < LONG_OFF:
                short.append(f"{year}年，{name}为{level * 1.3:.2f}亿元。\n")
        idle = "各部门各单位要把握节奏、压实责任，把各项部署落到实处，让群众看得见、摸得着。" * draw.randint(3, 9)
        long.append(f"{year}年，{'，'.join(said)}。\n{idle}\n")
        size, figures = size + len(long[-1].encode()), figures + len(said)
    head = f"---\ndate: 2024-01-20\nplace: {collection.place(0)}\n---\n"
    return head + "".join(long), head + "".join(short), figures


# ---- a long queue


def queued(folder: Path) -> Iterator[tuple[str, str]]:
    for held in (0, DECISIONS):
        file = folder / f"{held}.db"
        with Server([sys.executable, __file__, "serve", str(file), str(held)]) as server:
            yield f"a queue of {FINDINGS:,} findings, {held:,} decisions kept", ""
            yield from _pages(server)
            yield "last page of all", _again(server, f"/?state=all&page={FINDINGS // 50}", 20)
            yield "text search, two words", _again(server, f"/?state=all&q={quote('清河 增加值')}", 20)
            yield "text search that finds nothing", _again(server, f"/?state=all&q={quote('没有这样的字')}", 20)
            chosen = "/?level=warning&rule=same-fact&document=7"
            yield "chosen by level, rule and document", _again(server, chosen, 20)
            one = f"/?state=all&q={quote('增加值')}&level=warning"
            yield "next finding of those searched for", _next_findings(server, _findings(server.get(one))[0])
            yield "memory", server.end()


def _audit(rule: Rule) -> Audit:
    """Facts that two documents each state differently: one finding a fact, some facts of one metric after another."""
    from checker import parse
    from checker.model import Audit, Fact

    draw, per = random.Random(6), FINDINGS * 2 // DOCUMENTS
    names = ["".join(words) for words in product(collection.OF, collection.WHAT, collection.HEADS)]
    stated: list[list[tuple[int, str, int, str]]] = [[] for _ in range(DOCUMENTS)]
    for number in range(FINDINGS):
        # Document by document, each beside the one half the collection away.
        first = number // per
        year = collection.FIRST_YEAR + first % collection.YEARS
        level = draw.lognormvariate(4, 1.2)
        for document, shown in ((first, level), (first + DOCUMENTS // 2, level * 1.1)):
            stated[document].append((number, names[(number * 7) % len(names)], year, f"{shown:.2f}"))
    documents, claims, of_fact = [], [], [[] for _ in range(FINDINGS)]  # type: ignore[var-annotated]
    for order, figures in enumerate(stated):
        path, place = f"{order:04d}.txt", collection.place(order % (DOCUMENTS // 2))
        text = f"{place}工作报告\n" + "".join(f"{year}年，{name}完成{told}亿元。\n" for _, name, year, told in figures)
        documents.append(parse(text, path, {"date": date(2024, 1, 20), "place": place}))
        at = 0
        for n, (number, name, year, told) in enumerate(figures):
            at = documents[-1].text.index(told, at)
            made = _claim(f"{path}#{n}", path, n, at, told, name, year, place)
            claims.append(made)
            of_fact[number].append(made)
    facts = []
    for number, both in enumerate(of_fact):
        one = both[0]
        ids = tuple(claim.id for claim in both)
        facts.append(
            Fact(
                f"{number:016x}", one.metric, None, "level", "元", one.place, "", one.period_start, one.period_end, ids
            )
        )
    findings = tuple(_finding(rule, fact.id, both) for fact, both in zip(facts, of_fact, strict=True))
    return Audit(tuple(documents), tuple(claims), (), tuple(facts), findings)


def _claim(id: str, path: str, order: int, at: int, told: str, metric: str, year: int, place: str) -> Claim:
    from checker.model import claim_of

    value = Decimal(told)
    return claim_of(
        id=id, document=path, line=order + 2, column=1, start=at, end=at + len(told) + 2, number=told, number_to=None,
        text=f"{told}亿元", value=value * 10**8, low=value * 10**8 - 500_000, high=value * 10**8 + 500_000,
        low_open=False, high_open=False, step=Decimal(10**6), unit="元", dimension="money", qualifier="exact",
        metric=metric, concept=None, attribute="level", period_start=f"{year}-01-01", period_end=f"{year}-12-31",
        modality="actual", place=place, scope="", sentence=f"{year}年，{metric}完成{told}亿元。", order=order,
    )  # fmt: skip


def _finding(rule: Rule, id: str, both: Sequence[Claim]) -> Finding:
    from checker.model import Finding

    a, b = both
    said = f"{a.metric}：{a.text}与{b.text}不一致"
    return Finding(
        fingerprint=id, rule=rule.id, level=_LEVELS[int(id, 16) % 3], verdict="unexplained",
        title={"zh": "同一数据不一致", "en": "One figure stated differently"}, message={"zh": said, "en": said},
        why={"zh": "两处所说为同一数据。", "en": "Both tell of the same."}, claims=(a.id, b.id), formula="a = b",
        metric=a.metric, place=a.place, period_start=a.period_start, period_end=a.period_end,
        difference=abs(a.value - b.value), relative=0.1,
    )  # fmt: skip


def _keep(file: Path, held: int, shown: Material) -> None:
    """Decisions about the first findings, as a desk would have kept them."""
    from checker import decisions

    def made(number: int) -> Event:
        finding = shown.findings[number]
        seen = decisions.sight(finding, shown.claims, shown.texts(shown.claims_of(finding)), shown.rules)
        to = ("rounding", "confirmed-error", "to-verify")[number % 3]
        return decisions.decide(decisions.State(finding.fingerprint), seen, "李四", NOW, to, note="已与原件核对")

    decisions.merge(file, map(made, range(held)))


def served(file: Path, held: int) -> None:
    """The desk with a long queue; how its findings came about is not measured."""
    from checker.check import load_rules
    from checker.review import Desk, listen, material, serve
    from checker.vocabulary import rules_dir

    known = load_rules([rules_dir()])
    shown = material(_audit(next(rule for rule in known if rule.id == "same-fact")), known)
    if held and not file.exists():
        _keep(file, held, shown)
    desk = Desk(shown, file, "zh", lambda: NOW, blind=False, sign_off=False)
    serve(desk, listen("127.0.0.1", 0), "127.0.0.1", "", lambda address: print(address, flush=True), browse=False)


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        served(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        for row in {"collected": collected, "long": long, "queued": queued}[sys.argv[1]](Path(sys.argv[2])):
            print(json.dumps(row), flush=True)

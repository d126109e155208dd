"""A desk over the reports of an invented city, and people at browsers who load its pages and send its forms."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from httpx2 import Response
from starlette.testclient import TestClient
from starlette.types import ASGIApp

from checker import load_rules, parse
from checker.decisions import Event, load
from checker.model import Audit, Document, Finding
from checker.pipeline import audit_documents
from checker.review import Desk, Material, application, material
from checker.vocabulary import rules_dir

RULES = load_rules([rules_dir()])
TEXTS = (
    "2020年，清河市完成地区生产总值412.6亿元，一般公共预算收入38.4亿元，引进企业35家。",
    "2020年清河市地区生产总值达到421.6亿元，再上台阶。全年粮食产量53.2万吨，一般公共预算收入38.9亿元。",
    "回顾2020年，清河市地区生产总值462.1亿元，粮食产量52.3万吨，社会消费品零售总额101.5亿元。"
    "2019年地区生产总值为390.2亿元。",
    "2020年，清河市社会消费品零售总额110.5亿元，固定资产投资增长12.5%。2019年地区生产总值为399.2亿元。",
)
TITLES = ("一月的报告", "二月的报告", "三月的报告", "四月的报告")
HOST, TOKEN, ENTRY = "127.0.0.1:8642", "form-token-of-this-run", "entry-token-of-this-run"


def report(text: str, path: str, title: str, month: int = 1, **more: Any) -> Document:
    """A report on the invented city."""
    return parse(text, path, {"title": title, "date": date(2021, month, 20), "place": "清河市"} | more)


def reports(texts: Sequence[str] = TEXTS, titles: Sequence[str] = TITLES) -> list[Document]:
    """Reports that differ: three on one fact, and two on each of four others."""
    return [
        report(text, f"{n}.txt", title, n) for n, (text, title) in enumerate(zip(texts, titles, strict=True), start=1)
    ]


def audited(documents: Sequence[Document]) -> Audit:
    """An audit with the levels of its rules and in their order: how sure of findings one may be is no matter here."""
    audit = audit_documents(documents, rules=RULES)
    found = (replace(one, level=one.severity, importance=0.0) for one in (*audit.findings, *audit.suspected))
    return replace(audit, findings=tuple(found), suspected=())


@cache
def usual() -> Material:
    """What the reports have to review; nothing of it ever changes, so one will do for all tests."""
    return material(audited(reports()), RULES)


class Clock:
    """A clock that goes a second on with every look, so that events can be told apart."""

    def __init__(self) -> None:
        self.second = 0

    def __call__(self) -> str:
        self.second += 1
        minutes, seconds = divmod(self.second, 60)
        return f"2026-01-31T{8 + minutes // 60:02}:{minutes % 60:02}:{seconds:02}Z"


class House:
    """A desk with its application, and a door through which browsers come."""

    def __init__(
        self,
        file: Path,
        audit: Audit | None = None,
        *,
        over: Material | None = None,
        blind: bool = False,
        sign_off: bool = False,
        lang: str = "zh",
        as_: str = "",
        host: str = "127.0.0.1",
        entry: str = "",
    ) -> None:
        self.file, self.as_ = file, as_
        over = over or (material(audit, RULES) if audit else usual())
        self.desk = Desk(over, file, lang, Clock(), blind, sign_off)
        self.app = application(self.desk, host, TOKEN, entry, as_)

    @property
    def findings(self) -> tuple[Finding, ...]:
        return self.desk.material.findings

    def path(self, number: int) -> str:
        return f"/finding/{self.findings[number].fingerprint}"

    def events(self, number: int | None = None) -> list[Event]:
        """What the file holds, whatever the desk believes."""
        return load(self.file, None if number is None else self.findings[number].fingerprint)

    def browser(self, who: str = "", **options: Any) -> Browser:
        """Somebody at a browser, who has said who they are."""
        came = Browser(self, **options)
        if who:
            assert came.post("/reviewer", who=who).status_code == 303
        return came


class Browser:
    """Loads pages and sends forms, with the token and what the page said it knew."""

    def __init__(self, house: House, **options: Any) -> None:
        self.house = house
        self.client = TestClient(house.app, base_url=f"http://{HOST}", follow_redirects=False, **options)

    def get(self, address: str, status: int = 200) -> Page:
        answer = self.client.get(address)
        assert answer.status_code == status, (answer.status_code, answer.text[-400:])
        return Page(answer)

    def finding(self, number: int, query: str = "") -> Page:
        return self.get(self.house.path(number) + query)

    def post(self, address: str, **fields: Any) -> Response:
        form = {"token": TOKEN} | {key: str(value) for key, value in fields.items()}
        return self.client.post(address, content=urlencode(form), headers={"content-type": FORM})

    def decide(self, number: int, to: str, query: str = "", seen: int | None = None, **fields: Any) -> Response:
        """A verdict, by the form of the page as it is now unless another was `seen`."""
        known = int(self.finding(number).value("seen")) if seen is None else seen
        return self.post(f"{self.house.path(number)}/verdict{query}", to=to, seen=known, **fields)

    def undo(self, number: int, event: str = "") -> Response:
        return self.post(f"{self.house.path(number)}/undo", **({"event": event} if event else {}))

    def after(self, answer: Response) -> Page:
        """The page that an answer leads to."""
        assert answer.status_code == 303, (answer.status_code, answer.text[-400:])
        return self.get(answer.headers["location"])

    def open(self, query: str = "") -> int:
        """How many findings the queue counts as open."""
        return self.get("/" + query).count("open")


FORM = "application/x-www-form-urlencoded"


@dataclass
class Tag:
    """An element, or the text in it, as a browser reads it."""

    name: str
    attributes: dict[str, str]
    text: str = ""


class Page(HTMLParser):
    """A page as a browser reads it: elements in order with their text."""

    def __init__(self, answer: Response) -> None:
        super().__init__()
        self.status, self.headers, self.html = answer.status_code, answer.headers, answer.text
        self.tags: list[Tag] = []
        self._within: list[Tag] = []
        self.text = ""
        self.feed(answer.text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = Tag(tag, {name: value or "" for name, value in attrs})
        self.tags.append(found)
        if tag not in VOID:
            self._within.append(found)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(Tag(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        while self._within and self._within.pop().name != tag:
            pass

    def handle_data(self, data: str) -> None:
        self.text += data
        for tag in self._within:
            tag.text += data

    def all(self, element: str, kind: str = "", /, **attributes: str) -> list[Tag]:
        """The elements of a name, of a class, with these attributes."""
        return [
            tag
            for tag in self.tags
            if tag.name == element
            and (not kind or kind in tag.attributes.get("class", "").split())
            and all(tag.attributes.get(key) == value for key, value in attributes.items())
        ]

    def value(self, name: str) -> str:
        """What a field of a form holds."""
        return self.all("input", name=name)[0].attributes["value"]

    def rows(self) -> list[str]:
        """The fingerprints of the findings in the queue."""
        return [urlsplit(tag.attributes["href"]).path.removeprefix("/finding/") for tag in self.all("a", "row")]

    def count(self, state: str) -> int:
        """How many findings a tab of the queue says it holds; 0 where it is not there."""
        at = self.tags.index(self.all("nav", "tabs")[0])
        for tag in self.tags[at + 1 :]:
            if tag.name == "form":
                break
            query = parse_qs(urlsplit(tag.attributes.get("href", "")).query)
            if tag.name == "a" and query.get("state", ["open"]) == [state]:
                return int(tag.text.split()[-1])
        return 0

    def states(self) -> list[str]:
        """Where findings stand, by the classes of their marks."""
        return [tag.attributes["class"].split()[1] for tag in self.all("span", "state")]


def assert_sober(page: Page) -> None:
    """Nothing on a page runs, styles or loads but what is a file of ours."""
    for tag in page.tags:
        assert tag.name not in (
            "style",
            "iframe",
            "object",
            "embed",
            "base",
            "img",
            "frame",
            "applet",
            "video",
            "audio",
        )
        if tag.name == "script":
            assert tag.text == "" and tag.attributes["src"].startswith("/static/")
        for name, value in tag.attributes.items():
            assert name != "style" and not name.startswith("on"), (tag.name, name)
            if name in ("href", "src", "action", "formaction", "xlink:href", "poster", "srcdoc", "data"):
                assert value == "data:," or re.match(r"(?:/(?![/\\])|#)", value), (tag.name, name, value)
        assert tag.attributes.get("http-equiv", "").lower() != "refresh"


VOID = ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr")


@dataclass
class Answer:
    """What came back, as it went over the wire."""

    status: int
    headers: dict[str, str]
    body: bytes
    sent: list[tuple[bytes, bytes]] = field(default_factory=list)


def ask(
    app: ASGIApp,
    method: str = "GET",
    path: str = "/",
    headers: Iterable[tuple[str, str]] | None = None,
    body: Sequence[bytes] = (),
    raises: bool = True,
) -> Answer:
    """A request as a server gives it to the application, with headers and paths that no client would send."""
    plain, _, query = path.partition("?")
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
        "path": unquote(plain), "raw_path": plain.encode(), "query_string": query.encode(),
        "root_path": "", "client": ("127.0.0.1", 50000), "server": ("127.0.0.1", 8642),
        "headers": [(k.encode("latin-1"), v.encode("latin-1"))
                    for k, v in ([("host", HOST)] if headers is None else headers)],
    }  # fmt: skip
    left = list(body)
    found: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": left.pop(0) if left else b"", "more_body": bool(left)}

    async def send(message: Any) -> None:
        found.append(message)

    try:
        asyncio.run(_called(app, scope, receive, send))
    except Exception:
        if raises:
            raise
    sent = found[0]["headers"]
    return Answer(
        found[0]["status"],
        {k.decode("latin-1"): v.decode("latin-1") for k, v in sent},
        b"".join(message.get("body", b"") for message in found[1:]),
        list(sent),
    )


async def _called(app: ASGIApp, *arguments: Any) -> None:
    await app(*arguments)

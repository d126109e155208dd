"""What is in documents, names and notes is text on every page, whatever it looks like."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reviewdesk import RULES, House, Page, assert_sober, audited, report

from checker import decisions
from checker.decisions.events import event
from checker.extract import extract
from checker.model import Document, changed
from checker.report.plain import laid_out
from checker.review import material, reading
from checker.review.reading import parts

FIRST = "2020年，清河市完成地区生产总值412.6亿元，引进企业35家。"
SECOND = "2020年清河市地区生产总值达到421.6亿元，再上台阶。"
HOSTILE = {
    "a script": "<script>alert(1)</script>",
    "an element": '<img src=x onerror=alert(1)><svg onload="alert(1)"/>',
    "the end of an attribute": "\"><img src=x onerror='alert(1)'>",
    "the end of another": "' autofocus onfocus=alert(1) x='",
    "an attribute": '" style="position:fixed" onmouseover="alert(1)',
    "a template": "{{191*7}}{% raw %}{{ config }}{# #}${191*7}",
    "a comment": "--><!-- <!--> ]]> </textarea></title></style></script></option>",
    "entities": "&lt;b&gt; &#60;b&#62; &amp;amp; &quot",
    "text turned round": "\u202e\u2066\u200f反\u2069",
    "controls": "\x00\x01\x08\x0b\x0c\x1b[31m\x7f\x85\x9b",
    "what is no character": "\ufffe\uffff\ud800\udfff\U000e0001",
    "invisible": "零\u200b宽\ufeff\u00ad\u2060",
    "an address": "javascript:alert(1)//evil.example",
    "a line of its own": "一\r\n二\u2028三\u2029四",
}
# What must never come out of a page as it went in.
RAW = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufffe\uffff\U000e0001]"
)


def hostile(text: str) -> list[Document]:
    return [
        report(f"{text}\n{FIRST}{text}\n{text}", f"{text}.txt", f"报告{text}", note=text),
        report(f"{SECOND}{text}", f"b{text}.txt", text, 2),
        report(text, f"c{text}.txt", "", 3, place=f"清河市{text}"),
    ]


def every(house: House) -> list[str]:
    material_ = house.desk.material
    return [
        "/", "/?state=all", "/document", "/figures", "/nothing",
        *(house.path(number) for number in range(len(house.findings))),
        *(f"/fact/{id}" for id in list(material_.facts)[:3]),
        *(f"/document/{number}" for number in range(len(material_.documents))),
        f"/document/0?from={house.findings[0].fingerprint}",
        *(f"/?document={number}&state=all" for number in range(len(material_.documents))),
    ]  # fmt: skip


def assert_plain(page: Page) -> None:
    """Nothing of it is markup, and every character is one that a person can see."""
    assert_sober(page)
    assert not RAW.search(page.html), RAW.search(page.html)
    assert "1337" not in page.text
    for tag in page.tags:
        assert tag.name in ELEMENTS, tag
        assert not {"autofocus", "style", "onerror", "onload", "x"} & (
            tag.attributes.keys() - ({"x"} if tag.name in ("rect", "text") else set())
        )


ELEMENTS = {
    "html", "head", "meta", "title", "link", "script", "body", "a", "header", "nav", "details", "summary", "em",
    "form", "input", "label", "button", "kbd", "main", "dialog", "h1", "h2", "dl", "dt", "dd", "p", "section", "ol",
    "ul", "li", "small", "b", "i", "span", "output", "select", "option", "table", "caption", "thead", "tbody",
    "tfoot", "tr", "th", "td", "svg", "line", "text", "tspan", "rect", "circle", "g", "figure", "figcaption",
    "blockquote", "mark", "cite", "strong", "article", "footer", "code", "aside", "fieldset", "legend", "textarea",
    "datalist", "time", "progress", "div", "sup", "q",
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_documents_of_markup_are_shown_as_text(name: str, tmp_path: Path) -> None:
    house = House(tmp_path / "d.db", audited(hostile(HOSTILE[name])))
    assert house.findings
    browser = house.browser("张三")
    for path in every(house):
        assert_plain(browser.get(path, 404 if path == "/nothing" else 200))
    # A finding of theirs can be decided about like any other.
    assert browser.decide(0, "confirmed-error", side="A").status_code == 303
    assert_plain(browser.finding(0))


@pytest.mark.parametrize("name", HOSTILE)
def test_names_notes_and_searches_of_markup_are_shown_as_text(name: str, tmp_path: Path) -> None:
    house = House(tmp_path / "d.db")
    text = HOSTILE[name].encode("utf-8", "replace").decode()[:50]
    browser = house.browser("张三")
    taken = browser.post("/reviewer", who=text).status_code
    assert taken in (303, 422)
    for number, to in enumerate(("explained", "accepted")):
        answer = browser.decide(number, to, reason=text, note=f"{text}\n{text}")
        assert_plain(browser.after(answer))
    refused = browser.decide(3, "accepted", note=text)
    assert refused.status_code == 422
    assert_plain(Page(refused))
    assert_plain(Page(browser.post("/reviewer", who=text, token=text)))
    browser.post(f"{house.path(4)}/assign", assignee=text)
    for path in every(house):
        assert_plain(browser.get(path, 404 if path == "/nothing" else 200))
    for fields in (("q",), ("q", "level", "rule", "document", "state", "after", "page", "from", "part")):
        for path in ("/", house.path(0), "/document", "/document/0"):
            answer = browser.client.get(path, params=dict.fromkeys(fields, text))
            assert answer.status_code == 200
            assert_sober(Page(answer))


@pytest.mark.parametrize("name", HOSTILE)
def test_what_another_desk_kept_is_shown_as_text(name: str, tmp_path: Path) -> None:
    """A file that was merged holds names that this desk would not take."""
    house = House(tmp_path / "d.db")
    text = HOSTILE[name]
    house.browser("李四").decide(0, "to-verify")
    (seen,) = house.events(0)
    said = {"finding": seen.finding, "who": text, "sight": seen.sight}
    days = ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z")  # and clocks that are wrong
    made = [
        event("verdict", at=days[0], from_="open", to="explained", reason=text, note=text, **said),
        event("assign", at=days[1], from_="", to=text, **(said | {"sight": None})),
        event("verdict", at=days[1], from_="open", to="rounding", **said),
    ]
    decisions.merge(house.file, made)
    browser = house.browser("张三")
    for path in [*every(house), f"/?state=all&after={made[0].id}"]:
        assert_plain(browser.get(path, 404 if path == "/nothing" else 200))
    assert browser.get("/?state=all").count("all") == len(house.findings)


def test_a_clock_that_is_wrong_is_told_in_any_zone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    house = House(tmp_path / "d.db")
    house.browser("李四").decide(0, "to-verify")
    (seen,) = house.events(0)
    made = [
        event("verdict", seen.finding, "王五", at, "open", "rounding", sight=seen.sight)
        for at in ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z")
    ]
    decisions.merge(house.file, made)
    try:
        for zone in ("Asia/Shanghai", "America/Lima", "UTC"):
            monkeypatch.setenv("TZ", zone)
            time.tzset()
            assert house.browser("张三").finding(0).status == 200
    finally:
        monkeypatch.undo()
        time.tzset()


# ---- texts of unusual shape


def test_a_document_of_nothing_to_find(tmp_path: Path) -> None:
    house = House(
        tmp_path / "d.db", audited([report("全市上下稳中求进。", "a.txt", "甲"), report("好。", "b.txt", "乙")])
    )
    browser = house.browser("张三")
    assert "全市上下稳中求进。" in browser.get("/document/0").all("div", "text")[0].text
    assert browser.get("/").rows() == [] and browser.open() == 0
    assert browser.get("/figures").status == 200


def test_no_document_at_all(tmp_path: Path) -> None:
    browser = House(tmp_path / "d.db", audited([])).browser("张三")
    assert browser.open() == 0
    assert browser.get("/document").status == 200 and browser.get("/document/0", 404)


def long_line(size: int = 100_000) -> str:
    """One line without an end, with figures all along."""
    filler = "全市上下稳中求进，" * 60
    return (FIRST.replace("。", "，") + (filler + "引进企业35家，") * (size // len(filler) + 1))[:size]


def test_a_line_of_a_hundred_thousand_characters_is_shown_in_parts(tmp_path: Path) -> None:
    text = long_line()
    house = House(tmp_path / "d.db", audited([report(text, "a.txt", "甲"), report(SECOND, "b.txt", "乙", 2)]))
    browser = house.browser("张三")
    joined, part = "", 1
    while True:
        answer = browser.client.get(f"/document/0?part={part}")
        if answer.status_code == 404:
            break
        shown = stripped(answer.text)
        assert 0 < len(shown) <= reading.PART
        joined, part = joined + shown, part + 1
    assert part == 4 and joined == laid_out(text)
    for number in range(len(house.findings)):
        assert len(browser.finding(number).html) < 60_000
    last = house.desk.material.within["a.txt"][-1]
    where = browser.client.get(f"/document/0/claim/{last.order}").headers["location"]
    assert where == f"/document/0?part=3#c{last.order}"
    assert browser.get(where).all("a", id=f"c{last.order}")


def stripped(html: str) -> str:
    """The text of a document on its page, without the references that stand behind figures."""
    found = _Text()
    found.feed(html)
    found.close()
    return found.text


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.text, self._depth, self._aside = "", 0, 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._depth or (tag == "div" and ("class", "text") in attrs):
            self._depth += 1
        if self._depth and tag == "sup":
            self._aside += 1

    def handle_endtag(self, tag: str) -> None:
        self._aside -= bool(self._depth and tag == "sup")
        self._depth -= bool(self._depth)

    def handle_data(self, data: str) -> None:
        if self._depth and not self._aside:
            self.text += data


def test_figures_of_the_same_characters_can_both_be_led_to(tmp_path: Path) -> None:
    """Claims may stand in the same characters, within each other, or cross: each has its place in a text."""
    audit = audited([report(FIRST, "a.txt", "甲"), report(SECOND, "b.txt", "乙", 2)])
    first = next(claim for claim in audit.claims if claim.document == "a.txt")
    more = [
        changed(first, id=f"x{n}", order=90 + n, start=start, end=end)
        for n, (start, end) in enumerate([
            (first.start, first.end), (first.start + 1, first.end - 1), (first.start - 2, first.start + 2),
            (first.end - 1, first.end + 3), (0, len(FIRST)),
        ])
    ]  # fmt: skip
    house = House(tmp_path / "d.db", replace(audit, claims=(*audit.claims, *more)))
    browser = house.browser("张三")
    page = browser.get("/document/0")
    assert stripped(page.html) == FIRST
    ids = [tag.attributes["id"] for tag in page.tags if "id" in tag.attributes]
    assert len(ids) == len(set(ids))
    assert {f"c{claim.order}" for claim in house.desk.material.within["a.txt"]} <= set(ids)
    for claim in more:
        assert browser.get(f"/document/0/claim/{claim.order}", 303).headers["location"].endswith(f"#c{claim.order}")


# ---- parts


@st.composite
def texts(draw: st.DrawFn) -> tuple[Any, list[Any]]:
    """A text with figures in it: apart, side by side, one in another, of the same characters, longer than a part."""
    text = draw(st.text(st.sampled_from("数字亿\n\r\t .<&\x00\u202e𠮷"), max_size=120))
    spans = draw(st.lists(st.tuples(st.integers(0, 120), st.integers(1, 30)), max_size=25))
    found = {(start, min(start + size, len(text))) for start, size in spans if start < len(text)}
    claims = [SimpleNamespace(start=start, end=end) for start, end in sorted(found, key=lambda one: (one[0], -one[1]))]
    return SimpleNamespace(text=text, path="a.txt"), claims


@given(texts(), st.integers(1, 50))
@settings(max_examples=400, deadline=None)
def test_parts_cover_the_text_and_cut_no_figure(given: tuple[Any, list[Any]], size: int) -> None:
    shown, claims = given
    before = reading.PART
    reading.PART = size
    try:
        cuts = parts(shown, claims)
        within = [reading.part_of(shown, claims, claim) for claim in claims]
    finally:
        reading.PART = before
    assert cuts[0] == 0 and cuts[-1] == len(shown.text) and len(cuts) >= 2
    assert cuts == sorted(set(cuts)) or not shown.text
    for cut in cuts[1:-1]:
        assert not any(claim.start < cut < claim.end for claim in claims)
    for claim, part in zip(claims, within, strict=True):
        assert cuts[part - 1] <= claim.start and claim.end <= cuts[part]
    # A part is longer than asked for only where figures leave no place to cut.
    for start, end in pairwise(cuts):
        if end - start > size:
            covered = set().union(*(range(claim.start + 1, claim.end) for claim in claims))
            assert set(range(start + size, end)) <= covered


PIECES = [
    "2020年，清河市完成地区生产总值412.6亿元，", "增长3%至5%，", "\n", "\r\n\t", "<b>&amp;</b>", "\x00\x1b\u202e",
    "粮食产量53.2万吨。",
    "（一）", "**38.4**亿元", "𠮷", "第3名", "2019年、2020年分别为38.4亿元、39亿元。",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=40), st.integers(5, 80))
@settings(max_examples=25, deadline=None)
def test_the_parts_of_a_page_are_the_text_of_the_document(pieces: list[str], size: int) -> None:
    shown = report("".join(pieces), "a.txt", "甲")
    claims, rejected = extract(shown)
    under = material(audited([shown]), RULES)
    desk: Any = SimpleNamespace(material=under, lang="zh", queue=None, viewer=lambda who: "")
    before = reading.PART
    reading.PART = size
    try:
        joined, number = "", 1
        with patch.object(reading.queue, "standing", lambda *_: []), patch.object(reading, "_marked", lambda *_: {}):
            while found := reading.document(desk, "", 0, number):
                joined += stripped(f'<div class="text">{found["text"]}</div>')
                number += 1
    finally:
        reading.PART = before
    assert joined == laid_out(shown.text)
    assert len(under.within["a.txt"]) == len(claims) and len(under.rejected["a.txt"]) == len(rejected)

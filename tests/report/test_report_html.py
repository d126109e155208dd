from __future__ import annotations

import re
import time
from base64 import b64encode
from dataclasses import replace
from decimal import Decimal
from hashlib import sha256
from html.parser import HTMLParser

import pytest

from checker.model import Audit, OffsetMap, changed
from checker.report.chart import axis, waterfall
from checker.report.html import render

VOID = {"meta", "input", "br", "img", "link", "hr"}


class Page(HTMLParser):
    """What a browser would make of a page: elements, their balance, and the text within each kind."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.inside: dict[str, list[str]] = {}
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open.pop() == tag, tag

    def handle_data(self, data: str) -> None:
        if self.open:
            self.inside.setdefault(self.open[-1], []).append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for found, attrs in self.elements if found == tag]


@pytest.fixture(params=["zh", "en"])
def page(audit: Audit, request: pytest.FixtureRequest) -> str:
    return render(audit, request.param)


def test_elements_balance(page: str) -> None:
    assert Page(page).open == []


def test_ids_are_unique_and_every_link_has_its_target(page: str) -> None:
    elements = Page(page).elements
    ids = [attrs["id"] for _, attrs in elements if "id" in attrs]
    assert len(ids) == len(set(ids))
    hrefs = [attrs["href"] or "" for tag, attrs in elements if tag == "a"]
    assert hrefs and all(href.startswith("#") and href[1:] in ids for href in hrefs)


def test_findings_and_passages_link_both_ways(audit: Audit) -> None:
    page = Page(render(audit, "zh"))
    links = {attrs.get("id"): attrs["href"] for attrs in page.all("a")}
    paper = next(f"c{i}" for i, claim in enumerate(audit.claims, 1) if claim.id == "p1")
    assert links[paper] == "#f1"
    assert f"#{paper}" in links.values() or f"#{paper}" in [attrs["href"] for attrs in page.all("a")]


def test_nothing_of_a_document_becomes_an_element(page: str) -> None:
    parsed = Page(page)
    assert len(parsed.all("script")) == 1
    assert not parsed.all("img") and not parsed.all("link")
    assert "alert" not in "".join(parsed.inside["script"])
    assert not any(name.startswith("on") or name == "style" for _, attrs in parsed.elements for name in attrs)
    assert "&lt;script&gt;alert(&#34;1&#34;)&lt;/script&gt;" in page


def test_nothing_hidden_is_on_the_page(page: str) -> None:
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", page)
    assert "␛[31m红␛[0m␀" in page


def test_the_suppressed_are_marked_and_can_be_filtered(suppressed: Audit) -> None:
    page = render(suppressed, "zh")
    assert [attrs["data-level"] for attrs in Page(page).all("article") if "data-level" in attrs] == [
        "error", "note", "suppressed",
    ]  # fmt: skip
    assert {attrs["value"] for attrs in Page(page).all("input") if attrs.get("name") == "level"} == {
        "error", "note", "suppressed",
    }  # fmt: skip
    assert "<dt>已屏蔽</dt><dd>复核结论：已核：&lt;b&gt;x&lt;/b&gt;|`@all`␛[2J ::error::]]&gt;</dd>" in page


def test_the_policy_allows_just_the_style_and_script_of_the_page(page: str) -> None:
    policy = next(attrs["content"] or "" for attrs in Page(page).all("meta") if "http-equiv" in attrs)
    assert policy.startswith("default-src 'none'") and "unsafe" not in policy
    for tag in ("style", "script"):
        [content] = re.findall(f"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        digest = b64encode(sha256(content.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy


def test_the_page_needs_no_other_file(page: str) -> None:
    assert not re.search(r"(src|href)=\"(?!#)|url\(|@import|https?://", page)


def test_documents_keep_their_layout_and_claims_are_told_apart(audit: Audit) -> None:
    page = render(audit, "zh")
    text = re.search(r'<div class="text"[^>]*>(清水长流.*?)</div>', page, re.DOTALL)
    assert text
    bare = re.sub(r"<sup.*?</sup>|<[^>]+>", "", text.group(1))
    assert bare == next(document.text for document in audit.documents if document.path == "paper.txt")
    states = [re.search(f'class="fig ([a-z]+)" id="c{i}"', page).group(1) for i in range(3, 8)]  # type: ignore[union-attr]
    assert states == ["bound", "bound", "aligned", "aligned", "alone"]


def test_two_claims_of_the_same_characters_both_have_an_anchor(audit: Audit) -> None:
    twin = changed(audit.claims[2], id="twin")
    page = render(replace(audit, claims=(*audit.claims, twin)), "zh")
    ids = [attrs["id"] for _, attrs in Page(page).elements if "id" in attrs]
    assert f"c{len(audit.claims) + 1}" in ids and len(ids) == len(set(ids))


def test_a_document_of_megabytes_is_marked_in_linear_time(audit: Audit) -> None:
    sentence = "全市新增科技型企业136家。"
    text = sentence * 60_000
    offsets = OffsetMap((0,), (0,))
    document = replace(audit.documents[1], text=text, flat=text, offsets=offsets)
    at = sentence.index("136")
    starts = range(at, len(text), len(sentence) * 6)
    model = changed(audit.claims[5], sentence=sentence)
    claims = tuple(changed(model, id=f"x{n}", start=start, end=start + 4) for n, start in enumerate(starts))
    began = time.perf_counter()
    page = render(Audit((document,), claims, (), (), ()), "zh")
    assert page.count('class="fig alone"') == len(claims) + 1
    assert time.perf_counter() - began < 20


def test_values_stand_on_one_axis_only_with_their_like(audit: Audit) -> None:
    by_id = {claim.id: claim for claim in audit.claims}
    drawn = axis([by_id[id] for id in ("r3", "p1", "r1")], "zh")
    assert drawn and [row.side for row in drawn.rows] == ["B", "C"]
    assert drawn.unit == "亿元" and [tick.text for tick in drawn.ticks] == ["400", "405", "410"]
    assert axis([by_id["r3"], by_id["p1"]], "zh") is None


def test_unbounded_and_equal_values_can_be_drawn(audit: Audit) -> None:
    by_id = {claim.id: claim for claim in audit.claims}
    drawn = axis([by_id["p3"], by_id["r6"]], "zh")
    assert drawn and all(row.open_right and not row.open_left for row in drawn.rows)
    zero = changed(by_id["p4"], value=Decimal(0), low=Decimal(0), high=Decimal(0))
    assert axis([zero, zero], "zh")


def test_evidence_bars_add_up_to_the_score(audit: Audit) -> None:
    match = next(match for finding in audit.findings for match in finding.matches)
    fall = waterfall(match, "zh")
    signed = [float(bar.width[:-1]) * (1 if bar.weight >= 0 else -1) for bar in fall.bars]
    assert sum(signed) == pytest.approx(float(fall.total.width[:-1]), abs=0.05)
    assert [bar.x for bar in fall.bars[:2]] == ["0.00%", "56.25%"]
    assert fall.bars[1].left == "2020年"


def test_a_card_says_what_would_agree(audit: Audit) -> None:
    said = "".join(Page(render(audit, "zh")).inside["li"])
    assert "A的398亿元若为39.8亿元，即相符（小数点移动一位）" in said
    assert "推测" not in render(replace(audit, findings=audit.findings[:1]), "zh")

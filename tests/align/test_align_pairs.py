"""Which figures state the same thing: the pairs in pairs.yaml, and what must hold for every alignment."""

from __future__ import annotations

import random
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz import fuzz

from checker.align import Alignment, align
from checker.align.phrases import normalise
from checker.align.phrases import phrases as known_phrases
from checker.align.weights import setting
from checker.extract import extract
from checker.model import Claim, Document
from checker.pipeline import audit_documents
from checker.read import parse, read
from checker.yamlfile import load

PAIRS = load(Path(__file__).parent / "pairs.yaml")
SEEDS = Path(__file__).parents[2] / "seeds"
KNOWN = known_phrases()


def document(text: str, path: str, place: str = "清河市") -> Document:
    return parse(text, path, {"title": "2021年政府工作报告", "date": date(2021, 2, 1), "place": place})


def aligned(*documents: Document) -> tuple[list[list[Claim]], Alignment]:
    claims = [extract(one)[0] for one in documents]
    return claims, align([claim for one in claims for claim in one], documents)


def facts(alignment: Alignment) -> dict[str, str]:
    """The fact of each claim, both by id."""
    return {claim: fact.id for fact in alignment.facts for claim in fact.claims}


def each_two(kind: str) -> list[Any]:
    return [
        pytest.param(a, b, entry.get("unit", "亿元"), id=f"{a}-{b}")
        for entry in PAIRS["phrases"][kind]
        for a, b in combinations(entry["names"], 2)
    ]


def one_fact(a: str, b: str, unit: str) -> bool:
    texts = (f"2020年，全市{a}为{number}{unit}。" for number, a in ((36.5, a), (48.2, b)))
    a_document, b_document = (document(text, path) for text, path in zip(texts, ("a.txt", "b.txt"), strict=True))
    (left, right), alignment = aligned(a_document, b_document)
    assert len(left) == len(right) == 1
    fact = facts(alignment)
    return fact[left[0].id] == fact[right[0].id]


@pytest.mark.parametrize(("a", "b", "unit"), each_two("same"))
def test_names_of_one_indicator(a: str, b: str, unit: str) -> None:
    assert one_fact(a, b, unit)
    assert one_fact(b, a, unit)


@pytest.mark.parametrize(("a", "b", "unit"), each_two("different"))
def test_names_that_only_look_alike(a: str, b: str, unit: str) -> None:
    assert not one_fact(a, b, unit)
    assert not one_fact(b, a, unit)


@pytest.mark.parametrize("case", PAIRS["documents"], ids=lambda case: case["name"])
def test_two_documents(case: dict[str, Any]) -> None:
    (left, right), alignment = aligned(
        document(case["a"], "a.txt"), document(case["b"], "b.txt", case.get("place_b", "清河市"))
    )
    fact = facts(alignment)
    for kind in ("same", "different"):
        for a, b in case.get(kind, []):
            one, other = (next(c for c in claims if c.number == n) for claims, n in ((left, a), (right, b)))
            assert (fact[one.id] == fact[other.id]) is (kind == "same"), (kind, one.metric, a, other.metric, b)


# ---- what holds for every alignment


@pytest.fixture(scope="module")
def pages() -> tuple[list[Document], list[Claim], Alignment]:
    documents, _ = read([SEEDS])
    claims = [claim for one in documents for claim in extract(one)[0]]
    return documents, claims, align(claims, documents)


def test_every_claim_is_in_one_fact(pages: tuple[list[Document], list[Claim], Alignment]) -> None:
    _, claims, alignment = pages
    listed = [claim for fact in alignment.facts for claim in fact.claims]
    assert sorted(listed) == sorted(claim.id for claim in claims)
    assert len({fact.id for fact in alignment.facts}) == len(alignment.facts)


def test_the_claims_of_a_fact_agree_on_what_it_is(pages: tuple[list[Document], list[Claim], Alignment]) -> None:
    _, claims, alignment = pages
    known = {claim.id: claim for claim in claims}
    for fact in alignment.facts:
        members = [known[id] for id in fact.claims]
        for same in ("dimension", "attribute", "place", "period_start", "period_end", "basis"):
            assert len({getattr(claim, same) for claim in members}) == 1, (same, [c.sentence for c in members])
        assert len({claim.modality == "target" for claim in members}) == 1


def test_one_claim_of_a_document_matches_one_of_another(pages: tuple[list[Document], list[Claim], Alignment]) -> None:
    """Two figures of one document stand in one fact only where they are equal."""
    _, claims, alignment = pages
    known = {claim.id: claim for claim in claims}
    for fact in alignment.facts:
        for a, b in combinations((known[id] for id in fact.claims), 2):
            if a.document == b.document and fact_spans_documents(fact.claims, known):
                assert a.value == b.value or close(a, b), (a.sentence, b.sentence)


def fact_spans_documents(ids: tuple[str, ...], known: dict[str, Claim]) -> bool:
    return len({known[id].document for id in ids}) > 1


def close(a: Claim, b: Claim) -> bool:
    """Alike in all digits but one: a slip of the pen within a document."""
    left, right = (sorted(ch for ch in c.number if ch.isdigit()) for c in (a, b))
    return abs(len(left) - len(right)) <= 1


def test_the_order_of_claims_makes_no_difference(pages: tuple[list[Document], list[Claim], Alignment]) -> None:
    documents, claims, alignment = pages
    shuffled, mixed = list(claims), list(documents)
    random.Random(2).shuffle(shuffled)
    random.Random(3).shuffle(mixed)
    assert align(shuffled, mixed).facts == alignment.facts


def test_evidence_adds_up_to_the_score(pages: tuple[list[Document], list[Claim], Alignment]) -> None:
    _, _, alignment = pages
    for fact in alignment.facts:
        for left, right in list(combinations(fact.claims, 2))[:3]:
            match = alignment.match(left, right)
            assert match.score == pytest.approx(sum(row.weight for row in match.evidence), abs=0.001)
            assert match.outcome in ("same", "possible", "different")
            assert all(row.what for row in match.evidence)


def test_a_level_its_growth_its_change_and_its_multiple_have_one_measure() -> None:
    city = "2020年，清河市一般公共预算收入52.3亿元，比上年增加2.1亿元，增长4.2%，是2015年的1.32倍。"
    text = city + "市本级一般公共预算收入12.3亿元。"
    _, alignment = aligned(document(text, "a.txt"))
    measures = alignment.table["measure"]
    assert measures[:4].nunique() == 1 and measures[4] not in set(measures[:4])
    assert set(alignment.table["price_growth"]) == {"current"} and set(alignment.table["kind"]) == {"flow"}


def test_a_figure_per_head_knows_what_it_shares_out_and_among_whom() -> None:
    _, alignment = aligned(document("2020年，清河市地区生产总值412.6亿元，人均地区生产总值61300元。", "a.txt"))
    rows = alignment.table[["concept", "total", "population"]].fillna("").to_numpy().tolist()
    assert rows == [["地区生产总值", "", ""], ["人均地区生产总值", "地区生产总值", "常住人口"]]


def test_a_ratio_and_a_balance_know_what_they_are_made_of() -> None:
    _, alignment = aligned(document("2020年，清河市财政自给率41.3%，贸易顺差53.1亿元。", "a.txt"))
    rows = alignment.table[["dividend", "divisor", "minuend", "subtrahend"]].fillna("").to_numpy().tolist()
    assert rows == [["一般公共预算收入", "一般公共预算支出", "", ""], ["", "", "出口总额", "进口总额"]]


def test_a_measure_is_unknown_where_a_document_gives_two_figures() -> None:
    text = "2020年，清河市一般公共预算收入52.3亿元。2020年，清河市一般公共预算收入{}亿元。"
    for other, known in (("48.6", False), ("52.31", True)):
        _, alignment = aligned(document(text.format(other), "a.txt"))
        assert alignment.table["measure"].notna().all() == known


def test_nothing_to_align() -> None:
    assert align([], []).facts == ()
    _, alignment = aligned(document("没有数字。", "a.txt"))
    assert alignment.facts == ()


# ---- phrases

PARTS = st.sampled_from(
    ["第一产业", "第二产业", "增加值", "收入", "支出", "新建", "学校", "城镇", "农村", "居民", "总额"]
)
NAMES = st.lists(PARTS, min_size=1, max_size=4)
PHRASES = st.lists(NAMES.map("".join), max_size=12, unique=True)


def led(phrases: list[str]) -> dict[str, str]:
    """Each phrase with its leader, all of one block."""
    found = KNOWN.leaders(np.array(phrases, dtype=object), np.zeros(len(phrases), dtype=np.int64))
    return {phrase: phrases[leader] for phrase, leader in zip(phrases, found, strict=True)}


@given(PHRASES)
@settings(deadline=None)
def test_leaders_lead_themselves_and_never_move(phrases: list[str]) -> None:
    found = led(phrases)
    assert all(found[leader] == leader for leader in found.values())
    for k in range(len(phrases)):
        assert led(phrases[:k]) == {p: found[p] for p in phrases[:k]}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("checker.align.phrases.BATCH", 2)
        assert led(phrases) == found


@given(PHRASES)
@settings(deadline=None)
def test_a_phrase_joins_the_most_alike_of_the_leaders_before_it(phrases: list[str]) -> None:
    heads: list[str] = []
    for phrase, leader in led(phrases).items():
        alike = {h: fuzz.ratio(phrase, h) for h in heads if not KNOWN.contrasting(phrase, h)}
        near = sorted((-score, h) for h, score in alike.items() if score >= setting("likeness", "alike"))
        assert leader == (near[0][1] if near else phrase)
        heads += [] if near else [phrase]


@given(st.lists(PHRASES, max_size=5))
@settings(deadline=None)
def test_a_block_has_leaders_of_its_own(blocks: list[list[str]]) -> None:
    phrases = np.array([phrase for block in blocks for phrase in block], dtype=object)
    found = KNOWN.leaders(phrases, np.repeat(np.arange(len(blocks)), [len(block) for block in blocks]))
    assert list(phrases[found]) == [leader for block in blocks for leader in led(block).values()]


@given(PHRASES)
@settings(deadline=None)
def test_contrasting_phrases_never_share_a_leader_directly(phrases: list[str]) -> None:
    assert all(phrase == leader or not KNOWN.contrasting(phrase, leader) for phrase, leader in led(phrases).items())


@given(NAMES.map("".join), NAMES.map("".join))
@settings(deadline=None)
def test_contrast_goes_both_ways(a: str, b: str) -> None:
    assert KNOWN.contrasting(a, b) == KNOWN.contrasting(b, a)
    assert not KNOWN.contrasting(a, a)


@given(st.text(max_size=30))
@settings(deadline=None)
def test_a_normal_phrase_stays_as_it_is(phrase: str) -> None:
    assert normalise(phrase) == normalise(phrase)
    assert not set(normalise(phrase)) & set("，。“”（） ")


# ---- whose figures they are


def report(company: str, text: str, path: str) -> Document:
    return parse(text, path, {"title": f"{company}2020年年度报告", "date": date(2021, 4, 1), "organisation": company})


def together(*documents: Document) -> bool:
    """Whether the first figures of two documents are one fact."""
    (left, right), alignment = aligned(*documents)
    fact = facts(alignment)
    return fact[left[0].id] == fact[right[0].id]


def test_two_companies_are_two_subjects() -> None:
    first = report("清河机械股份有限公司", "2020年，公司营业收入6.3亿元。", "a.txt")
    assert not together(first, report("东川食品股份有限公司", "2020年，公司营业收入6.8亿元。", "b.txt"))
    assert together(first, report("清河机械有限公司", "2020年，公司营业收入6.8亿元。", "b.txt"))


def test_a_company_is_not_its_city() -> None:
    firm = report("清河机械股份有限公司", "2020年，营业收入6.3亿元。", "a.txt")
    assert not together(firm, document("2020年，营业收入6.8亿元。", "b.txt"))


def test_an_unknown_subject_joins_only_what_it_shares_enough_with() -> None:
    def unknown(text: str, path: str) -> Document:
        return parse(text, path, {"title": "", "date": date(2021, 4, 1)})

    assert not together(
        unknown("2020年，一般公共预算收入41.2亿元。", "a.txt"), unknown("2020年，一般公共预算收入96.8亿元。", "b.txt")
    )
    assert together(
        unknown("2020年，一般公共预算收入41.26亿元。", "a.txt"), unknown("2020年，一般公共预算收入42.16亿元。", "b.txt")
    )
    shared = "2020年，一般公共预算收入{}亿元。2020年，粮食产量35.27万吨。"
    assert together(unknown(shared.format("41.2"), "a.txt"), unknown(shared.format("42.1"), "b.txt"))
    firm = report("清河机械股份有限公司", "2020年，前五大供应商预付账款1.62亿元。", "a.txt")
    assert together(firm, unknown("2020年，前五大供应商预付账款1.26亿元。", "b.txt"))


# ---- the sum decides


def outcome(a: str, b: str) -> str:
    (left, right), alignment = aligned(document(a, "a.txt"), document(b, "b.txt"))
    return alignment.match(left[0].id, right[0].id).outcome


def test_what_the_sum_amounts_to() -> None:
    assert outcome("2020年，全市生产总值412.6亿元。", "2020年，全市生产总值421.6亿元。") == "same"
    assert outcome("2020年，全市税收收入48亿元。", "2020年，全市非税收入48亿元。") == "different"
    assert outcome("2020年，营业收入38.16亿元。", "2020年，营业收入31.86亿元。") == "possible"


def test_another_figure_of_the_document_is_possibly_the_fact() -> None:
    twice = "2020年，全市一般公共预算支出{}亿元。\n\n"
    first = document("".join(map(twice.format, ("328.4", "241.7", "328.4"))), "a.txt")
    (left, right), alignment = aligned(first, document(twice.format("331.9"), "b.txt"))
    assert [alignment.match(claim.id, right[0].id).outcome for claim in left] == ["same", "possible", "same"]
    table = alignment.table.set_index("id")
    assert table["possible"].notna().tolist() == [False, True, False, False]
    assert table["possible"].iloc[1] == table["fact"].iloc[0]


def test_what_is_only_possible_is_no_error() -> None:
    texts = {"a.txt": "2020年，营业收入38.16亿元。", "b.txt": "2020年，营业收入31.86亿元。"}
    result = audit_documents([document(text, path) for path, text in texts.items()])
    (finding,) = [one for one in result.findings if one.rule == "same-fact"]
    assert (finding.level, finding.matches[0].outcome) == ("warning", "possible")

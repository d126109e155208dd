"""What must hold for every text: each claim points at its printed digits, no digit is lost, nothing raises."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from checker.extract import extract
from checker.model import ATTRIBUTES, MODALITIES, QUALIFIERS, Claim, Document, Rejected, changed
from checker.read import parse, read

SEEDS = Path(__file__).parents[2] / "seeds"
KNOWN = {"title": "2021年政府工作报告", "date": date(2021, 2, 1), "place": "清河市"}

# Pieces of text, in any order.
# fmt: off
WORDS = [
    "全市", "生产总值", "完成", "新建", "学校", "同比", "增长", "下降", "占", "分别", "比2015年", "其中", "力争",
    "预计", "去年", "上半年", "约", "超过", "不足", "以上", "左右", "第", "“", "”", "十三五", "二七区", "两万多名",
    "一倍", "连续", "至", "：", "附件", "单位：亿元",
]
NUMBERS = [
    "773", "1.2", "7.30", "2,600", "７７３", "2020年", "1-11月", "0", "6%-6.5%", "1.2：36.6：62.2", "500强", "PM2.5",
    "20", "1", "2021",
]
NUMBERS += ["3,594, 026", "99" * 40]
UNITS = [
    "亿元", "万个", "%", "‰", "个百分点", "倍", "万", "亿", "元/吨", "人次", "年", "家", "万余户", "成", "番",
]
LAYOUT = [" ", "  ", "　", "\n", "\n\n", "\r\n", "\r", "\t", " | ", "# ", "> "]
LAYOUT += [
    "，", "。", "；", "、", "（", "）", "**", "|", "一、", "1.", "-", "—", ".", ",",
]
# fmt: on
MIXED = st.lists(st.sampled_from(WORDS + NUMBERS + UNITS + LAYOUT), max_size=40).map("".join)
SIGNS = st.text(
    "0123456789０１９.,，．:：-－—~～至到/%％‰+·#第年月日号级万亿千百十一二两元个家户倍成番约近余多和、。 \n|()（）“”",
    max_size=60,
)
FOLLOWED = re.compile(r"\d[\d,\s]*(?:[年月日至到、/.:：~～—-]{1,2}\s*\d[\d,\s]*)+")


def extracted(text: str) -> tuple[Document, list[Claim], list[Rejected]]:
    document = parse(text, "a.txt", KNOWN)
    return document, *extract(document)


def digits(text: str) -> str:
    """The digits of a text in order, as ASCII."""
    return "".join(str(int(c)) for c in text if c.isdecimal())


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    before = re.split("\r\n|\n|\r", text[:offset])
    return len(before), len(before[-1]) + 1


def check_claim(text: str, claim: Claim) -> None:
    printed = text[claim.start : claim.end]
    assert claim.text == printed
    assert printed == printed.strip()
    # The printed digits stand there in order, layout or not.
    assert digits(claim.number) in digits(printed)
    assert digits(printed).endswith(digits(claim.number_to or claim.number)) or not digits(printed)
    for character in claim.number:
        assert character in printed
    # Line and column are those of the first printed digit, which may stand behind a minus.
    assert line_and_column(text, claim.start) <= (claim.line, claim.column) <= line_and_column(text, claim.end - 1)
    lines = re.split("\r\n|\n|\r", text)
    assert lines[claim.line - 1][claim.column - 1] == claim.number[0]


def check_fields(claim: Claim) -> None:
    assert claim.attribute in ATTRIBUTES
    assert claim.modality in MODALITIES
    assert claim.qualifier in QUALIFIERS
    assert claim.value.is_finite() and claim.step > 0
    assert claim.value in claim.interval or len(claim.number) > 25  # Decimal carries 28 digits
    for day in (claim.period_start, claim.period_end):
        assert day is None or date.fromisoformat(day)
    assert (claim.period_start or "") <= (claim.period_end or "")


@given(MIXED)
@settings(max_examples=300, deadline=None)
def test_every_claim_points_at_its_digits(text: str) -> None:
    _, claims, rejected = extracted(text)
    for claim in claims:
        check_claim(text, claim)
        check_fields(claim)
    for one in rejected:
        assert digits(one.number) == digits(text[one.start : one.end])
        assert one.reason
        lines = re.split("\r\n|\n|\r", text)
        assert lines[one.line - 1][one.column - 1] == one.number[0]


def lost_digits(text: str, claims: list[Claim], rejected: list[Rejected]) -> list[str]:
    """Digits that are neither in a claim nor in a rejected number, with what stands around them."""
    covered = {at for one in [*claims, *rejected] for at in range(one.start, one.end)}
    # Of a date or a score the first number is listed, and stands for those that follow it.
    for one in rejected:
        if one.reason in ("date", "name") and (whole := FOLLOWED.match(text, one.start)):
            covered.update(range(*whole.span()))
    lost = [m for m in re.finditer(r"\d+", text) if not set(range(*m.span())) <= covered]
    return [text[max(0, m.start() - 15) : m.end() + 15] for m in lost]


@given(MIXED.filter(lambda text: "|" not in text and not re.search(r"月\s*\d", text)))
@settings(max_examples=200, deadline=None)
def test_no_digit_is_lost(text: str) -> None:
    _, claims, rejected = extracted(text)
    assert not lost_digits(text, claims, rejected)


@given(MIXED)
@settings(max_examples=200, deadline=None)
def test_claims_come_in_order_and_do_not_overlap(text: str) -> None:
    _, claims, _ = extracted(text)
    assert [claim.order for claim in claims] == list(range(len(claims)))
    assert len({claim.id for claim in claims}) == len(claims)
    for before, after in pairwise(claims):
        assert before.end <= after.start


@given(st.text())
@settings(deadline=None)
def test_any_text_is_extracted(text: str) -> None:
    extracted(text)
    extract(parse(text, "a.txt"))


@given(SIGNS)
@settings(max_examples=400, deadline=None)
def test_any_mixture_of_digits_units_and_signs_is_extracted(text: str) -> None:
    _, claims, _ = extracted(text)
    for claim in claims:
        check_claim(text, claim)
        check_fields(claim)


@given(MIXED)
@settings(max_examples=50, deadline=None)
def test_extraction_is_the_same_each_time(text: str) -> None:
    assert extracted(text) == extracted(text)


def nameless(claim: Claim) -> Claim:
    """A claim without the name of its file, which is part of ids."""
    linked = {name: getattr(claim, name) for name in ("part_of", "listing", "subject")}
    numbers = {name: id and id.rpartition("#")[2] for name, id in linked.items()}
    return changed(claim, id="", document="", **numbers)


@given(MIXED, st.sampled_from(["b.txt", "清河/报告.md"]))
@example("全市20元/吨1.2：36.6：62.2", "b.txt")  # a share, which names the amount it is said of
@settings(max_examples=50, deadline=None)
def test_the_name_of_a_file_changes_nothing_but_ids(text: str, path: str) -> None:
    one, other = extract(parse(text, "a.txt", KNOWN)), extract(parse(text, path, KNOWN))
    assert list(map(nameless, one[0])) == list(map(nameless, other[0]))
    assert [changed(r, document="") for r in one[1]] == [changed(r, document="") for r in other[1]]


# ---- mutations of real texts

MUTATIONS, SHARES = 10_000, 4
# What is put in, or instead of what stands there.
PIECES = [*"0123456789.,，。；、：（）%-−—〇一二三十百千万亿年月日的比占为", *WORDS, *UNITS, *LAYOUT]


def mutated(text: str, chance: Random) -> str:
    """A stretch of a text of up to 160 characters with up to six pieces taken out, put in or moved."""
    start = chance.randrange(max(1, len(text) - 160))
    characters = list(text[start : start + chance.randint(20, 160)])
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(characters))
        act = chance.randrange(4)
        if act == 0:
            characters[at] = chance.choice(PIECES)
        elif act == 1:
            characters.insert(at, chance.choice(PIECES))
        elif act == 2 and len(characters) > 1:
            characters.pop(at)
        else:
            characters.append(characters[at])
    return "".join(characters)


@pytest.mark.parametrize("share", range(SHARES))
def test_mutations_are_read_alike_each_time_and_point_at_their_digits(share: int) -> None:
    chance = Random(share)
    texts = [path.read_text(encoding="utf-8") for path in sorted(SEEDS.glob("*.txt"))]
    for _ in range(MUTATIONS // SHARES):
        text = mutated(chance.choice(texts), chance)
        _, claims, rejected = extracted(text)
        assert (claims, rejected) == extracted(text)[1:], text
        assert not lost_digits(text, claims, rejected), text
        for claim in claims:
            check_claim(text, claim)
            check_fields(claim)


# ---- the sample pages


@pytest.fixture(scope="module")
def pages() -> list[tuple[Document, list[Claim], list[Rejected]]]:
    documents, problems = read([SEEDS])
    assert not problems
    return [(document, *extract(document)) for document in documents]


def test_the_pages_are_all_there(pages: list[tuple[Document, list[Claim], list[Rejected]]]) -> None:
    assert len(pages) == 5
    assert all(claims and rejected for _, claims, rejected in pages)


def test_every_printed_number_is_a_claim_or_is_rejected(
    pages: list[tuple[Document, list[Claim], list[Rejected]]],
) -> None:
    """No digit of the pages is lost: each lies within a claim or a rejected number."""
    for document, claims, rejected in pages:
        assert not lost_digits(document.text, claims, rejected), document.path


def test_no_number_is_both_claimed_and_rejected(pages: list[tuple[Document, list[Claim], list[Rejected]]]) -> None:
    for document, claims, rejected in pages:
        claimed = {at for claim in claims for at in range(claim.start, claim.end)}
        both = [one for one in rejected if one.start in claimed]
        assert not both, (document.path, both)


def test_claims_of_the_pages_point_at_their_digits(
    pages: list[tuple[Document, list[Claim], list[Rejected]]],
) -> None:
    for document, claims, _ in pages:
        for claim in claims:
            check_claim(document.text, claim)
            check_fields(claim)
            assert claim.document == document.path
            assert claim.place == document.place

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from checker.model import Audit, Claim, changed
from checker.report.numbers import Scale, difference, exact, in_full, interval, percent, scale
from checker.report.plain import Passage, passage, printed, shorten, tidy, visible


@pytest.fixture
def claims(audit: Audit) -> dict[str, Claim]:
    return {claim.id: claim for claim in audit.claims}


@pytest.mark.parametrize(
    ("value", "text"),
    [("77300000000", "77300000000"), ("1E+2", "100"), ("772.50", "772.5"), ("-0.0", "0"), ("0.00001", "0.00001")],
)
def test_numbers_print_all_their_digits(value: str, text: str) -> None:
    assert exact(Decimal(value)) == text


@pytest.mark.parametrize(("share", "text"), [(0.0168, "1.7%"), (0.5, "50%"), (0.00034, "0.034%"), (0.0, "0%")])
def test_shares_as_percent(share: float, text: str) -> None:
    assert percent(share) == text


def test_intervals_in_the_printed_unit(claims: dict[str, Claim]) -> None:
    shown = {id: interval(claims[id]) for id in ("p1", "p2", "p3", "r3", "p4")}
    assert shown == {
        "p1": "[397.5, 398.5]亿元",
        "p2": "[7.05, 7.15]%",
        "p3": "[13.2, +∞)万户",
        "r3": "[1.635, 1.645]倍",
        "p4": "[135.5, 136.5]家",
    }


def test_interval_ends_that_do_not_belong(claims: dict[str, Claim]) -> None:
    claim = changed(claims["p4"], low=None, high=Decimal(136), high_open=True)
    assert interval(claim) == "(−∞, 136)家"
    assert interval(changed(claims["p4"], low=Decimal(136), high=Decimal(136))) == "136家"


def test_a_range_scales_by_its_low_end(claims: dict[str, Claim]) -> None:
    low, high = Decimal(50000), Decimal(60000)
    claim = changed(claims["p4"], text="5—6万家", number="5", number_to="6", low=low, high=high, value=Decimal(55000))
    assert scale(claim) == Scale(Decimal(10000), "万家")
    upside_down = changed(claim, text="6—5万家", number="6", number_to="5", value=high)
    assert scale(upside_down) == Scale(Decimal(10000), "万家")


def test_a_figure_of_a_table_has_the_unit_of_its_head(claims: dict[str, Claim]) -> None:
    claim = changed(claims["p1"], text="398", number="398")
    assert scale(claim) == Scale(Decimal(10**8), "亿元") and interval(claim) == "[397.5, 398.5]亿元"
    assert (in_full(claim), in_full(claims["p1"])) == ("398亿元", "398亿元")


def test_a_fall_that_a_word_tells_has_its_sign_by_itself(claims: dict[str, Claim]) -> None:
    fall = changed(claims["p2"], value=-claims["p2"].value, low=-claims["p2"].high, high=-claims["p2"].low)
    assert in_full(fall) == "−7.1%" and in_full(claims["p2"]) == "7.1%"
    assert in_full(changed(fall, text="-7.1%")) == "-7.1%"


def test_chinese_numerals_fall_back_on_the_base_unit(claims: dict[str, Claim]) -> None:
    claim = changed(claims["p1"], text="四百亿元", number="四百")
    assert interval(claim) == "[397.5, 398.5]亿元"


def test_differences_as_amount_and_share(audit: Audit, claims: dict[str, Claim]) -> None:
    shown = {
        (finding.rule, lang): difference(finding, [claims[id] for id in finding.claims], lang)
        for finding in audit.findings
        for lang in ("zh", "en")
        if finding.level != "note"
    }
    assert shown == {
        ("same-figure", "zh"): "14.6亿元（3.5%）",
        ("same-figure", "en"): "14.6亿元 (3.5%)",
        ("multiple-of-base-year", "zh"): "13.968亿元（3.4%）",
        ("multiple-of-base-year", "en"): "13.968亿元 (3.4%)",
    }


def test_percentages_differ_by_points(audit: Audit, claims: dict[str, Claim]) -> None:
    finding = next(finding for finding in audit.findings if finding.level == "note")
    bound = [claims[id] for id in finding.claims]
    assert difference(finding, bound, "zh") == "0.2个百分点，即较大值的2.8%"
    assert difference(replace(finding, relative=None), bound, "en") == "0.2 percentage points"


@pytest.mark.parametrize(
    ("text", "shown"), [("398\n 亿元", "398亿元"), ("**412.6亿**元", "412.6亿元"), ("7\n73 亿元", "773亿元")]
)
def test_printed_quantities_lose_layout_and_emphasis(claims: dict[str, Claim], text: str, shown: str) -> None:
    assert printed(changed(claims["p1"], text=text)) == shown


def test_nothing_hidden_survives() -> None:
    assert visible("a\x00\x1b[31m\x9b\u202e\u200b\ufeff\ud800") == "a␀␛[31m�����"
    assert tidy("支 配 收\n入 **7.1%** of GDP") == "支配收入7.1% of GDP"


def test_the_figure_meant_is_marked_where_a_sentence_prints_it_twice(audit: Audit, claims: dict[str, Claim]) -> None:
    document = next(document for document in audit.documents if document.path == claims["p4"].document)
    text = "企业136家，其中新增136家。"
    again = replace(document, text=text, flat=text, offsets=replace(document.offsets, starts=(0,), sources=(0,)))
    at = text.rindex("136")
    claim = changed(claims["p4"], sentence=text, start=at, end=at + 4)
    assert passage(claim, again)[:3] == ("企业136家，其中新增", "136家", "。")
    assert passage(claim, None)[:3] == ("企业", "136家", "，其中新增136家。")


def test_a_passage_without_its_figure_still_shows(claims: dict[str, Claim]) -> None:
    assert passage(changed(claims["p4"], sentence="别处。"), None) == Passage("", "136家", "", tail="别处。")


def test_long_sentences_are_cut_around_the_figure() -> None:
    short = shorten(Passage("前" * 200, "773亿元", "后" * 200), 70)
    assert short.before.startswith("…前") and short.after.endswith("后…")
    assert len("".join(short)) == 70
    assert shorten(Passage("前", "773亿元", "后" * 200), 70).before == "前"

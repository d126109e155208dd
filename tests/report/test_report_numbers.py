from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from checker.model import Audit, Claim, changed
from checker.report.numbers import Scale, difference, exact, figure, interval, percent, scale
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
    shown = {id: (interval(claims[id], "zh"), interval(claims[id], "en")) for id in ("p1", "p2", "p3", "r3")}
    assert shown == {
        "p1": ("397.5亿元至398.5亿元", "397.5亿元 to 398.5亿元"),
        "p2": ("7.05%至7.15%", "7.05% to 7.15%"),
        "p3": ("13.2万户以上", "13.2万户 or more"),
        "r3": ("1.635至1.645倍", "1.635 to 1.645倍"),
    }


@pytest.mark.parametrize(
    ("low", "high", "open_end", "shown"),
    [
        ("135.5", "136.5", False, "136家"),
        ("400", "500", True, "400至499家"),
        ("380", "420", False, "380至420家"),
        ("452592.5", "452593.5", False, "452593家"),
        ("136", None, False, "136家以上"),
        ("135.2", "135.9", False, "135.2至135.9家"),
    ],
)
def test_what_is_only_there_whole_is_shown_whole(
    claims: dict[str, Claim], low: str, high: str | None, open_end: bool, shown: str
) -> None:
    ends = {"low": Decimal(low), "high": high and Decimal(high), "high_open": open_end}
    assert interval(changed(claims["p4"], **ends), "zh") == shown


def test_interval_ends_that_do_not_belong(claims: dict[str, Claim]) -> None:
    claim = changed(claims["p4"], low=None, high=Decimal(136), high_open=True)
    assert (interval(claim, "zh"), interval(claim, "en")) == ("不超过135家", "up to 135家")
    assert interval(changed(claims["p1"], low=None, high_open=True), "zh") == "不到398.5亿元"
    assert interval(changed(claims["p1"], high=None, low_open=True), "zh") == "超过397.5亿元"
    assert interval(changed(claims["p1"], high=None, low=None), "zh") == "不限"
    assert interval(changed(claims["p4"], low=Decimal(136), high=Decimal(136)), "zh") == "136家"


def test_a_range_scales_by_its_low_end(claims: dict[str, Claim]) -> None:
    low, high = Decimal(50000), Decimal(60000)
    claim = changed(claims["p4"], text="5—6万家", number="5", number_to="6", low=low, high=high, value=Decimal(55000))
    assert scale(claim) == Scale(Decimal(10000), "万家")
    upside_down = changed(claim, text="6—5万家", number="6", number_to="5", value=high)
    assert scale(upside_down) == Scale(Decimal(10000), "万家")


def test_a_figure_of_a_table_has_the_unit_of_its_head(claims: dict[str, Claim]) -> None:
    claim = changed(claims["p1"], text="398", number="398")
    assert scale(claim) == Scale(Decimal(10**8), "亿元") and interval(claim, "zh") == "397.5亿元至398.5亿元"
    assert (figure(claim, "zh"), figure(claims["p1"], "zh")) == ("398亿元", "398亿元")


def test_a_figure_says_its_direction(claims: dict[str, Claim]) -> None:
    fall = changed(claims["p2"], value=-claims["p2"].value, low=-claims["p2"].high, high=-claims["p2"].low)
    assert (figure(fall, "zh"), figure(fall, "en")) == ("下降7.1%", "down 7.1%")
    assert (figure(claims["p2"], "zh"), figure(claims["p2"], "en")) == ("增长7.1%", "up 7.1%")
    assert figure(changed(fall, text="-7.1%"), "zh") == "-7.1%"
    assert figure(changed(fall, metric="居民消费价格"), "zh") == "下降7.1%"
    assert figure(changed(claims["p2"], metric="居民消费价格"), "zh") == "上涨7.1%"
    assert figure(changed(fall, attribute="change", dimension="point", text="0.3个百分点"), "zh") == "下降0.3个百分点"
    assert figure(changed(fall, attribute="level", text="3.2亿元"), "zh") == "−3.2亿元"
    assert figure(changed(fall, attribute="level", text="亏损3.2亿元"), "zh") == "亏损3.2亿元"
    assert figure(changed(fall, value=Decimal(0), text="0%"), "zh") == "0%"
    assert interval(fall, "zh") == "−7.15%至−7.05%"


def test_chinese_numerals_fall_back_on_the_base_unit(claims: dict[str, Claim]) -> None:
    claim = changed(claims["p1"], text="四百亿元", number="四百")
    assert interval(claim, "zh") == "397.5亿元至398.5亿元"


def test_differences_as_amount_and_share(audit: Audit, claims: dict[str, Claim]) -> None:
    shown = {
        (finding.rule, lang): difference(finding, [claims[id] for id in finding.claims], lang)
        for finding in audit.findings
        for lang in ("zh", "en")
        if finding.level != "note"
    }
    assert shown == {
        ("same-figure", "zh"): "A比B少14.6亿元（3.5%）",
        ("same-figure", "en"): "A is 14.6亿元 (3.5%) less than B",
        ("multiple-of-base-year", "zh"): "13.968亿元（3.4%）",
        ("multiple-of-base-year", "en"): "13.968亿元 (3.4%)",
    }


def test_percentages_differ_by_points(audit: Audit, claims: dict[str, Claim]) -> None:
    finding = next(finding for finding in audit.findings if finding.level == "note")
    bound = [claims[id] for id in finding.claims]
    assert difference(finding, bound, "zh") == "B比A低0.2个百分点"
    assert difference(replace(finding, relative=None), bound, "en") == "B is 0.2 percentage points lower than A"


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

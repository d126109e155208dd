"""What period figures are of, whether they are planned, expected or done, and how that is known."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from checker.extract import extract
from checker.extract.language import zh
from checker.extract.outline import Outline
from checker.extract.periods import years
from checker.read import parse
from checker.yamlfile import load

DAY = "2024-02-20"
CASES = load(Path(__file__).parent / "context.yaml")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:30])
def test_a_figure_is_of_its_period(case: dict[str, Any]) -> None:
    known: dict[str, Any] = {"date": date.fromisoformat(case.get("date", DAY)), "place": "清河市"}
    if "title" in case:
        known["title"] = case["title"]
    claims, _ = extract(parse(case["text"], "a.txt", known))
    assert not {claim.number for claim in claims} & set(case.get("no", ()))
    assert [claim.number for claim in claims] == [figure[0] for figure in case["figures"]]
    for claim, wanted in zip(claims, case["figures"], strict=True):
        period = next(how for how in claim.how if how.slot == "period")
        got = [claim.number, f"{claim.period_start}/{claim.period_end}", claim.modality, period.how]
        assert [have if want else "" for have, want in zip(got, wanted, strict=False)] == wanted
        assert period.text or period.how in ("document", "assumed")


def test_a_figure_keeps_its_unit_and_scale_as_printed() -> None:
    text = "2023年，全市税收13.2亿余元，增长5%，企业3—5万户，粮食产量52 万 吨，就业四十万人，面积306平方公里。"
    listed = "2023年，教育、卫生、农业投资分别为3、5、7万元。"
    claims, _ = extract(parse(text, "a.txt", {"date": date(2024, 2, 20)}))
    assert [(claim.printed_unit, int(claim.scale)) for claim in claims] == [
        ("亿余元", 10**8), ("%", 1), ("万户", 10**4), ("万吨", 10**4), ("人", 10**4), ("平方公里", 1),
    ]  # fmt: skip
    claims, _ = extract(parse(listed, "a.txt", {"date": date(2024, 2, 20)}))
    assert [(claim.printed_unit, int(claim.scale), int(claim.value)) for claim in claims] == [
        ("", 10**4, 30_000), ("", 10**4, 50_000), ("万元", 10**4, 70_000),
    ]  # fmt: skip


def test_an_amount_that_is_corrected_is_told_apart() -> None:
    text = (
        "2023年，公司收入由38亿元更正为35亿元。更正前为12件，更正后为15件。"
        "“2023年，全市粮食产量56.2万吨”应为“2023年，全市粮食产量52.6万吨”。"
    )
    claims, _ = extract(parse(text, "a.txt", {"date": date(2024, 2, 20)}))
    assert [claim.basis for claim in claims] == ["更正前", ""] * 3


def scopes(text: str) -> list[str]:
    claims, _ = extract(
        parse(text, "a.txt", {"date": date(2024, 2, 20), "place": "清河市", "title": "清河市2024年预算"})
    )
    return [claim.scope for claim in claims]


def test_a_budget_holds_for_the_part_that_it_heads() -> None:
    """A numbered paragraph that stands as high closes it; a list that is numbered like the heading does not."""
    text = """4.社会保险基金预算

1、养老保险收入3亿元。

2、失业保险收入2亿元。

（四）2024年重点支出按照以收定支的原则统筹安排，保障重点。

1.统筹安排8亿元，支持工业。"""
    assert scopes(text) == ["社会保险基金预算", "社会保险基金预算", ""]


def test_a_short_sentence_in_front_of_a_paragraph_names_its_tier() -> None:
    text = "●市级收支情况。人代会批准的国有资本经营收入预算3亿元，实际完成3.1亿元。\n\n●全市收支情况。收入9亿元。"
    assert scopes(text) == ["市本级", "市本级", ""]


def test_a_tier_that_a_heading_only_speaks_of_is_none_of_what_follows() -> None:
    text = "一、落实中央决策部署\n\n新建公路30公里。\n\n二、中央商务区建设\n\n投资6亿元。"
    assert scopes(text) == ["", ""]


def test_a_plan_that_was_changed_is_told_apart_from_the_first() -> None:
    text = "2023年，收入年初预算12.4亿元，执行中调整为13.1亿元。"
    claims, _ = extract(parse(text, "a.txt", {"date": date(2024, 2, 20)}))
    assert [claim.basis for claim in claims] == ["", "调整后"]


def test_a_heading_on_a_place_and_its_tier_is_of_the_place() -> None:
    text = "一、2023年全市和市本级预算执行情况\n\n新建公路30公里。"
    assert scopes(text) == [""]


@pytest.mark.parametrize(("reported", "planned"), [(2023, "2024"), (2024, "")])
def test_a_budget_report_plans_the_year_after_whenever_it_is_published(reported: int, planned: str) -> None:
    """... while one on a year that still runs tells how that goes."""
    title = f"清河市{reported}年预算执行情况和{reported + 1}年预算草案的报告"
    known = {"date": date(2024, 5, 26), "place": "清河市", "title": title}
    outline = Outline(parse(f"{title}\n各位代表：\n教育支出8.8亿元。", "a.txt", known), zh())
    assert outline.plans(years(2024, 2024)) == planned


@pytest.mark.parametrize(
    ("place", "text", "scopes"),
    [
        ("东岭自治州", "2023年，全州财政收入60.2亿元，州本级财政收入18.4亿元，增长3%。", ["", "州本级", "州本级"]),
        ("东岭自治州", "2023年，州级税收9.1亿元。新建州级湿地公园2个。", ["州本级", "州本级"]),
        ("北原盟", "（一）盟本级预算执行\n2023年，盟本级税收4.7亿元。", ["盟本级"]),
        ("清河市", "2023年，清河市本级税收3.2亿元，全市税收8.8亿元。", ["市本级", ""]),
        ("清河市", "2023年，清河市级税收3.2亿元。清河市税收8.8亿元。", ["市本级", "市本级"]),
        ("清河市", "2023年，清河市级别最高的医院2家。", [""]),
    ],
)
def test_a_figure_is_of_its_tier(place: str, text: str, scopes: list[str]) -> None:
    claims, _ = extract(parse(text, "a.txt", {"date": date.fromisoformat(DAY), "place": place}))
    assert [claim.scope for claim in claims] == scopes
    assert not any(claim.metric.startswith(("本级", "级", "州本级", "盟本级")) for claim in claims)

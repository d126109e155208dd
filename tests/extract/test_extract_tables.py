"""Tables to figures: the cases in tables.yaml, the words of tables, sums of rows, and cells of real reports."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from checker.extract import extract
from checker.extract.heads import path_head
from checker.extract.language import zh
from checker.model import Claim, Rejected
from checker.read import parse
from checker.read.tables import narrow
from checker.vocabulary import table_words, words
from checker.yamlfile import load

HERE = Path(__file__).parent
CASES = load(HERE / "tables.yaml")


def cell(found: Claim | Rejected, wanted: dict[str, Any]) -> dict[str, Any]:
    """What a case says of a number, as it was read."""
    if isinstance(found, Rejected):
        return {"number": found.number, "reason": found.reason}
    read = {name: getattr(found, name) for name in wanted if name not in ("value", "period")}
    return read | {"value": float(found.value), "period": f"{found.period_start}/{found.period_end}"}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_figures_of_a_table(case: dict[str, Any]) -> None:
    day = date.fromisoformat(str(case["date"]))
    document = parse(case["text"], "a.txt", {"date": day, "place": case.get("place", "清河市"), "title": "材料"})
    claims, rejected = extract(document)
    found = sorted([*claims, *(r for r in rejected if r.reason not in ("date",))], key=lambda each: each.start)
    numbers = [each for each in found if isinstance(each, Rejected) or each.anchor.table]
    wanted = [dict(entry) for entry in case["cells"]]
    tabled = [each for each in numbers if each.number in {entry["number"] for entry in wanted}]
    assert [cell(each, want) for each, want in zip(tabled, wanted, strict=True)] == wanted


def patterns() -> Iterator[tuple[str, dict[str, Any], bool]]:
    """Every pattern of tables.yaml and headings.yaml, where it stands, and whether it must fit the whole."""
    data = table_words()
    for kind in ("roles", "attributes", "modalities", "periods", "title_ends"):
        yield from ((f"{kind} {i}", entry, kind == "roles") for i, entry in enumerate(data[kind]))
    for name, entry in data.items():
        if isinstance(entry, dict):
            yield name, entry, name == "furniture"
    yield from ((f"numbering {i}", entry, False) for i, entry in enumerate(words("headings")["numbering"]))


@pytest.mark.parametrize(
    ("name", "entry", "whole"), patterns(), ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_pattern_reads_its_examples(name: str, entry: dict[str, Any], whole: bool) -> None:
    pattern = re.compile(entry["pattern"])
    # Numbers of headings open a line; names of columns and whole lines are read from their beginning.
    at_start = name.startswith(("numbering", "caption", "table_number", "bare_number", "period", "company", "measures"))
    fits = pattern.fullmatch if whole else pattern.match if at_start else pattern.search

    def read(text: str) -> bool:
        plain = text if name.startswith("numbering") or name in ("caption", "furniture", "note") else narrow(text)
        m = fits(plain)
        return bool(m and m[0])

    assert [text for text in entry["reads"] if not read(text)] == []
    assert [text for text in entry["not"] if read(text)] == []


def test_rows_that_add_up_are_parts_of_their_total() -> None:
    text = """2025年清河市一般公共预算收入执行表
单位：万元
| 项目 | 2024年决算数 | 2025年执行数 | 增长% |
|---|---|---|---|
| 一、税收收入 | 100 | 110 | 10.0 |
| 1.增值税 | 60 | 70 | 16.7 |
| 2.契税 | 40 | 40 | 0.0 |
| 二、非税收入 | 50 | 45 | -10.0 |
| 三、其他收入 | 10 | 15 | 50.0 |
| 收入合计 | 160 | 180 | 12.5 |
"""
    document = parse(text, "a.txt", {"date": date(2026, 1, 20), "place": "清河市", "title": "材料"})
    by_id = {claim.id: claim for claim in extract(document)[0]}
    sums = {
        (claim.number, by_id[claim.part_of].number if claim.part_of else None)
        for claim in by_id.values()
        if claim.listing
    }
    # 2025年: 110, 45 and 15 make 170, not 180; the other year bears out that these are all parts.
    assert sums == {
        *{(number, "160") for number in ("100", "50", "10")},
        *{(number, "180") for number in ("110", "45", "15")},
        *{(number, "100") for number in ("60", "40")},
        *{(number, "110") for number in ("70", "40")},
    }


def claims_of(text: str) -> list[Claim]:
    day = date(2026, 1, 20)
    return extract(parse(text, "a.txt", {"date": day, "place": "清河市", "title": "材料"}))[0]


def listed(text: str) -> dict[str, set[str]]:
    """The printed parts of each total that rows of tables make up."""
    by_id = {claim.id: claim for claim in claims_of(text)}
    found: dict[str, set[str]] = {}
    for claim in by_id.values():
        if claim.part_of and claim.listing:
            found.setdefault(by_id[claim.part_of].number, set()).add(claim.number)
    return found


ONE_COLUMN = """2025年清河市一般公共预算支出执行表
单位：万元
| 项目 | 2025年执行数 |
|---|---|
{rows}
"""


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        # 41,276 + 18,345 + 30,128 = 89,749
        (
            ("一、教育支出 41,276", "二、科技支出 18,345", "三、农林水支出 30,128", "支出合计 87,949"),
            {"87,949": {"41,276", "18,345", "30,128"}},
        ),
        (
            ("一、教育支出 412,276", "二、科技支出 18,345", "三、农林水支出 30,128", "支出合计 89,749"),
            {"89,749": {"412,276", "18,345", "30,128"}},
        ),
        # No one slip makes up for what is missing.
        (("一、教育支出 41,276", "二、科技支出 18,345", "三、农林水支出 30,128", "支出合计 93,562"), {}),
        # A round part may stand overleaf.
        (("一、总支出 10,289,749", "（一）教育支出 41,276", "（二）科技支出 18,345", "（三）农林水支出 230,128"), {}),
    ],
)
def test_rows_that_would_add_up_but_for_a_slip(rows: tuple[str, ...], found: dict[str, set[str]]) -> None:
    table = "\n".join("| " + row.replace(" ", " | ") + " |" for row in rows)
    assert listed(ONE_COLUMN.format(rows=table)) == found


def test_rows_of_another_table_bear_out_what_a_total_holds() -> None:
    rows = "| 收入合计 | {} |\n| 一、税收收入 | {} |\n| 二、非税收入 | {} |"
    tables = [ONE_COLUMN.format(rows=rows.format(*row)) for row in ((160, 110, 50), (185, 120, 65), (212, 140, 37))]
    assert listed("\n".join(tables)) == {"160": {"110", "50"}, "185": {"120", "65"}, "212": {"140", "37"}}


def test_each_half_of_a_table_has_its_own_labels() -> None:
    text = """2025年清河市一般公共预算收支表
单位：万元
| 收入项目 | 2024年 | 2025年 | 支出项目 | 2024年 | 2025年 |
|---|---|---|---|---|---|
| 一、税收收入 | 100 | 110 | 一、教育支出 | 61 | 64 |
| 二、非税收入 | 50 | 45 | 二、科技支出 | 37 | 39 |
| 三、其他收入 | 10 | 15 | 三、农林水支出 | 42 | 47 |
| 收入合计 | 160 | 170 | 支出合计 | 140 | 150 |
"""
    assert listed(text) == {
        "160": {"100", "50", "10"},
        "170": {"110", "45", "15"},
        "140": {"61", "37", "42"},
        "150": {"64", "39", "47"},
    }


def test_growth_is_between_the_columns_that_bear_it_out() -> None:
    text = """2025年清河市一般公共预算收入执行表
单位：万元
| 项目 | 2024年决算数 | 2025年预算数 | 2025年执行数 | 增长% |
|---|---|---|---|---|
| 增值税 | 4120 | 4300 | 4373 | 6.14 |
| 契税 | 2265 | 2350 | 2481 | 9.54 |
| 车船税 | 6338 | 6400 | 6117 | -3.49 |
| 印花税 | 1804 | 1850 | 1877 | 4.05 |
| 房产税 | 3150 | 3200 | 3018 | -4.19 |
| 烟叶税 | 5217 | 5300 | 542 | 3.97 |
"""
    claims = claims_of(text)
    by_id = {claim.id: claim.number for claim in claims}
    between = {c.number: (by_id[c.part_of], by_id[c.subject]) for c in claims if c.part_of and c.subject}
    assert between["6.14"] == ("4120", "4373")
    assert between["3.97"] == ("5217", "542")
    assert len(between) == 6


ORIGINALS = os.environ.get("CHECKER_ORIGINALS")


@pytest.mark.skipif(not ORIGINALS, reason="CHECKER_ORIGINALS names no folder with the reports that cells.jsonl is of")
def test_cells_of_real_reports() -> None:
    from benchmarks.cells import score

    right, of = score(Path(ORIGINALS or ""), HERE / "cells.jsonl")
    assert right / of >= 0.93


def test_labelled_cells_are_whole() -> None:
    keys = {
        "file",
        "number",
        "row",
        "value",
        "unit",
        "metric",
        "metric_accept",
        "attribute",
        "period",
        "place",
        "modality",
    }
    rows = [json.loads(line) for line in (HERE / "cells.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [row for row in rows if set(row) != keys] == []
    assert len(rows) == 200


@pytest.mark.parametrize(
    ("path", "name", "modality"),
    [
        (("2021年债务余额（决算数）", "一般债务"), "一般债务余额", "actual"),
        (("2021年债务限额", "专项债务"), "专项债务限额", ""),
        (("2021年债务限额", "合计"), "债务限额", ""),
        (("一般性转移支付", "小计"), "一般性转移支付", ""),
        (("2021年（预算数）", "合计"), "", "target"),
    ],
)
def test_a_kind_below_the_name_of_a_group(path: tuple[str, ...], name: str, modality: str) -> None:
    head = path_head(path, (), zh())
    assert (head.name, head.modality) == (name, modality)


def _whole_of(text: str) -> dict[str, str]:
    """For each figure of a table that is a part the figure that it is a part of."""
    claims, _ = extract(parse(text, "a.txt", {"date": date(2026, 1, 20), "place": "清河市"}))
    numbers = {claim.id: claim.number for claim in claims}
    return {claim.number: numbers[claim.links.part_of] for claim in claims if claim.links.part_of}


TRANSFERS = """2025年清河市政府性基金支出执行表
单位：万元
| 项目 | 2024年决算数 | 2025年预算数 | 2025年执行数 |
|---|---|---|---|
| 转移性支出 | 17829 | 23868 | {whole} |
| 上解支出 | 200 | | 222 |
| 调出资金 | | 13000 | 20000 |
| 结转支出 | 17629 | 10868 | 17653 |
| 专户结存 | 3100 | 4200 | 5300 |
"""


def test_rows_without_a_number_are_parts_where_columns_say_so() -> None:
    whole = _whole_of(TRANSFERS.format(whole="37875"))
    assert whole == dict.fromkeys(("200", "17629"), "17829") | dict.fromkeys(("13000", "10868"), "23868") | {
        "222": "37875",
        "20000": "37875",
        "17653": "37875",
    }


def test_a_column_that_does_not_add_up_is_worth_a_look_where_more_do() -> None:
    assert _whole_of(TRANSFERS.format(whole="38975"))["20000"] == "38975"


def test_a_column_of_other_things_adds_nothing_up() -> None:
    rows = [("东城", 8120, 3000, 5120, 900), ("西城", 7450, 4200, 3250, 800), ("南城", 9310, 5210, 4100, 700)]
    head = "2025年清河市债务情况表\n单位：万元\n| 项目 | 限额一 | 限额二 | 余额一 |\n|---|---|---|---|\n"
    text = head + "".join(
        f"| {name} | {whole} | {whole} | {own} |\n| {name}甲 | {a} | {a} | {a} |\n| {name}乙 | {b} | {b} | {b} |\n"
        for name, whole, a, b, own in rows
    )
    assert not {"900", "800", "700"} & set(_whole_of(text).values())


def test_what_is_left_of_what_comes_in_is_no_part_where_it_falls_short() -> None:
    text = """2025年清河公司现金流量表
单位：万元
| 项目 | 2023年 | 2024年 | 2025年 |
|---|---|---|---|
| 经营活动现金流入 | 76597 | 59349 | 18307 |
| 经营活动现金流出 | 70361 | 50775 | 20008 |
| 经营活动现金流量净额 | 6236 | 8574 | -1701 |
| 投资活动现金流入 | 4300 | 5100 | 2200 |
"""
    assert "20008" not in _whole_of(text)

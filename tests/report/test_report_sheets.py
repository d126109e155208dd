from __future__ import annotations

import csv
from dataclasses import replace
from decimal import Decimal
from io import BytesIO, StringIO

import openpyxl  # type: ignore[import-untyped]
import pytest

from checker.errors import BadSetting
from checker.model import Audit, changed
from checker.report import write, xlsx
from checker.report.csv import cell


def _csv(audit: Audit, lang: str = "zh") -> list[dict[str, str]]:
    data = write(audit, "csv", lang)
    assert isinstance(data, bytes) and data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(StringIO(data.decode("utf-8-sig"), newline="")))


def test_csv_has_a_row_for_each_finding_and_claim(audit: Audit) -> None:
    rows = _csv(audit)
    assert [(row["规则"], row["一方"], row["原文数字"]) for row in rows] == [
        ("same-figure", "A", "398亿元"),
        ("same-figure", "B", "412.6亿元"),
        ("same-figure", "C", "410亿元"),
        ("multiple-of-base-year", "A", "398亿元"),
        ("multiple-of-base-year", "B", "1.64倍"),
        ("multiple-of-base-year", "C", "251.2亿元"),
        ("same-figure", "A", "7.1%"),
        ("same-figure", "B", "6.9%"),
    ]
    assert rows[0]["数值"] == "39800000000"
    assert rows[0]["时期"] == "2020年"


def test_csv_says_what_would_agree(audit: Audit) -> None:
    assert [row["推测"] for row in _csv(audit)][2:4] == [
        "",
        "A的398亿元若为39.8亿元，即相符（小数点移动一位）; B的1.64倍若为1.␛84倍，即相符（一位数字不同）",
    ]


def test_csv_says_why_a_finding_is_suppressed(suppressed: Audit) -> None:
    said = {row["规则"] + row["级别"]: row["已屏蔽"] for row in _csv(suppressed)}
    assert said["multiple-of-base-year待核对"].startswith("复核结论：已核：")
    assert said["same-figure不一致"] == said["same-figure提示"] == ""


@pytest.mark.parametrize("text", ["=1+1", "+1+1", "-cmd", "@SUM(A1)", "\tx", "\r=1"])
def test_csv_runs_no_formula(text: str) -> None:
    assert cell(text) == "'" + text


@pytest.mark.parametrize("text", ["-12.5", "+3", "12", "a=b", "—"])
def test_csv_leaves_numbers_and_words_alone(text: str) -> None:
    assert cell(text) == text


def test_csv_cells_of_a_hostile_document(audit: Audit) -> None:
    hostile = _csv(audit)[2]
    assert hostile["原句"].startswith("'=cmd()")
    assert "\x1b" not in str(hostile)
    assert cell(Decimal("-0.50")) == "-0.5"


def _book(audit: Audit) -> openpyxl.Workbook:
    data = write(audit, "xlsx", "zh")
    assert isinstance(data, bytes)
    return openpyxl.load_workbook(BytesIO(data))


def test_xlsx_reads_back(audit: Audit) -> None:
    book = _book(audit)
    assert book.sheetnames == ["发现", "数字", "未采用的数字", "文档"]
    assert [sheet.max_row for sheet in book] == [9, 15, 4, 5]
    head = [found.value for found in book["数字"][1]]
    values = [row[head.index("数值")].value for row in book["数字"].iter_rows(min_row=2)]
    assert values == [float(claim.value) for claim in audit.claims]


def test_tables_say_where_a_figure_stands(placed: Audit) -> None:
    """The line is left out where it would count those of a text that was made of the file."""
    names = ["行", "页", "页内行", "表", "行标题", "列标题", "工作表", "单元格"]
    places = [[row[name] for name in names] for row in _csv(placed)[:3]]
    assert places == [
        ["", "2", "3", "", "", "", "", ""],
        ["7", "", "", "3", "一般公共预算收入（含上级补助收入和调入资金）", "执行数", "", ""],
        ["", "", "", "1", "总量", "2020年", "2020年 'A'␛", "C14"],
    ]
    (head, row) = ([cell.value for cell in cells] for cells in _book(placed)["未采用的数字"].iter_rows())
    shown = dict(zip(head, row, strict=True))
    assert [shown[name] for name in (*names, "列")] == [None, None, None, None, "", "", "Sheet1", "B2", None]


def test_xlsx_headers_are_frozen_and_filtered(audit: Audit) -> None:
    for sheet in _book(audit):
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref.startswith("A1:")
        head = [found.value for found in sheet[1]]
        assert len(set(head)) == len(head), sheet.title


def test_xlsx_holds_no_formula_and_no_link(audit: Audit) -> None:
    evil = replace(audit.documents[0], title="https://example.org", note="=1+1")
    book = _book(replace(audit, documents=(evil, *audit.documents[1:])))
    for sheet in book:
        for row in sheet.iter_rows():
            for found in row:
                assert found.data_type in ("s", "n"), (sheet.title, found.coordinate)
                assert found.hyperlink is None
    assert book["未采用的数字"]["K4"].value == "=1+1"


def test_xlsx_keeps_digits_that_a_float_would_lose(audit: Audit) -> None:
    claim = changed(audit.claims[0], value=Decimal("12345678901234567.25"))
    book = _book(replace(audit, claims=(claim, *audit.claims[1:])))
    head = [found.value for found in book["数字"][1]]
    assert book["数字"].cell(2, head.index("数值") + 1).value == "12345678901234567.25"


def test_xlsx_says_when_a_sheet_is_too_small(audit: Audit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "_MOST_ROWS", 5)
    with pytest.raises(BadSetting, match="csv or json"):
        write(audit, "xlsx")

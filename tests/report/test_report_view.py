"""Where a number stands, in the words of both languages and by what its file has."""

from __future__ import annotations

from dataclasses import replace

import pytest
from xlsxwriter.utility import quote_sheetname  # type: ignore[import-untyped]

from checker.model import Anchor, Audit, Document, Explanation, OffsetMap, Rejected, changed
from checker.report.plain import passage
from checker.report.view import confidence, explained, located, verdict, where

ROW, HEAD = "一般公共预算收入", "执行数"


def _document(format: str) -> Document:
    return Document("a.bin", "", "", OffsetMap((), ()), format=format)


def _number(anchor: Anchor) -> Rejected:
    return Rejected("a.bin", 12, 1, 0, 1, "1", "name", "", anchor)


@pytest.mark.parametrize(
    ("format", "anchor", "zh", "en"),
    [
        ("text", Anchor(), "第12行", "line 12"),
        ("markdown", Anchor(page=2, page_line=3), "第12行", "line 12"),
        (
            "text",
            Anchor(table=3, row=ROW, head=HEAD),
            "第12行，表3“一般公共预算收入”行“执行数”列",
            "line 12, table 3, row “一般公共预算收入”, column “执行数”",
        ),
        ("docx", Anchor(), "第12行", "line 12"),
        ("docx", Anchor(table=3, head=HEAD), "表3“执行数”列", "table 3, column “执行数”"),
        ("docx", Anchor(table=3, row=ROW), "表3“一般公共预算收入”行", "table 3, row “一般公共预算收入”"),
        ("html", Anchor(table=3, row="收\n入" * 9), "表3“收 入收 入收 入收 入收 入收 入收…”行", None),
        ("pdf", Anchor(page=12, page_line=3), "第12页第3行", "page 12, line 3"),
        (
            "pdf",
            Anchor(page=12, page_line=3, table=3, row=ROW, head=HEAD),
            "第12页，表3“一般公共预算收入”行“执行数”列",
            "page 12, table 3, row “一般公共预算收入”, column “执行数”",
        ),
        ("xlsx", Anchor(table=1, row=ROW, head=HEAD, sheet="Sheet1", cell="C14"), "Sheet1!C14", "Sheet1!C14"),
        ("csv", Anchor(table=1, row=ROW, head=HEAD, cell="C14"), "C14", "C14"),
    ],
)
def test_a_place_is_said_by_what_the_file_has(format: str, anchor: Anchor, zh: str, en: str | None) -> None:
    number, document = _number(anchor), _document(format)
    assert where(number, document, "zh") == zh
    assert where(number, document, "en") == (en or where(number, document, "en"))


@pytest.mark.parametrize(
    "name",
    ["Sheet1", "收支表", "收支 表", "2020年", "FY2020", "XFD1", "R1C1", "RC", "r", "R2D2", "Rate", "C3PO", "Cost",
     "a.b", ".a", "it's", "收支（一）", "A-B", "ABCD1", "_x", "Total!"],
)  # fmt: skip
def test_sheets_are_quoted_as_excel_does(name: str) -> None:
    cell = Anchor(table=1, sheet=name, cell="C14")
    assert where(_number(cell), _document("xlsx"), "zh") == f"{quote_sheetname(name)}!C14"


def test_without_its_document_a_place_has_a_line_only_if_it_has_nothing_else() -> None:
    assert where(_number(Anchor()), None, "zh") == "第12行"
    assert where(_number(Anchor(table=3)), None, "zh") == "表3"


def test_a_file_with_lines_is_named_with_one() -> None:
    table = _number(Anchor(table=3))
    assert located(table, _document("text"), "en") == "a.bin:12 · table 3"
    assert located(table, _document("docx"), "en") == "a.bin · table 3"
    assert located(_number(Anchor()), _document("docx"), "en") == "a.bin · line 12"


def test_cells_of_a_row_are_parted(audit: Audit) -> None:
    row = changed(audit.claims[0], sentence="收入|30.5|31.07", text="31.07", anchor=Anchor(table=1))
    assert "".join(passage(row, None)) == "收入 | 30.5 | 31.07"


REVISED = {"zh": "数据后来有修订", "en": "the figure has been revised since"}
MISSING = Explanation("revision", REVISED, False)
STATED, FITS = replace(MISSING, found=True, text="经核实"), replace(MISSING, found=True)
POSSIBLE = replace(FITS, possible=True)


@pytest.mark.parametrize(
    ("explanation", "zh", "en"),
    [
        (STATED, "文中说明：数据后来有修订", "Stated: the figure has been revised since"),
        (FITS, "可以看出：数据后来有修订", "Evident: the figure has been revised since"),
        (POSSIBLE, "可能：数据后来有修订", "Possibly: the figure has been revised since"),
        (replace(STATED, possible=True), "可能：数据后来有修订", "Possibly: the figure has been revised since"),
        (MISSING, "未见：数据后来有修订", "Not found: the figure has been revised since"),
    ],
)
def test_what_is_only_possible_is_not_said_to_be_found(explanation: Explanation, zh: str, en: str) -> None:
    assert (explained(explanation, "zh"), explained(explanation, "en")) == (zh, en)


@pytest.mark.parametrize(
    ("explanations", "zh"),
    [
        ((STATED, POSSIBLE), "有解释"),
        ((FITS,), "有解释"),
        ((POSSIBLE, MISSING), "文中未明说，有可能的解释"),
        ((MISSING,), "此类差异属正常情况"),
    ],
)
def test_a_verdict_is_as_sure_as_its_explanations(audit: Audit, explanations: tuple[Explanation, ...], zh: str) -> None:
    finding = next(finding for finding in audit.findings if finding.verdict == "explained")
    assert verdict(replace(finding, explanations=explanations), "zh") == zh


def test_confidence_says_what_speaks_for_and_against(audit: Audit) -> None:
    finding = next(finding for finding in audit.findings if finding.marks)
    assert confidence(finding, "zh") == "71%（支持：相差很小，但超出舍入。存疑：时期承前文）"
    against = replace(finding, marks=finding.marks[1:])
    assert confidence(against, "en") == "71% (Against: its period comes from the words before)"

"""Reports held against reference tables: a table is a document, whatever its shape."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from checker import check_against

Rows = Sequence[Sequence[Any]]
Run = Callable[..., Any]
REPORT = (
    "---\ntitle: 洛阳市2021年政府工作报告\ndate: 2021-02-01\nplace: 洛阳市\n---\n"
    "2020年，全市地区生产总值{gdp}亿元，年末常住人口{people}万人，一般公共预算收入58.9亿元。\n"
)


def workbook(path: Path, **sheets: Rows) -> Path:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    return path


def table(path: Path, rows: Rows) -> Path:
    path.write_text("".join(",".join(map(str, row)) + "\n" for row in rows), encoding="utf-8")
    return path


def page(path: Path, title: str, rows: Rows) -> Path:
    cells = ("".join(f"<td>{cell}</td>" for cell in row) for row in rows)
    body = "".join(f"<tr>{row}</tr>" for row in cells)
    html = f"<html><head><title>{title}</title></head><body><h1>{title}</h1><table>{body}</table></body></html>"
    path.write_text(html, encoding="utf-8")
    return path


YEARS_ACROSS = [
    ["指标", "单位", "2019年", "2020年", "2021年"],
    ["地区生产总值", "亿元", 712.4, 760, 801.2],
    ["年末常住人口", "万人", 98.2, 98.7, 99.1],
    ["一般公共预算收入", "亿元", 61.3, 58.9, 63.5],
]
BARE_YEARS = [
    ["指标", 2019, 2020, 2021],
    ["地区生产总值（亿元）", 712.4, 760, 801.2],
    ["常住人口（万人）", 98.2, 98.7, 99.1],
]
YEARS_DOWN = [["年份", "地区生产总值（亿元）", "常住人口（万人）"], [2019, 712.4, 98.2], [2020, 760, 98.7]]
LONG = [
    ["地区", "年份", "指标", "数值", "单位"],
    ["嵩县", 2020, "地区生产总值", 188.6, "亿元"],
    ["洛阳市", 2019, "地区生产总值", 712.4, "亿元"],
    ["洛阳市", 2020, "地区生产总值", 760, "亿元"],
    ["洛阳市", 2020, "常住人口", 98.7, "万人"],
    ["栾川县", 2020, "地区生产总值", 231.5, "亿元"],
]
PLACES_DOWN = [
    ["地区", "地区生产总值（亿元）", "常住人口（万人）", "一般公共预算收入（亿元）"],
    ["洛阳市", 760, 98.7, 58.9],
    ["嵩县", 188.6, 21.3, 4.1],
]
PLACES_ACROSS = [
    ["指标", "单位", "洛阳市", "嵩县"],
    ["地区生产总值", "亿元", 760, 188.6],
    ["常住人口", "万人", 98.7, 21.3],
]

# Each with the cell that holds the figure.
SHAPES: dict[str, tuple[str, Callable[[Path], Path]]] = {
    "years across": ("综合!D2", lambda at: workbook(at / "年鉴.xlsx", 综合=YEARS_ACROSS)),
    "a title above": ("综合!D3", lambda at: workbook(at / "a.xlsx", 综合=[["洛阳市主要经济指标"], *YEARS_ACROSS])),
    "bare years across": ("Sheet1!C2", lambda at: workbook(at / "a.xlsx", Sheet1=BARE_YEARS)),
    "years down": ("历年!B3", lambda at: workbook(at / "a.xlsx", 历年=YEARS_DOWN)),
    "a row a figure": ("D4", lambda at: table(at / "a.csv", LONG)),
    "a row a figure, unit in the head": (
        "s!C2", lambda at: workbook(at / "a.xlsx", s=[["指标", "年份", "数值（亿元）"], ["地区生产总值", 2020, 760]])
    ),
    "places down": (
        "s!B3", lambda at: workbook(at / "a.xlsx", s=[["2020年各县市主要指标"], *PLACES_DOWN])
    ),
    "places down, the year is the sheet": ("'2020'!B2", lambda at: workbook(at / "a.xlsx", **{"2020": PLACES_DOWN})),
    "places down, the year is in the name": ("B2", lambda at: table(at / "2020年各县市指标.csv", PLACES_DOWN)),
    "places across": (
        "'2020年'!C2", lambda at: workbook(at / "a.xlsx", **{"2020年": PLACES_ACROSS})
    ),
    "a note of the unit, the place is in the name": (
        "'1-1'!B3",
        lambda at: workbook(
            at / "洛阳市统计年鉴2021.xlsx",
            **{"1-1": [["单位：亿元"], ["指标", "2020年", "2019年"], ["地区生产总值", 760, 712.4]]},
        ),
    ),
    "one figure": ("B2", lambda at: table(at / "a.csv", [["指标", 2020], ["地区生产总值(亿元)", 760]])),
    "in another unit": ("B2", lambda at: table(at / "a.csv", [["指标", "2020年"], ["地区生产总值（万元）", 7600000]])),
    "a web page": ("", lambda at: page(at / "a.html", "洛阳市主要年份指标", YEARS_ACROSS)),
    "a folder": ("Sheet1!C2", lambda at: workbook(at / "a.xlsx", Sheet1=BARE_YEARS).parent),
}  # fmt: skip


@pytest.fixture
def report(tmp_path: Path) -> Callable[..., Path]:
    def write(gdp: str = "773", people: str = "98.7") -> Path:
        path = tmp_path / "report.md"
        path.write_text(REPORT.format(gdp=gdp, people=people), encoding="utf-8")
        return path

    return write


@pytest.fixture
def beside(tmp_path: Path) -> Path:
    (tmp_path / "reference").mkdir()
    return tmp_path / "reference"


@pytest.mark.parametrize(("cell", "make"), SHAPES.values(), ids=SHAPES)
def test_a_figure_that_a_table_states_otherwise_is_found(
    report: Callable[..., Path], beside: Path, cell: str, make: Callable[[Path], Path]
) -> None:
    result = check_against(make(beside), [report()])
    (finding,) = (finding for finding in result.findings if finding.level in ("error", "warning"))
    claims = {claim.id: claim for claim in result.claims}
    ours, theirs = sorted((claims[id] for id in finding.claims), key=lambda claim: claim.document == "report.md")
    ours, theirs = (ours, theirs) if "report.md" in ours.document else (theirs, ours)
    assert (finding.rule, ours.text) == ("same-fact", "773亿元")
    assert theirs.value == 76_000_000_000
    if cell:
        assert f"{theirs.anchor.sheet}!{theirs.anchor.cell}".removeprefix("!") == cell.replace("'", "")


@pytest.mark.parametrize(("cell", "make"), SHAPES.values(), ids=SHAPES)
def test_figures_that_a_table_bears_out_are_not(
    report: Callable[..., Path], beside: Path, cell: str, make: Callable[[Path], Path]
) -> None:
    assert not check_against(make(beside), [report("760.0")]).findings


def test_figures_are_compared_as_far_as_they_are_printed(report: Callable[..., Path], beside: Path) -> None:
    book = workbook(beside / "a.xlsx", Sheet1=BARE_YEARS)
    assert not check_against(book, [report("760.04", "98.72")]).findings
    assert check_against(book, [report("761.2", "98.72")]).findings


def test_the_report_names_the_cell(checker: Run, report: Callable[..., Path], beside: Path) -> None:
    book = workbook(beside / "年鉴.xlsx", 综合=YEARS_ACROSS)
    shown = checker("check", report(), "--against", book, "--fail-on", "warning")
    assert shown.exit_code == 1
    assert "综合!D2" in shown.stdout
    assert sorted(path.name for path in beside.iterdir()) == ["年鉴.xlsx"]


def test_a_figure_of_another_place_is_not_compared(report: Callable[..., Path], beside: Path) -> None:
    rows = [row for row in LONG if "洛阳市" not in row]
    assert not check_against(table(beside / "a.csv", rows), [report()]).findings


def test_a_table_of_no_place_is_of_none_where_reports_are_of_two(report: Callable[..., Path], beside: Path) -> None:
    """Whose figures it holds cannot be told then, and a manifest says so."""
    reference = table(beside / "a.csv", BARE_YEARS)
    first, other = report(), beside / "other.md"
    other.write_text(REPORT.format(gdp=731, people=98.7).replace("洛阳市", "焦作市"), encoding="utf-8")
    assert not [one for one in check_against(reference, [first, other]).findings if one.level == "error"]
    listed = beside / "list.yaml"
    listed.write_text("documents:\n  a.csv: {place: 洛阳市}\n", encoding="utf-8")
    found = check_against(reference, [first, other], listed).findings
    assert [finding.place for finding in found if finding.level in ("error", "warning")] == ["洛阳市"]


def test_what_is_neither_collection_nor_document_is_named(checker: Run, report: Callable[..., Path]) -> None:
    missing = checker("check", report(), "--against", "no-such.xlsx")
    assert missing.exit_code == 2 and "no-such.xlsx" in missing.stderr

"""Spreadsheets as passages and grids. XLSX are made here with openpyxl or of XML, XLS with xlwt, ODS of XML."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from checker.read.content import Content, Grid, GridCell, Passage
from checker.read.formats import csv, display, format_of, numerals, ods, sheets, xls, xlsx

Rows = list[list[Any]]


def xlsx_of(rows: Rows, more: Callable[[Any], None] = lambda sheet: None, name: str = "表") -> bytes:
    """An XLSX with one sheet; a pair in a cell is a number and its format."""
    from openpyxl import Workbook

    book = Workbook()
    sheet: Any = book.active
    sheet.title = name
    for r, row in enumerate(rows, 1):
        for c, value in enumerate(row, 1):
            cell = sheet.cell(r, c)
            if isinstance(value, tuple):
                cell.value, cell.number_format = value
            elif value is not None:
                cell.value = value
    more(sheet)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def xml_of(rows: str, before: str = "", after: str = "", styles: str = "", shared: str = "", book: str = "") -> bytes:
    """An XLSX whose sheet is this XML."""
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    related = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook {space} xmlns:r="{related}">{book}<sheets><sheet name="表" r:id="rId1"/></sheets></workbook>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships><Relationship Id="rId1" Type="{related}/worksheet" Target="/xl/worksheets/s.xml"/>'
            "</Relationships>",
        )
        archive.writestr("xl/styles.xml", f"<styleSheet {space}>{styles}</styleSheet>")
        archive.writestr("xl/sharedStrings.xml", f"<sst {space}>{shared}</sst>")
        archive.writestr(
            "xl/worksheets/s.xml", f"<worksheet {space}>{before}<sheetData>{rows}</sheetData>{after}</worksheet>"
        )
    return file.getvalue()


def shown(content: Content) -> list[Any]:
    """Passages as texts; grids as rows of texts with None where there is none, merged cells at their first place."""
    return [block.text if isinstance(block, Passage) else _rows(block) for block in content.blocks]


def _rows(grid: Grid) -> Rows:
    height = max(cell.row for cell in grid.cells) + 1
    width = max(cell.column for cell in grid.cells) + 1
    rows: Rows = [[None] * width for _ in range(height)]
    for cell in grid.cells:
        rows[cell.row][cell.column] = cell.text
    return rows


# ---- numbers as displayed

GENERAL = {
    "773": "773",
    "0.30000000000000004": "0.3",
    "5.6799999999999997": "5.68",
    "0.33333333333333331": "0.333333333",
    "33.333333333333336": "33.33333333",
    "1234567.891234": "1234567.891",
    "-1234567.891234": "-1234567.891",
    "12345678901": "12345678901",
    "123456789012": "1.23457E+11",
    "99999999999.9": "1E+11",
    "0.00001": "0.00001",
    "0.000012345678": "1.23457E-05",
    "0.0001234567891234": "0.000123457",
    "1E+20": "1E+20",
    "0": "0",
    "-0.5": "-0.5",
    "1.0": "1",
    "nonsense": "nonsense",
}
ACCOUNTING = '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ '
SHOWN = [
    ("1.005", "0.00", "1.01"),
    ("2.675", "0.00", "2.68"),
    ("1234.5", "#,##0.0", "1,234.5"),
    ("1234567", "#,##0", "1,234,567"),
    ("0.1234", "0.0%", "12.3%"),
    ("1", "0.00%", "100.00%"),
    ("-1234.5", "0.00_);(0.00)", "(1234.50)"),
    ("1234.5", "0.00_);(0.00)", "1234.50"),
    ("-1234.5", "#,##0.00_);[Red](#,##0.00)", "(1,234.50)"),
    ("-7.5", "0.00;[Red]0.00", "7.50"),
    ("0", ACCOUNTING, "-"),
    ("1234.5", ACCOUNTING, "1,234.50"),
    ("-1234.5", ACCOUNTING, "-1,234.50"),
    ("12", '_ "¥"* #,##0.00_ ', "¥ 12.00"),
    ("12", "[$¥-804]#,##0.00", "¥12.00"),
    ("-12", "¥0", "-¥12"),
    ("773000", "#,##0,", "773"),
    ("1234567890", "#,##0.00,,", "1,234.57"),
    ("12345678", '0!.0,"万"', "1234.6万"),
    ("12345678", r"0\.0000", "1234.5678"),
    ("1234.5", '#,##0.00"万元"', "1,234.50万元"),
    ("0", "0.0;-0.0;;@", ""),
    ("5", ";;;", ""),
    ("0.5", "#.##", ".5"),
    ("0", "#,###", ""),
    ("123", "000000", "000123"),
    ("20240131", r"0000\-00\-00", "2024-01-31"),
    ("250", '[>=100]0.0"高";[<0]-0.0;0.00', "250.0高"),
    ("5", "[>=100]0.0;[<0]-0.0;0.00", "5.00"),
    ("1", '"上升"0.0"%";"下降"0.0"%"', "上升1.0%"),
    ("-1.24", '"上升"0.0"%";"下降"0.0"%"', "下降1.2%"),
    ("0.000123", "0.00E+00", "1.23E-04"),
    ("12345.678", "##0.0E+0", "12.3E+3"),
    ("2.5", "# ?/?", "2 1/2"),
    ("0.3125", "# ??/16", "5/16"),
    ("105", "[DBNum1]0", "一〇五"),
    ("105", "[DBNum1]General", "一百零五"),
    ("123", '[DBNum2]G/通用格式"元"', "壹佰贰拾叁元"),
    ("5", "", "5"),
    ("5", "[Red]", "5"),
    ("5", "@", "5"),
    ("44197", "yyyy/m/d", "2021/1/1"),
    ("44197", "yyyy-mm-dd;@", "2021-01-01"),
    ("44197", 'yyyy"年"m"月"d"日"', "2021年1月1日"),
    ("44197", '[DBNum1][$-804]yyyy"年"m"月"d"日"', "二〇二一年一月一日"),
    ("44197", r"[$-F800]dddd\,\ mmmm\ dd\,\ yyyy", "2021年1月1日"),
    ("44197", "mmm-yy", "Jan-21"),
    ("44197", "aaaa", "星期五"),
    ("44197.75", '上午/下午h"时"mm"分"', "下午6时00分"),
    ("44197.5", "m/d/yy h:mm AM/PM", "1/1/21 12:00 PM"),
    ("44197.999999", "h:mm:ss", "0:00:00"),
    ("0.00069", "mm:ss.0", "00:59.6"),
    ("1.5", "[h]:mm:ss", "36:00:00"),
    ("60", "yyyy/m/d", "1900/2/29"),
    ("1", "yyyy/m/d", "1900/1/1"),
    ("-1", "yyyy/m/d", "-1"),
    ("1e300", "0.00", "1e300"),
    ("5", "0" * 5000, "0" * 999 + "5"),
]


@pytest.mark.parametrize("raw", GENERAL)
def test_a_number_without_a_format_is_shown_in_eleven_characters(raw: str) -> None:
    assert display.number(raw, "General") == GENERAL[raw]


@pytest.mark.parametrize(("raw", "code", "expected"), SHOWN)
def test_a_number_is_shown_by_its_format(raw: str, code: str, expected: str) -> None:
    assert display.number(raw, code) == expected


def test_days_may_be_counted_from_1904() -> None:
    assert display.number("0", "yyyy/m/d", epoch_1904=True) == "1904/1/1"


def test_a_text_has_a_format_too() -> None:
    assert [display.text("甲", code) for code in ("General", "@", '"约"@', "0.00", '0;0;0;"无"')] == [
        "甲", "甲", "约甲", "甲", "无",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("number", "plain", "formal"),
    [
        (0, "〇", "零"),
        (10, "十", "壹拾"),
        (21, "二十一", "贰拾壹"),
        (105, "一百零五", "壹佰零伍"),
        (110, "一百一十", "壹佰壹拾"),
        (10003, "一万零三", "壹万零叁"),
        (100010, "十万零一十", "壹拾万零壹拾"),
        (200000000, "二亿", "贰亿"),
        (10**13, "10000000000000", "10000000000000"),
    ],
)
def test_numbers_in_words(number: int, plain: str, formal: str) -> None:
    assert (numerals.chinese(number), numerals.chinese(number, "formal")) == (plain, formal)


# ---- what stands around and between tables

HEADS = ["指标", "2020年", "2019年"]
ROW = ["生产总值", "773", "760"]
LAYOUTS: dict[str, tuple[Rows, list[Any]]] = {
    "title and unit": (
        [["清河市主要指标"], [None, None, "单位：万元"], HEADS, ROW],
        ["清河市主要指标", "单位：万元", [HEADS, ROW]],
    ),
    "who made it, of when, in what unit": (
        [["编制单位：财政局", None, "单位：万元", None], [*HEADS, "备注"], [*ROW, "快报"]],
        ["编制单位：财政局", "单位：万元", [[*HEADS, "备注"], [*ROW, "快报"]]],
    ),
    "a head over the second column": (
        [[None, "2020年"], ["生产总值", "773"]],
        [[[None, "2020年"], ["生产总值", "773"]]],
    ),
    "two tables": (
        [HEADS, ROW, [], ["表二"], HEADS, ROW],
        [[HEADS, ROW], "表二", [HEADS, ROW]],
    ),
    "a blank row in a table": (
        [HEADS, ROW, [], ["工业", "1", "2"]],
        [[HEADS, ROW, [None] * 3, ["工业", "1", "2"]]],
    ),
    "a title apart from its table": ([["清河市"], [], HEADS, ROW], ["清河市", [HEADS, ROW]]),
    "a label apart in a table": (
        [HEADS, ROW, [], ["支出"], ["教育", "1", "2"]],
        [[HEADS, ROW, [None] * 3, ["支出", None, None], ["教育", "1", "2"]]],
    ),
    "notes below": (
        [HEADS, ROW, ["注：2020年为快报数。"], [], ["资料来源：统计局"]],
        [[HEADS, ROW], "注：2020年为快报数。", "资料来源：统计局"],
    ),
    "side by side": (
        [["收入", "数"], ["税收", "5", None, "支出", "数"], ["非税", "6", None, "教育", "7"]],
        [[["收入", "数"], ["税收", "5"], ["非税", "6"]], [["支出", "数"], ["教育", "7"]]],
    ),
    "a blank column in a table": (
        [["指标", "甲", None, "乙"], ["生产总值", "1", None, "2"]],
        [[["指标", "甲", None, "乙"], ["生产总值", "1", None, "2"]]],
    ),
    "texts alone": ([["说明"], [], ["一、口径"], ["二、来源"]], ["说明", "一、口径", "二、来源"]),
    "one column of figures": ([["合计"], ["5"]], ["合计", [["5"]]]),
    "nothing": ([[None], [" "]], []),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_sheet_is_tables_and_what_stands_around_them(name: str) -> None:
    rows, expected = LAYOUTS[name]
    assert shown(xlsx.read(xlsx_of(rows))) == expected


@pytest.mark.parametrize("name", LAYOUTS)
def test_csv_reads_as_the_same_sheet(name: str) -> None:
    rows, expected = LAYOUTS[name]
    text = "\n".join(",".join(value or "" for value in row) for row in rows)
    assert expected == [] or shown(csv.read(text.encode())) == expected


# ---- XLSX


def test_a_workbook() -> None:
    def more(sheet: Any) -> None:
        sheet.merge_cells("A1:C1")
        sheet.merge_cells("A2:A3")
        sheet.merge_cells("B2:C2")

    rows: Rows = [
        ["清河市主要指标"],
        ["指标", "2020年"],
        [None, "总量", "增速"],
        ["生产总值", (773.456, "#,##0.0"), (0.0612, "0.0%")],
        ["其中：工业", 0.1 + 0.2, True],
        ["日期", datetime(2021, 1, 20), (date(2021, 1, 20), 'yyyy"年"m"月"')],
    ]
    assert xlsx.read(xlsx_of(rows, more)) == Content(
        (
            Passage("清河市主要指标"),
            Grid(
                (
                    GridCell("指标", 0, 0, rows=2, ref="A2"),
                    GridCell("2020年", 0, 1, columns=2, ref="B2"),
                    GridCell("总量", 1, 1, ref="B3"),
                    GridCell("增速", 1, 2, ref="C3"),
                    GridCell("生产总值", 2, 0, ref="A4"),
                    GridCell("773.5", 2, 1, ref="B4"),
                    GridCell("6.1%", 2, 2, ref="C4"),
                    GridCell("其中：工业", 3, 0, ref="A5"),
                    GridCell("0.3", 3, 1, ref="B5"),
                    GridCell("TRUE", 3, 2, ref="C5"),
                    GridCell("日期", 4, 0, ref="A6"),
                    GridCell("2021-01-20 0:00:00", 4, 1, ref="B6"),
                    GridCell("2021年1月", 4, 2, ref="C6"),
                ),
                sheet="表",
            ),
        )
    )


def test_what_is_hidden_is_skipped_and_said() -> None:
    def more(sheet: Any) -> None:
        sheet.row_dimensions[2].hidden = True
        sheet.column_dimensions["A"].hidden = True
        sheet.merge_cells("A1:D1")
        for title, state in (("底稿", "hidden"), ("密", "veryHidden")):
            sheet.parent.create_sheet(title).sheet_state = state

    rows: Rows = [["标题"], ["旧", "旧", "1", "2"], ["x", "指标", "甲", "乙"], ["x", "生产总值", "1", "2"]]
    assert xlsx.read(xlsx_of(rows, more)) == Content(
        (
            Passage("标题"),
            Grid(
                (
                    GridCell("指标", 0, 0, ref="B3"),
                    GridCell("甲", 0, 1, ref="C3"),
                    GridCell("乙", 0, 2, ref="D3"),
                    GridCell("生产总值", 1, 0, ref="B4"),
                    GridCell("1", 1, 1, ref="C4"),
                    GridCell("2", 1, 2, ref="D4"),
                ),
                sheet="表",
            ),
        ),
        skipped=("6 cells in hidden rows or columns of sheet 表", "hidden sheet 底稿", "hidden sheet 密"),
    )


def test_a_hidden_row_parts_no_table_and_counts_in_no_merged_cell() -> None:
    def more(sheet: Any) -> None:
        sheet.row_dimensions[3].hidden = True
        sheet.merge_cells("A2:A4")

    rows: Rows = [HEADS, ["产业", "1", "2"], [None, "3", "4"], [None, "5", "6"], ROW]
    (grid,) = xlsx.read(xlsx_of(rows, more)).blocks
    assert isinstance(grid, Grid)
    assert [cell for cell in grid.cells if cell.column == 0] == [
        GridCell("指标", 0, 0, ref="A1"),
        GridCell("产业", 1, 0, rows=2, ref="A2"),
        GridCell("生产总值", 3, 0, ref="A5"),
    ]


def test_a_formula_shows_what_was_last_computed() -> None:
    rows = "<row><c><f>1+1</f><v>2</v></c><c><f>1+1</f></c>"
    rows += '<c t="str"><f>A1</f><v>甲</v></c><c t="e"><f>1/0</f><v>#DIV/0!</v></c></row>'
    assert xlsx.read(xml_of(rows)) == Content(
        (
            Grid(
                (GridCell("2", 0, 0, ref="A1"), GridCell("甲", 0, 2, ref="C1"), GridCell("#DIV/0!", 0, 3, ref="D1")),
                sheet="表",
            ),
        ),
        skipped=("1 formula of sheet 表 without a computed value",),
    )


def test_texts_come_in_runs_and_with_escapes() -> None:
    shared = "<si><r><t>生产</t></r><r><t>总值</t></r><rPh><t>shēng</t></rPh></si><si><t>甲_x000D_\n乙</t></si>"
    rows = (
        '<row r="3"><c r="B3" t="s"><v>0</v></c><c r="C3" t="s"><v>1</v></c>'
        '<c r="E3" t="inlineStr"><is><t>丙</t></is></c><c r="F3"><v>1</v></c></row>'
    )
    assert xlsx.read(xml_of(rows, shared=shared)).blocks == (
        Grid(
            (
                GridCell("生产总值", 0, 0, ref="B3"),
                GridCell("甲\n乙", 0, 1, ref="C3"),
                GridCell("丙", 0, 3, ref="E3"),
                GridCell("1", 0, 4, ref="F3"),
            ),
            sheet="表",
        ),
    )


def test_built_in_formats_and_the_days_of_1904() -> None:
    styles = '<cellXfs><xf numFmtId="0"/><xf numFmtId="31"/><xf numFmtId="10"/><xf numFmtId="999"/></cellXfs>'
    rows = "<row>" + "".join(f'<c s="{style}"><v>1</v></c>' for style in (0, 1, 2, 3, 77)) + "</row>"
    content = xlsx.read(xml_of(rows, styles=styles, book='<workbookPr date1904="1"/>'))
    assert shown(content) == [[["1", "1904年1月2日", "100.00%", "1", "1"]]]


def test_a_merged_area_reaches_no_further_than_the_texts() -> None:
    def more(sheet: Any) -> None:
        sheet.merge_cells("A1:A9999")

    (grid,) = xlsx.read(xlsx_of([["甲", "1"], [None, "2"]], more)).blocks
    assert isinstance(grid, Grid) and grid.cells[0] == GridCell("甲", 0, 0, rows=2, ref="A1")


# ---- XLS


def xls_of(fill: Callable[[Any, Any], None]) -> bytes:
    import xlwt

    book = xlwt.Workbook()
    fill(book, book.add_sheet("表"))
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def test_xls() -> None:
    import xlwt

    def fill(book: Any, sheet: Any) -> None:
        sheet.write_merge(0, 0, 0, 2, "清河市主要指标")
        for column, head in enumerate(HEADS):
            sheet.write(1, column, head)
        sheet.write(2, 0, "生产总值")
        sheet.write(2, 1, 773.456, xlwt.easyxf(num_format_str="#,##0.0"))
        sheet.write(2, 2, -760, xlwt.easyxf(num_format_str="0.00_);(0.00)"))
        sheet.write(3, 0, "旧")
        sheet.write(3, 1, 5)
        sheet.row(3).hidden = True
        sheet.write(4, 0, "日期")
        sheet.write(4, 1, datetime(2021, 1, 20), xlwt.easyxf(num_format_str='yyyy"年"m"月"d"日"'))
        sheet.write(4, 2, True)
        book.add_sheet("底稿").visibility = 1

    data = xls_of(fill)
    assert format_of(data, ".txt") is xls
    assert xls.read(data) == Content(
        (
            Passage("清河市主要指标"),
            Grid(
                (
                    GridCell("指标", 0, 0, ref="A2"),
                    GridCell("2020年", 0, 1, ref="B2"),
                    GridCell("2019年", 0, 2, ref="C2"),
                    GridCell("生产总值", 1, 0, ref="A3"),
                    GridCell("773.5", 1, 1, ref="B3"),
                    GridCell("(760.00)", 1, 2, ref="C3"),
                    GridCell("日期", 2, 0, ref="A5"),
                    GridCell("2021年1月20日", 2, 1, ref="B5"),
                    GridCell("TRUE", 2, 2, ref="C5"),
                ),
                sheet="表",
            ),
        ),
        skipped=("2 cells in hidden rows or columns of sheet 表", "hidden sheet 底稿"),
    )


# ---- ODS


def ods_of(body: str, styles: str = "", manifest: str = "") -> bytes:
    names = ("office", "table", "text", "style")
    spaces = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in names)
    file = BytesIO()
    with ZipFile(file, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr(
            "content.xml",
            f"<office:document-content {spaces}><office:automatic-styles>{styles}</office:automatic-styles>"
            f"<office:body><office:spreadsheet>{body}</office:spreadsheet></office:body></office:document-content>",
        )
    return file.getvalue()


def ods_row(*texts: str, properties: str = "") -> str:
    cells = "".join(f"<table:table-cell><text:p>{text}</text:p></table:table-cell>" for text in texts)
    return f"<table:table-row {properties}>{cells}</table:table-row>"


def test_ods() -> None:
    styles = '<style:style style:name="h"><style:table-properties table:display="false"/></style:style>'
    wide = 'table:number-columns-spanned="3" table:number-rows-spanned="1"'
    rows = (
        '<table:table-column table:number-columns-repeated="3"/><table:table-column table:visibility="collapse"/>'
        f"<table:table-row><table:table-cell {wide}>"
        "<text:p>清河市<text:s text:c='2'/>主要<text:span>指标</text:span></text:p>"
        "<office:annotation><text:p>批注</text:p></office:annotation></table:table-cell>"
        '<table:covered-table-cell table:number-columns-repeated="2"/></table:table-row>'
        f"<table:table-header-rows>{ods_row(*HEADS, '旧')}</table:table-header-rows>"
        "<table:table-row><table:table-cell><text:p>生产</text:p><text:p>总值</text:p></table:table-cell>"
        '<table:table-cell table:number-columns-repeated="2"><text:p>1,234.5</text:p></table:table-cell>'
        '<table:table-cell table:number-columns-repeated="16380"/></table:table-row>'
        + ods_row("暗", properties='table:visibility="filter"')
        + ods_row("工业", "5", "6", properties='table:number-rows-repeated="2"')
        + '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>'
    )
    body = f'<table:table table:name="表">{rows}</table:table><table:table table:name="密" table:style-name="h"/>'
    data = ods_of(body, styles)
    assert format_of(data, ".txt") is ods
    content = ods.read(data)
    assert shown(content) == [
        "清河市  主要指标",
        [HEADS, ["生产\n总值", "1,234.5", "1,234.5"], ["工业", "5", "6"], ["工业", "5", "6"]],
    ]
    grid = content.blocks[1]
    assert isinstance(grid, Grid) and (grid.sheet, grid.cells[-1].ref) == ("表", "C6")
    assert content.skipped == ("2 cells in hidden rows or columns of sheet 表", "hidden sheet 密")


# ---- CSV and TSV


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_in_any_delimiter_and_encoding(delimiter: str, encoding: str) -> None:
    rows = [HEADS, ['"清河市，""小计"""', "1.5", "2"], ['"甲\n乙"', "3", "4"]]
    text = "\r\n".join(delimiter.join(row) for row in rows)
    expected = [[HEADS, ['清河市，"小计"', "1.5", "2"], ["甲\n乙", "3", "4"]]]
    assert shown(csv.read(text.encode(encoding))) == expected


def test_csv_says_its_delimiter_and_may_be_ragged() -> None:
    assert csv.read("sep=;\n指标;2020年\n生产总值;7,73;快报\n".encode()).blocks == (
        Grid(
            (
                GridCell("指标", 0, 0, ref="A1"),
                GridCell("2020年", 0, 1, ref="B1"),
                GridCell("生产总值", 1, 0, ref="A2"),
                GridCell("7,73", 1, 1, ref="B2"),
                GridCell("快报", 1, 2, ref="C2"),
            )
        ),
    )


def test_figures_with_commas_in_quotes_are_one_cell() -> None:
    assert shown(csv.read('指标,数\n生产总值,"1,234.5"\n'.encode())) == [[["指标", "数"], ["生产总值", "1,234.5"]]]


def test_csv_is_told_by_its_ending_alone() -> None:
    data = "指标,数\n生产总值,5\n".encode()
    assert (format_of(data, ".csv"), format_of(data, ".TSV".lower()), format_of(data, ".txt")) == (csv, csv, None)


# ---- what the readers share


def test_columns_have_names() -> None:
    assert [sheets.letters(i) for i in (0, 25, 26, 701, 702, 16383)] == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]
    assert [sheets.column(sheets.letters(i)) for i in range(1000)] == list(range(1000))


def test_hidden_ranges_count() -> None:
    hidden = sheets.Hidden()
    for first, last in ((2, 3), (4, 4), (3, 4), (8, 9)):
        hidden.add(first, last)
    assert [i for i in range(12) if i in hidden] == [2, 3, 4, 8, 9]
    assert [hidden.shown(i) for i in range(12)] == [0, 1, 2, 2, 2, 2, 3, 4, 5, 5, 5, 6]
    assert [hidden.next_shown(i) for i in (1, 2, 4, 8)] == [1, 5, 5, 10]

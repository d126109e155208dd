"""DOCX as passages and grids. Each document is made here, of the XML that Word writes or with python-docx."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from checker.read.content import Content, Grid, GridCell, Passage
from checker.read.formats import docx, format_of

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SPACES = (
    f'xmlns:w="{W}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)


def made(body: str, root: str = "document", spaces: str = SPACES, **parts: str) -> bytes:
    """A DOCX with this body; parts are other members: styles='<w:style .../>'."""
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", f"<w:{root} {spaces}><w:body>{body}</w:body></w:{root}>")
        for name, xml in parts.items():
            archive.writestr(f"word/{name}.xml", f"<w:{name} {spaces}>{xml}</w:{name}>")
    return file.getvalue()


def p(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{r(text)}</w:p>"


def r(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def blocks(body: str, **parts: str) -> tuple[Passage | Grid, ...]:
    return docx.read(made(body, **parts)).blocks


def texts(body: str, **parts: str) -> list[str]:
    return [block.text for block in blocks(body, **parts) if isinstance(block, Passage)]


# ---- running text

RUNS = {
    "runs are joined": (r("完成") + r("773") + r("亿元"), ["完成773亿元"]),
    "a soft break": (r("甲") + "<w:r><w:br/></w:r>" + r("乙"), ["甲\n乙"]),
    "a carriage return": (r("甲") + "<w:r><w:cr/></w:r>" + r("乙"), ["甲\n乙"]),
    "a tab, and no tab stop": (
        "<w:pPr><w:tabs><w:tab w:pos='9'/></w:tabs></w:pPr><w:r><w:tab/></w:r>" + r("甲"),
        ["\t甲"],
    ),
    "a hyphen": (r("1") + "<w:r><w:noBreakHyphen/></w:r>" + r("5月"), ["1-5月"]),
    "an insertion": (f"<w:ins>{r('18.5')}</w:ins>" + r("亿元"), ["18.5亿元"]),
    "a deletion": (r("增长") + "<w:del><w:r><w:delText>8.4</w:delText></w:r></w:del>" + r("9%"), ["增长9%"]),
    "moved from here": (f"<w:moveFrom>{r('旧')}</w:moveFrom>" + r("新"), ["新"]),
    "moved to here": (f"<w:moveTo>{r('新')}</w:moveTo>", ["新"]),
    "hidden text": (r("5", "<w:vanish/>") + r("6亿元"), ["6亿元"]),
    "hidden no more": (r("5", '<w:vanish w:val="0"/>') + r("6亿元"), ["56亿元"]),
    "hidden before a change": (r("5", "<w:rPrChange><w:rPr><w:vanish/></w:rPr></w:rPrChange>"), ["5"]),
    "a link": (f"<w:hyperlink>{r('统计局')}</w:hyperlink>", ["统计局"]),
    "a control": (f"<w:sdt><w:sdtContent>{r('2020年')}</w:sdtContent></w:sdt>", ["2020年"]),
    "a formula": ("<m:oMath><m:r><m:t>x=5</m:t></m:r></m:oMath>", ["x=5"]),
    "a reading": (f"<w:r><w:ruby><w:rt>{r('yín')}</w:rt><w:rubyBase>{r('银')}</w:rubyBase></w:ruby></w:r>", ["银"]),
    "a newer shape and its stand-in": (
        f"<mc:AlternateContent><mc:Choice>{r('新')}</mc:Choice><mc:Fallback>{r('旧')}</mc:Fallback></mc:AlternateContent>",
        ["新"],
    ),
    "a field": (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>'
        f'{r("指令")}<w:r><w:fldChar w:fldCharType="separate"/></w:r>{r("7")}'
        f'<w:r><w:fldChar w:fldCharType="end"/></w:r>{r("亿元")}',
        ["7亿元"],
    ),
    "a field that never ends": (r("甲") + '<w:r><w:fldChar w:fldCharType="begin"/></w:r>' + r("乙"), ["甲乙"]),
    "nothing": ("", []),
    "blanks": (r("　 "), []),
}


@pytest.mark.parametrize("name", RUNS)
def test_a_paragraph_reads_as_its_page_does(name: str) -> None:
    xml, expected = RUNS[name]
    assert texts(f"<w:p>{xml}</w:p>") == expected


def test_a_paragraph_whose_mark_is_deleted_goes_on_in_the_next() -> None:
    mark = "<w:rPr><w:del/></w:rPr>"
    assert texts(p("2020年完成", mark) + p("773亿元。") + p("完")) == ["2020年完成773亿元。", "完"]


def test_hidden_styles_hide() -> None:
    styles = (
        '<w:style w:type="character" w:styleId="A"><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="B"><w:basedOn w:val="A"/></w:style>'
    )
    body = p("明", '<w:rPr><w:rStyle w:val="A"/></w:rPr>') + p("暗", '<w:pStyle w:val="B"/>')
    dark = r("一", '<w:rStyle w:val="A"/>')
    assert texts(body + f"<w:p>{dark}{r('二')}</w:p>", styles=styles) == ["明", "二"]


# ---- headings

STYLES = (
    '<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="2"><w:name w:val="标题 2"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="x"><w:name w:val="节"/><w:pPr><w:outlineLvl w:val="2"/></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="y"><w:name w:val="小标题"/><w:basedOn w:val="x"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="z"><w:basedOn w:val="z"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="t"><w:name w:val="Title"/></w:style>'
)


def test_headings_have_the_level_of_their_style_or_their_own() -> None:
    body = (
        p("清河市2020年统计公报", '<w:pStyle w:val="t"/>')
        + p("一、综合", '<w:pStyle w:val="1"/>')
        + p("（一）总量", '<w:pStyle w:val="2"/>')
        + p("1.甲", '<w:pStyle w:val="x"/>')
        + p("2.乙", '<w:pStyle w:val="y"/>')
        + p("二、农业", '<w:outlineLvl w:val="0"/>')
        + p("正文", '<w:pStyle w:val="1"/><w:outlineLvl w:val="9"/>')
        + p("正文", '<w:pStyle w:val="z"/>')
        + p("正文")
    )
    assert docx.read(made(body, styles=STYLES)) == Content(
        (
            Passage("清河市2020年统计公报", 1),
            Passage("一、综合", 1),
            Passage("（一）总量", 2),
            Passage("1.甲", 3),
            Passage("2.乙", 3),
            Passage("二、农业", 1),
            Passage("正文"),
            Passage("正文"),
            Passage("正文"),
        ),
        title="清河市2020年统计公报",
    )


def test_a_document_of_python_docx() -> None:
    import docx as library

    document: Any = library.Document()
    document.add_heading("清河市2020年统计公报", 0)
    document.add_heading("综合", 1)
    document.add_paragraph("全市生产总值520亿元。")
    document.add_page_break()
    table = document.add_table(2, 3)
    for i, cell in enumerate(table._cells):
        cell.text = str(i)
    table.cell(0, 0).merge(table.cell(0, 1))
    file = BytesIO()
    document.save(file)
    assert docx.read(file.getvalue()) == Content(
        (
            Passage("清河市2020年统计公报", 1),
            Passage("综合", 1),
            Passage("全市生产总值520亿元。"),
            Passage("\f"),
            Grid(
                (
                    GridCell("0\n1", 0, 0, columns=2),
                    GridCell("2", 0, 2),
                    GridCell("3", 1, 0),
                    GridCell("4", 1, 1),
                    GridCell("5", 1, 2),
                )
            ),
        ),
        title="清河市2020年统计公报",
    )


# ---- numbers of lists


def level(at: int, numerals: str, text: str, more: str = "") -> str:
    start = f'<w:start w:val="1"/><w:numFmt w:val="{numerals}"/>'
    return f'<w:lvl w:ilvl="{at}">{start}{more}<w:lvlText w:val="{text}"/></w:lvl>'


def listed(number: str, at: int = 0) -> str:
    return f'<w:numPr><w:ilvl w:val="{at}"/><w:numId w:val="{number}"/></w:numPr>'


def numbering(*levels: str, nums: str = '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>') -> str:
    return f'<w:abstractNum w:abstractNumId="0">{"".join(levels)}</w:abstractNum>{nums}'


NOTHING = '<w:suff w:val="nothing"/>'
NUMERALS = {
    "chineseCounting": ["一、甲", "二、甲", "三、甲"],
    "japaneseCounting": ["一、甲", "二、甲", "三、甲"],
    "decimal": ["1、甲", "2、甲", "3、甲"],
    "decimalZero": ["01、甲", "02、甲", "03、甲"],
    "decimalFullWidth": ["１、甲", "２、甲", "３、甲"],
    "decimalEnclosedCircle": ["①、甲", "②、甲", "③、甲"],
    "chineseLegalSimplified": ["壹、甲", "贰、甲", "叁、甲"],
    "ideographTraditional": ["甲、甲", "乙、甲", "丙、甲"],
    "upperRoman": ["I、甲", "II、甲", "III、甲"],
    "lowerLetter": ["a、甲", "b、甲", "c、甲"],
    "unheard of": ["1、甲", "2、甲", "3、甲"],
    "bullet": ["甲", "甲", "甲"],
}


@pytest.mark.parametrize("numerals", NUMERALS)
def test_lists_number_in_their_numerals(numerals: str) -> None:
    body = p("甲", listed("1")) * 3
    assert texts(body, numbering=numbering(level(0, numerals, "%1、", NOTHING))) == NUMERALS[numerals]


def test_levels_begin_anew_below_each_other() -> None:
    definition = numbering(
        level(0, "chineseCounting", "%1、", NOTHING),
        level(1, "chineseCounting", "（%2）", NOTHING),
        level(2, "decimal", "%3."),
        level(3, "decimal", "%1.%3.%4", "<w:isLgl/>"),
    )
    order = [0, 1, 1, 2, 2, 3, 0, 1, 2]
    assert texts("".join(p("甲", listed("1", at)) for at in order), numbering=definition) == [
        "一、甲", "（一）甲", "（二）甲", "1. 甲", "2. 甲", "1.2.1 甲", "二、甲", "（一）甲", "1. 甲",
    ]  # fmt: skip


def test_lists_of_one_definition_go_on_and_may_begin_anew_once() -> None:
    nums = "".join(
        f'<w:num w:numId="{i}"><w:abstractNumId w:val="0"/>{more}</w:num>'
        for i, more in (
            (1, ""),
            (2, ""),
            (3, '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>'),
        )
    )
    body = "".join(p("甲", listed(number)) for number in "112331")
    assert texts(body, numbering=numbering(level(0, "decimal", "%1)"), nums=nums)) == [
        "1) 甲", "2) 甲", "3) 甲", "5) 甲", "6) 甲", "7) 甲",
    ]  # fmt: skip


def test_a_style_numbers_and_a_paragraph_may_not() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/>'
        '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="2"><w:name w:val="heading 2"/><w:basedOn w:val="1"/></w:style>'
    )
    definition = numbering(
        level(0, "chineseCounting", "第%1章", '<w:pStyle w:val="1"/>'),
        level(1, "chineseCounting", "第%2节", '<w:pStyle w:val="2"/>'),
    )
    body = "".join(
        p("总则", f'<w:pStyle w:val="{style}"/>{more}')
        for style, more in (("1", ""), ("2", ""), ("1", listed("0")), ("1", ""))
    )
    assert blocks(body, styles=styles, numbering=definition) == (
        Passage("第一章 总则", 1),
        Passage("第一节 总则", 2),
        Passage("总则", 1),
        Passage("第二章 总则", 1),
    )


def test_a_number_does_not_run_on_into_a_figure() -> None:
    assert texts(p("2024年", listed("1")), numbering=numbering(level(0, "decimal", "%1.", NOTHING))) == ["1. 2024年"]


# ---- pages

PAGE = '<w:r><w:br w:type="page"/></w:r>'
LAST = "<w:r><w:lastRenderedPageBreak/></w:r>"
PAGES = {
    "in a paragraph": (f"<w:p>{r('甲')}{LAST}{r('乙')}</w:p>", ["甲\f乙"]),
    "before a paragraph": (p("甲") + f"<w:p>{LAST}{r('乙')}</w:p>", ["甲", "\f乙"]),
    "behind a paragraph": (f"<w:p>{r('甲')}{PAGE}</w:p>" + p("乙"), ["甲", "\f乙"]),
    "alone": (p("甲") + f"<w:p>{PAGE}</w:p>" + p("乙"), ["甲", "\f乙"]),
    "twice": (p("甲") + f"<w:p>{PAGE}{PAGE}</w:p>" + p("乙"), ["甲", "\f\f乙"]),
    "noted once more": (p("甲") + f"<w:p>{PAGE}</w:p><w:p>{LAST}{r('乙')}{LAST}{r('丙')}</w:p>", ["甲", "\f乙\f丙"]),
    "by the style of a paragraph": (p("甲") + p("乙", "<w:pageBreakBefore/>"), ["甲", "\f乙"]),
    "by a section": (p("甲", "<w:sectPr/>") + p("乙") + "<w:sectPr/>", ["甲", "\f乙"]),
    "by no section": (
        p("甲", "<w:sectPr/>") + p("乙") + '<w:sectPr><w:type w:val="continuous"/></w:sectPr>',
        ["甲", "乙"],
    ),
    "at the end": (p("甲") + f"<w:p>{PAGE}</w:p>", ["甲", "\f"]),
}


@pytest.mark.parametrize("name", PAGES)
def test_pages_begin_with_a_form_feed(name: str) -> None:
    body, expected = PAGES[name]
    assert texts(body) == expected


# ---- tables


def tc(content: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content if content.startswith('<') else p(content)}</w:tc>"


def tr(*cells: str, properties: str = "") -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def tbl(*rows: str) -> str:
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


SPAN, DOWN, GOES_ON = '<w:gridSpan w:val="2"/>', '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
PAIR = tr(tc("甲"), tc("乙"))
TABLES: dict[str, tuple[str, Grid]] = {
    "merged cells": (
        tbl(
            tr(tc("指标", DOWN), tc("2020年", SPAN), properties="<w:tblHeader/>"),
            tr(tc("", GOES_ON), tc("总量"), tc("增速"), properties="<w:tblHeader/>"),
            tr(tc("生产总值"), tc("773"), tc("")),
        ),
        Grid(
            (
                GridCell("指标", 0, 0, rows=2),
                GridCell("2020年", 0, 1, columns=2),
                GridCell("总量", 1, 1),
                GridCell("增速", 1, 2),
                GridCell("生产总值", 2, 0),
                GridCell("773", 2, 1),
            ),
            heads=2,
        ),
    ),
    "a merged cell that is cut off by another": (
        tbl(tr(tc("甲"), tc("乙", DOWN)), tr(tc("丙", SPAN)), tr(tc("丁"), tc("戊", GOES_ON))),
        Grid(
            (
                GridCell("甲", 0, 0),
                GridCell("乙", 0, 1),
                GridCell("丙", 1, 0, columns=2),
                GridCell("丁", 2, 0),
                GridCell("戊", 2, 1),
            )
        ),
    ),
    "columns left free": (
        tbl(PAIR, tr(tc("丙"), properties='<w:gridBefore w:val="1"/>')),
        Grid((GridCell("甲", 0, 0), GridCell("乙", 0, 1), GridCell("丙", 1, 1))),
    ),
    "a table in a cell": (
        tbl(tr(tc("甲"), tc(tbl(tr(tc("1"), tc("2")), tr(tc("3"), tc("4"))) + p("乙")))),
        Grid((GridCell("甲", 0, 0), GridCell("1 2\n3 4\n乙", 0, 1))),
    ),
    "paragraphs in a cell": (
        tbl(tr(tc(p("甲") + p("") + p("乙")), tc("丙"))),
        Grid((GridCell("甲\n乙", 0, 0), GridCell("丙", 0, 1))),
    ),
    "a deleted row": (
        tbl(PAIR, tr(tc("旧"), tc("旧"), properties="<w:del/>"), PAIR),
        Grid((GridCell("甲", 0, 0), GridCell("乙", 0, 1), GridCell("甲", 1, 0), GridCell("乙", 1, 1))),
    ),
    "controls around rows and cells": (
        tbl(
            f"<w:sdt><w:sdtContent><w:tr><w:sdt><w:sdtContent>{tc('甲')}</w:sdtContent></w:sdt>{tc('乙')}</w:tr>"
            "</w:sdtContent></w:sdt>"
        ),
        Grid((GridCell("甲", 0, 0), GridCell("乙", 0, 1))),
    ),
    "a page in front of a row": (
        tbl(PAIR, tr(tc(f"<w:p>{LAST}{r('丙')}</w:p>"), tc("丁"))),
        Grid((GridCell("甲", 0, 0), GridCell("乙", 0, 1), GridCell("丙", 1, 0), GridCell("丁", 1, 1)), pages=(1,)),
    ),
    "a page within a row": (
        tbl(tr(tc(f"<w:p>{r('甲')}{LAST}{r('甲')}</w:p>"), tc("乙")), PAIR),
        Grid((GridCell("甲甲", 0, 0), GridCell("乙", 0, 1), GridCell("甲", 1, 0), GridCell("乙", 1, 1)), pages=(1,)),
    ),
}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_a_grid(name: str) -> None:
    body, grid = TABLES[name]
    assert blocks(body) == (grid,)


def test_rows_may_be_numbered_by_a_list() -> None:
    row = tr(tc(p("", listed("1"))), tc("甲"))
    assert blocks(tbl(row, row), numbering=numbering(level(0, "decimal", "%1", NOTHING))) == (
        Grid((GridCell("1", 0, 0), GridCell("甲", 0, 1), GridCell("2", 1, 0), GridCell("甲", 1, 1))),
    )


def test_a_table_of_one_cell_is_a_frame() -> None:
    assert blocks(tbl(tr(tc(p("甲") + tbl(PAIR) + p("乙"))))) == (
        Passage("甲"),
        Grid((GridCell("甲", 0, 0), GridCell("乙", 0, 1))),
        Passage("乙"),
    )


def test_a_table_on_a_new_page() -> None:
    assert blocks(p("甲") + tbl(tr(tc(f"<w:p>{LAST}{r('丙')}</w:p>"), tc("丁"))) + p("乙")) == (
        Passage("甲"),
        Passage("\f"),
        Grid((GridCell("丙", 0, 0), GridCell("丁", 0, 1))),
        Passage("乙"),
    )


# ---- boxes, notes and what is left out


def test_a_text_box_stands_behind_its_paragraph() -> None:
    box = f"<w:r><mc:AlternateContent><mc:Choice><w:txbxContent>{p('框')}{tbl(PAIR)}</w:txbxContent></mc:Choice>"
    box += f"<mc:Fallback><w:txbxContent>{p('框')}</w:txbxContent></mc:Fallback></mc:AlternateContent></w:r>"
    assert blocks(f"<w:p>{r('甲')}{box}{r('乙')}</w:p>" + p("丙")) == (
        Passage("甲乙"),
        Passage("框"),
        Grid((GridCell("甲", 0, 0), GridCell("乙", 0, 1))),
        Passage("丙"),
    )


def test_notes_follow_at_the_end_and_their_marks_are_dropped() -> None:
    notes = (
        f'<w:footnote w:id="0" w:type="separator">{p("线")}</w:footnote>'
        f'<w:footnote w:id="1">{p("后注")}</w:footnote><w:footnote w:id="2">{p("先注")}{p("又一段")}</w:footnote>'
        f'<w:footnote w:id="3">{p("无人引用")}</w:footnote>'
    )
    mark = '<w:r><w:footnoteReference w:id="{}"{}/>{}</w:r>'
    own = mark.format(2, ' w:customMarkFollows="1"', "<w:t>*</w:t>")
    body = f"<w:p>{r('完成773亿元')}{own}{r('。')}</w:p>"
    body += f"<w:p>{r('增长5%')}{mark.format(1, '', '')}<w:r><w:endnoteReference w:id='1'/></w:r></w:p>"
    endnotes = f'<w:endnote w:id="1">{p("尾注")}</w:endnote>'
    assert texts(body, footnotes=notes, endnotes=endnotes) == [
        "完成773亿元。",
        "增长5%",
        "先注",
        "又一段",
        "后注",
        "尾注",
    ]


def test_what_is_left_out_is_said() -> None:
    file = BytesIO(made(p("甲") + "<w:altChunk/>", comments="", header1=p("清河市统计局"), footer1=p("— 7 —")))
    with ZipFile(file, "a") as archive:
        for name in ("media/a.png", "charts/chart1.xml", "charts/style1.xml", "embeddings/book.xlsx", "vbaProject.bin"):
            archive.writestr(f"word/{name}", b"")
    assert docx.read(file.getvalue()).skipped == (
        "1 chart",
        "1 picture",
        "embedded file book.xlsx",
        "what is printed at the top or foot of every page",
        "comments",
        "1 inserted document",
    )


def test_the_strict_variant_reads_the_same() -> None:
    strict = f'xmlns:w="{docx._STRICT.decode()}"'
    assert docx.read(made(p("甲"), spaces=strict)).blocks == (Passage("甲"),)


def test_it_is_known_by_its_members() -> None:
    assert format_of(made(p("甲")), ".txt") is docx

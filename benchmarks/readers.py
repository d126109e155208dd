"""Each reader beside the bare library on one made-up file: time, peak memory, and the whole pipeline.

Every measure is a process of its own, so that its peak memory is that of its work alone; the better of two readings
counts. The bare library only brings out the text: that of PDFium without where its characters stand, of the parser of
HTML without what is navigation, of sheets without how their numbers are displayed.
"""

from __future__ import annotations

import csv
import io
import json
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import apart
from speed import peak_megabytes

TIMEOUT = 900
TIMES = 2
HTML = 49_500_000
# What an .xls can hold, but for its head.
XLS_ROWS = 65_000
PAGE_PARAGRAPHS = 8
DOCX_PAGE_PARAGRAPHS = 12
TABLE_ROWS = 12
HEAD = ("指标", "单位", "2020年", "增长（%）")
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
ODF = "urn:oasis:names:tc:opendocument:xmlns:"


class Case(NamedTuple):
    """A made-up file: how it is made at its full size, and what brings out its text with the bare library.

    `name` has a place for its size. `bar` is what the reader may take at most, in times of the
    library; 0 where there is no bar.
    """

    name: str
    suffix: str
    size: int
    make: Callable[[int], bytes]
    library: str
    bare: Callable[[bytes], object]
    bar: int = 0
    pipeline: bool = True


# ---- made-up content


def _amount(i: int) -> str:
    return f"{i * 37 % 9000 + 100}.{i % 10}"


def _growth(i: int) -> str:
    return f"{i % 19}.{i * 7 % 10}"


def sentence(i: int) -> str:
    return f"2020年，第{i}类项目完成投资{_amount(i)}亿元，增长{_growth(i)}%，比上年提高{_growth(i + 3)}个百分点。"


def paragraph(i: int) -> str:
    return sentence(2 * i) + sentence(2 * i + 1)


def row(i: int) -> tuple[str, str, float, float]:
    return f"第{i}类项目投资", "亿元", float(_amount(i)), float(_growth(i))


def grid(i: int) -> Iterator[tuple[str, ...]]:
    yield HEAD
    for k in range(TABLE_ROWS):
        label, unit, amount, growth = row(i * TABLE_ROWS + k)
        yield label, unit, str(amount), str(growth)


# ---- files


def made_pdf(pages: int) -> bytes:
    """Every third page holds a ruled table, each prose in lines of 28 letters."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(595, 842), invariant=1)
    for page in range(pages):
        canvas.setFont("STSong-Light", 16)
        y = 750
        for k in range(PAGE_PARAGRAPHS // 2 if page % 3 == 0 else PAGE_PARAGRAPHS):
            text = "\u3000\u3000" + paragraph(page * PAGE_PARAGRAPHS + k)
            for start in range(0, len(text), 28):
                canvas.drawString(75, y, text[start : start + 28])
                y -= 24 if page % 3 == 0 else 17
        if page % 3 == 0:
            _ruled(canvas, page, y)
        canvas.setFont("STSong-Light", 10)
        canvas.drawString(290, 40, f"— {page + 1} —")
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def _ruled(canvas: Any, page: int, y: float) -> None:
    canvas.setFont("STSong-Light", 11)
    xs = [75, 255, 325, 425, 520]
    for cells in grid(page):
        for x, cell in zip(xs, cells, strict=False):
            canvas.drawString(x + 4, y - 14, cell)
        canvas.line(xs[0], y, xs[-1], y)
        for x in xs:
            canvas.line(x, y, x, y - 20)
        y -= 20
    canvas.line(xs[0], y, xs[-1], y)


def _zipped(parts: dict[str, str]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in parts.items():
            package.writestr(name, text)
    return file.getvalue()


def made_docx(pages: int) -> bytes:
    """Every fifth page holds a table."""
    body = []
    for page in range(pages):
        body += [_run(paragraph(page * DOCX_PAGE_PARAGRAPHS + k)) for k in range(DOCX_PAGE_PARAGRAPHS)]
        if page % 5 == 0:
            rows = ("".join(f"<w:tc><w:tcPr/>{_run(cell)}</w:tc>" for cell in cells) for cells in grid(page))
            body.append("<w:tbl><w:tblPr/>" + "".join(f"<w:tr>{cells}</w:tr>" for cells in rows) + "</w:tbl>")
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    types = "http://schemas.openxmlformats.org/package/2006/content-types"
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    return _zipped(
        {
            "[Content_Types].xml": f'<Types xmlns="{types}"><Default Extension="rels" ContentType="application/vnd.op'
            'enxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" '
            f'ContentType="{kind}"/></Types>',
            "_rels/.rels": f'<Relationships xmlns="{relations}"><Relationship Id="r1" Type="{office}" '
            'Target="word/document.xml"/></Relationships>',
            "word/document.xml": f"<w:document {W}><w:body>{''.join(body)}</w:body></w:document>",
        }
    )


def _run(text: str) -> str:
    """A paragraph as Word writes it: in runs of a few words."""
    runs = (text[i : i + 12] for i in range(0, len(text), 12))
    look = '<w:rPr><w:rFonts w:hint="eastAsia"/><w:sz w:val="32"/></w:rPr>'
    inner = "".join(f'<w:r>{look}<w:t xml:space="preserve">{run}</w:t></w:r>' for run in runs)
    return f'<w:p><w:pPr><w:spacing w:line="560"/></w:pPr>{inner}</w:p>'


def made_html(size: int) -> bytes:
    """A page of so many bytes, with navigation around prose and tables."""
    links = "".join(f'<li><a href="/{i}.html">栏目{i}</a></li>' for i in range(40))
    pieces = [f"<html><head><meta charset=utf-8><title>公报</title></head><body><ul>{links}</ul><div class=content>"]
    length, i = len(links.encode()), 0
    while length < size:
        piece = "".join(
            '<p style="text-indent:2em;line-height:1.75"><span style="font-size:16px">'
            f"{paragraph(i * 10 + k)}</span></p>"
            for k in range(10)
        )
        cells = ("".join(f"<td><p><span>{cell}</span></p></td>" for cell in cells) for cells in grid(i))
        piece += "<table>" + "".join(f"<tr>{row_cells}</tr>" for row_cells in cells) + "</table>"
        pieces.append(piece)
        length += len(piece.encode())
        i += 1
    return ("".join(pieces) + f"</div><div class=footer><ul>{links}</ul></div></body></html>").encode()


def made_xlsx(rows: int) -> bytes:
    import xlsxwriter

    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"constant_memory": True, "in_memory": True}) as book:
        sheet = book.add_worksheet()
        for i, cells in enumerate((HEAD, *map(row, range(rows)))):
            sheet.write_row(i, 0, cells)
    return file.getvalue()


def made_xls(rows: int) -> bytes:
    import xlwt

    book = xlwt.Workbook()
    sheet = book.add_sheet("1")
    for i, cells in enumerate((HEAD, *map(row, range(rows)))):
        for column, cell in enumerate(cells):
            sheet.write(i, column, cell)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def made_ods(rows: int) -> bytes:
    def cell(value: str | float) -> str:
        kind = "string" if isinstance(value, str) else "float"
        given = "" if isinstance(value, str) else f' office:value="{value}"'
        return f'<table:table-cell office:value-type="{kind}"{given}><text:p>{value}</text:p></table:table-cell>'

    body = "".join(
        f"<table:table-row>{''.join(map(cell, cells))}</table:table-row>" for cells in (HEAD, *map(row, range(rows)))
    )
    spaces = " ".join(f'xmlns:{name}="{ODF}{name}:1.0"' for name in ("office", "table", "text"))
    content = (
        f"<office:document-content {spaces}><office:body><office:spreadsheet>"
        f'<table:table table:name="1">{body}</table:table></office:spreadsheet></office:body></office:document-content>'
    )
    return _zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content})


def made_csv(rows: int) -> bytes:
    file = io.StringIO()
    csv.writer(file).writerows((HEAD, *map(row, range(rows))))
    return file.getvalue().encode()


# ---- bare libraries


def bare_pdf(data: bytes) -> object:
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    return [document[i].get_textpage().get_text_range() for i in range(len(document))]


def bare_docx(data: bytes) -> object:
    import docx

    document = docx.Document(io.BytesIO(data))
    tables = [cell.text for table in document.tables for cells in table.rows for cell in cells.cells]
    return [each.text for each in document.paragraphs], tables


def bare_html(data: bytes) -> object:
    from selectolax.lexbor import LexborHTMLParser

    body = LexborHTMLParser(data).body
    return body.text() if body else ""


def bare_xlsx(data: bytes) -> object:
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
    return [cells for sheet in book.worksheets for cells in sheet.iter_rows(values_only=True)]


def bare_xls(data: bytes) -> object:
    import xlrd

    return [
        sheet.row_values(i) for sheet in xlrd.open_workbook(file_contents=data).sheets() for i in range(sheet.nrows)
    ]


def bare_ods(data: bytes) -> object:
    from lxml import etree

    with zipfile.ZipFile(io.BytesIO(data)) as package:
        tree = etree.fromstring(package.read("content.xml"), etree.XMLParser(huge_tree=True))
    return [["".join(cell.itertext()) for cell in cells] for cells in tree.iter(f"{{{ODF}table:1.0}}table-row")]


def bare_csv(data: bytes) -> object:
    return list(csv.reader(io.StringIO(data.decode())))


CASES = (
    Case("PDF, {:,} pages", ".pdf", 300, made_pdf, "PDFium", bare_pdf, 2),
    Case("DOCX, {:,} pages", ".docx", 200, made_docx, "python-docx", bare_docx, 2),
    Case("HTML, {:,} bytes", ".html", 200_000, made_html, "Lexbor", bare_html, 3),
    Case("HTML, {:,} bytes", ".html", HTML, made_html, "Lexbor", bare_html, 3, pipeline=False),
    Case("XLSX, {:,} rows", ".xlsx", 100_000, made_xlsx, "openpyxl", bare_xlsx),
    Case("XLS, {:,} rows", ".xls", XLS_ROWS, made_xls, "xlrd", bare_xls),
    Case("ODS, {:,} rows", ".ods", 100_000, made_ods, "lxml", bare_ods),
    Case("CSV, {:,} rows", ".csv", 100_000, made_csv, "csv", bare_csv),
)


# ---- measures


def measured_apart(share: float = 1) -> Iterator[tuple[str, str]]:
    """A row a case, by a small process; files of a share of their full size."""
    yield from apart.run(__file__, "all", str(share), timeout=TIMEOUT)


def rows(share: float) -> Iterator[tuple[str, str]]:
    with tempfile.TemporaryDirectory() as folder:
        for number, case in enumerate(CASES):
            path = Path(folder) / f"made-up{case.suffix}"

            def run(what: str, number: int = number, path: Path = path) -> Any:
                return apart.run(__file__, what, str(number), str(path), str(share), timeout=TIMEOUT)[0]

            run("make")
            bare, reader = run("bare"), run("reader")
            yield case.name.format(_size(case, share)), _compared(case, bare, reader)
            if case.pipeline:
                seconds, claims, megabytes = run("pipeline")
                rate = f"{claims:,} claims in {seconds:.2f} s, {claims / seconds:,.0f} claims/s"
                yield f"{case.suffix}: Content to Document to claims", f"{rate}, {megabytes:,.0f} MB"
            path.unlink()


def _size(case: Case, share: float) -> int:
    return max(1, round(case.size * share))


def _compared(case: Case, bare: tuple[float, float], reader: tuple[float, float]) -> str:
    times = reader[0] / bare[0]
    bar = f" (bar {case.bar}: {'met' if times < case.bar else 'missed'})" if case.bar else ""
    return (
        f"{reader[0]:.3g} s, {reader[1]:,.0f} MB; {case.library} alone {bare[0]:.3g} s, {bare[1]:,.0f} MB: "
        f"{times:.1f} times{bar}"
    )


def read(data: bytes, suffix: str) -> Any:
    from checker.read.formats import format_of

    module = format_of(data, suffix)
    assert module is not None
    return module.read(data)


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """The better of two readings in seconds, and the most memory held, in megabytes."""
    taken = []
    for _ in range(TIMES):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return min(taken), peak_megabytes()


def pipeline(data: bytes, suffix: str) -> tuple[float, int, float]:
    from checker.extract import extract
    from checker.read import Raw, document_of, parse
    from checker.read.assemble import written

    extract(parse(sentence(1), "warm.txt"))  # vocabulary and patterns are made when first used
    content = read(data, suffix)
    started = time.perf_counter()
    claims, _ = extract(document_of(Raw(written(content)[0], content), f"made-up{suffix}"))
    return time.perf_counter() - started, len(claims), peak_megabytes()


def main(what: str, *arguments: str) -> Iterable[object]:
    if what == "all":
        return rows(float(arguments[0]))
    case, path = CASES[int(arguments[0])], Path(arguments[1])
    if what == "make":
        path.write_bytes(case.make(_size(case, float(arguments[2]))))
        return [None]
    data = path.read_bytes()
    if what == "pipeline":
        return [pipeline(data, case.suffix)]
    return [timed(lambda: case.bare(data) if what == "bare" else read(data, case.suffix))]


if __name__ == "__main__":
    for found in main(*sys.argv[1:]):
        print(json.dumps(found), flush=True)

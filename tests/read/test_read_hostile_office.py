"""Files of Office as nobody should have to read them: each is read, or refused with a reason, within bounds.

Each is read in a process of its own with limits on time and memory.
"""

from __future__ import annotations

import random
import resource
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from checker.read.formats import csv, docx, format_of, modules, ods, xls, xlsx
from checker.read.formats.refused import refused

SECONDS = 40
MEGABYTES = 1500
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
S = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
OD = "urn:oasis:names:tc:opendocument:xmlns"
ENTITIES = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10 if i else "ha"}">' for i in range(12))


def archive(members: dict[str, str | bytes]) -> bytes:
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as made:
        for name, data in members.items():
            made.writestr(name, data)
    return file.getvalue()


def document(body: str, before: str = "", **parts: str) -> bytes:
    members: dict[str, str | bytes] = {f"word/{name}.xml": f"<w:x {W}>{xml}</w:x>" for name, xml in parts.items()}
    return archive({"word/document.xml": f"{before}<w:document {W}><w:body>{body}</w:body></w:document>", **members})


def workbook(rows: str, before: str = "", after: str = "", shared: str = "", target: str = "worksheets/s.xml") -> bytes:
    sheets = '<sheets><sheet name="表" r:id="a"/></sheets>'
    relation = f'<Relationship Id="a" Type="{R}/worksheet" Target="{target}"/>'
    return archive(
        {
            "xl/workbook.xml": f'<workbook {S} xmlns:r="{R}">{sheets}</workbook>',
            "xl/_rels/workbook.xml.rels": f"<Relationships>{relation}</Relationships>",
            "xl/sharedStrings.xml": f"<sst {S}>{shared}</sst>",
            "xl/worksheets/s.xml": f"{before}<worksheet {S}><sheetData>{rows}</sheetData>{after}</worksheet>",
        }
    )


def spreadsheet(rows: str, **more: str) -> bytes:
    spaces = " ".join(f'xmlns:{name}="{OD}:{name}:1.0"' for name in ("office", "table", "text"))
    body = f'<office:spreadsheet><table:table table:name="表">{rows}</table:table></office:spreadsheet>'
    root = "office:document-content"
    return archive(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": f"<{root} {spaces}><office:body>{body}</office:body></{root}>",
            **more,
        }
    )


def repeated(rows: int, columns: int, text: str = "") -> str:
    cell = f'<table:table-cell table:number-columns-repeated="{columns}"><text:p>{text}</text:p></table:table-cell>'
    return f'<table:table-row table:number-rows-repeated="{rows}">{cell}</table:table-row>'


def lying(data: bytes, name: bytes, size: int) -> bytes:
    """The same archive, that declares another size for a member."""
    at = data.rindex(name) - 46
    changed = bytearray(data)
    changed[at + 24 : at + 28] = struct.pack("<I", size)
    return bytes(changed)


def compound(stream: str, data: bytes = b"") -> bytes:
    """A compound file with a stream of this name, made of an XLS."""
    import xlwt

    book = xlwt.Workbook()
    book.add_sheet("表").write(0, 0, "x" * 5000)
    file = BytesIO()
    book.save(file)
    made = bytearray(file.getvalue())
    at = made.index("Workbook".encode("utf-16-le"))
    made[at : at + 64] = stream.encode("utf-16-le").ljust(64, b"\0")
    made[at + 64 : at + 66] = struct.pack("<H", 2 * len(stream) + 2)
    return bytes(made)


def p(text: str = "2020年") -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def spanned(columns: int) -> str:
    wide = f'<w:tc><w:tcPr><w:gridSpan w:val="{columns}"/></w:tcPr>{p()}</w:tc>'
    return f"<w:tbl><w:tr>{wide}<w:tc/></w:tr></w:tbl>"


def nested(depth: int) -> str:
    return "<w:tbl><w:tr><w:tc>" * depth + p() + "</w:tc><w:tc/></w:tr></w:tbl>" * depth


def empty_rows(count: int, cells: str = "") -> str:
    return "".join(f'<row r="{i}" s="1" customFormat="1">{cells}</row>' for i in range(1, count + 1))


def cell(value: int) -> str:
    return f"<c><v>{value}</v></c>"


def noise(size: int) -> bytes:
    return random.Random(1).randbytes(size)


LISTS = f'<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:lvlText w:val="%1{noise(500_000).hex()}"/></w:lvl>'
LISTS += "</w:abstractNum>"
LISTS += '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
CHAIN = "".join(
    f'<w:style w:type="paragraph" w:styleId="s{i}"><w:basedOn w:val="s{(i + 1) % 20000}"/></w:style>'
    for i in range(20000)
)
NUMBERED = (
    '<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>甲</w:t></w:r></w:p>'
)
BOMB = b" " * 100_000_000
# The module that reads it, its bytes, and the reason it is refused for; None where it is read.
HOSTILE: dict[str, tuple[Any, Callable[[], bytes], str | None]] = {
    "a bomb": (docx, lambda: archive({"word/document.xml": BOMB}), "200 times"),
    "a bomb of a sheet": (xlsx, lambda: workbook(" " * 100_000_000), "200 times"),
    "a bomb that says it is small": (
        docx,
        lambda: lying(archive({"word/document.xml": BOMB}), b"word/document.xml", 1000),
        "cannot be unpacked",
    ),
    "members without end": (docx, lambda: archive({f"word/{i}": b"" for i in range(20_000)}), "10,000 members"),
    "an archive in an archive": (docx, lambda: archive({"word/document.xml": archive({"a": b"b"})}), "no XML"),
    "a billion laughs": (docx, lambda: document(p("&e11;"), f"<!DOCTYPE x [{ENTITIES}]>"), "no XML"),
    "a billion laughs in a sheet": (
        xlsx,
        lambda: workbook("<row><c><v>&e11;</v></c></row>", f"<!DOCTYPE x [{ENTITIES}]>"),
        "no XML",
    ),
    "a few laughs": (docx, lambda: document(p("&e1;"), f"<!DOCTYPE x [{ENTITIES}]>"), "document type"),
    "a few laughs in a sheet": (
        xlsx,
        lambda: workbook("<row><c><v>&e1;</v></c></row>", f"<!DOCTYPE x [{ENTITIES}]>"),
        "document type",
    ),
    "an entity from outside": (
        docx,
        lambda: document(p("&e;"), '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'),
        "document type",
    ),
    "a document type from outside": (docx, lambda: document("", '<!DOCTYPE x SYSTEM "file:///x">'), "document type"),
    "10,000 nested tables": (docx, lambda: document(nested(10_000)), "no XML"),
    "80 nested tables": (docx, lambda: document(nested(80)), None),
    "2,000,000 empty paragraphs": (docx, lambda: document("<w:p/>" * 2_000_000), "200 times"),
    "100,000 paragraphs": (docx, lambda: document("".join(p(str(i)) for i in range(100_000))), None),
    "a wide cell": (docx, lambda: document(spanned(99999999)), None),
    "styles in a ring": (docx, lambda: document(p(), styles=CHAIN), None),
    "a list with a number of 1,000,000 characters": (docx, lambda: document(NUMBERED * 5000, numbering=LISTS), None),
    "an empty document": (docx, lambda: archive({"word/document.xml": b""}), "no XML"),
    "a document without a body": (docx, lambda: archive({"word/document.xml": f"<w:document {W}/>"}), "without a body"),
    "text that is no document": (docx, lambda: "2020年".encode(), "no DOCX file"),
    "a cut document": (docx, lambda: document("".join(p(str(i)) for i in range(9999)))[:-5000], "cut off"),
    "a damaged document": (docx, lambda: document(p()).replace(b"word/d", b"word/e", 1), "cannot be unpacked"),
    "a million empty rows": (xlsx, lambda: workbook(empty_rows(1_000_000)), None),
    "200,000 rows of empty cells": (xlsx, lambda: workbook(empty_rows(200_000, '<c s="1"/><c/><c/>')), None),
    "a row without end": (xlsx, lambda: workbook(f"<row>{''.join(map(cell, range(3_500_000)))}</row>"), "in one piece"),
    "a row of 20,000 cells": (xlsx, lambda: workbook(f"<row>{''.join(map(cell, range(20_000)))}</row>"), "16,384"),
    "rows out of order": (xlsx, lambda: workbook('<row r="2"/><row r="1"/>'), "out of order"),
    "a row too far": (xlsx, lambda: workbook('<row r="1048577"/>'), "out of order"),
    "a column too far": (xlsx, lambda: workbook('<row><c r="ZZZZZZ1"><v>1</v></c></row>'), "a column called"),
    "more cells than a report has": (
        xlsx,
        lambda: workbook("".join(f"<row>{''.join(map(cell, range(i, i + 100)))}</row>" for i in range(21_000))),
        "2,000,000 cells",
    ),
    "one long text in all cells": (
        xlsx,
        lambda: workbook('<row><c t="s"><v>0</v></c></row>' * 3000, shared=f"<si><t>{noise(15_000).hex()}</t></si>"),
        "50,000,000 characters",
    ),
    "merged areas over each other": (
        xlsx,
        lambda: workbook(
            '<row><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
            after="".join(f'<mergeCell ref="A{i}:XFD1048576"/>' for i in range(1, 90_000)),
        ),
        None,
    ),
    "a sheet that is elsewhere": (xlsx, lambda: workbook("", target="../../../etc/passwd"), "has no etc/passwd"),
    "a text that is not there": (xlsx, lambda: workbook('<row><c t="s"><v>99</v></c></row>'), "no shared text"),
    "a cut workbook": (xlsx, lambda: workbook(empty_rows(999))[:-100], "cut off"),
    "a row a million times": (ods, lambda: spreadsheet(repeated(1_048_576, 16_384, "5")), "2,000,000 cells"),
    "nothing a million times": (ods, lambda: spreadsheet(repeated(10**9, 10**9)), None),
    "an encrypted ODS": (ods, lambda: spreadsheet("", **{"META-INF/manifest.xml": "<encryption-data/>"}), "encrypted"),
    "a cut XLS": (xls, lambda: compound("Workbook")[:3000], "damaged"),
    "an XLS of noise": (xls, lambda: compound("Workbook")[:512] + noise(100_000), "save it as"),
    "an encrypted file of Office": (xlsx, lambda: compound("EncryptedPackage"), "encrypted: save it without"),
    "an encrypted document": (docx, lambda: compound("EncryptedPackage"), "encrypted: save it without a password"),
    "an old document": (docx, lambda: compound("WordDocument"), "save it as DOCX"),
    "a table of 10,000,000 commas": (csv, lambda: b"," * 10**7, None),
    "a quote that never ends": (csv, lambda: b'"' + b"2020,5\n" * 10**5, "damaged"),
    "a picture as a table": (csv, lambda: b"\x89PNG\r\n\x1a\n" + noise(10_000), ""),
}  # fmt: skip
SCRIPT = """
import sys
from importlib import import_module
from pathlib import Path
module = import_module(sys.argv[1])
try:
    content = module.read(Path(sys.argv[2]).read_bytes())
    print("read", len(content.blocks))
except ValueError as error:
    print("refused", error)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="limits as on Linux")
@pytest.mark.parametrize("name", HOSTILE)
def test_it_is_read_or_refused_in_bounded_time_and_memory(name: str, tmp_path: Path) -> None:
    module, make, reason = HOSTILE[name]
    (tmp_path / "file").write_bytes(make())

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (MEGABYTES << 20, MEGABYTES << 20))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))

    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, module.__name__, str(tmp_path / "file")],
        capture_output=True,
        text=True,
        preexec_fn=limit,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.startswith("read" if reason is None else "refused")
    assert (reason or "") in done.stdout and done.stdout.count("\n") == 1


def test_macros_are_not_run_and_the_text_is_read() -> None:
    file = BytesIO(document(p()))
    with ZipFile(file, "a") as macros:
        macros.writestr("word/vbaProject.bin", noise(1000))
    assert [getattr(block, "text", None) for block in docx.read(file.getvalue()).blocks] == ["2020年"]


@pytest.mark.parametrize("suffix", [".docx", ".xlsx", ".xls", ".csv", ".pdf", ".txt", ""])
def test_a_wrong_ending_does_no_harm(suffix: str) -> None:
    files = {docx: document(p()), xlsx: workbook(""), ods: spreadsheet(""), xls: compound("Workbook")}
    assert [format_of(data, suffix) for data in files.values()] == list(files)


REFUSED = {
    "a picture": (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"GIF89a\1\0", b"II*\0", b"RIFF\1\0\0\0WEBP"),
    "an archive: unpack it": (archive({"a.txt": b"b"}), b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b\x08"),
    "a program": (b"MZ\x90\0", b"\x7fELF"),
    "sound or film": (b"ID3\4\0", b"\0\0\0\x18ftypmp42", b"RIFF\1\0\0\0WAVE"),
    "a database": (b"SQLite format 3\0",),
    "RTF: save it as DOCX": (b"{\\rtf1",),
    "an old Word or WPS document": (compound("WordDocument"),),
    "an old PowerPoint": (compound("PowerPoint Document"),),
    "encrypted": (compound("EncryptedPackage"),),
    "an old Office or WPS file": (compound("CONTENTS"),),
    "a PowerPoint presentation": (archive({"ppt/presentation.xml": b""}),),
    "a binary workbook": (archive({"xl/workbook.bin": b""}),),
    "an OpenDocument text": (archive({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b""}),),
    "damaged": (compound("Workbook")[:600],),
}


@pytest.mark.parametrize("reason", REFUSED)
def test_what_is_known_and_not_read_is_told_what_to_do(reason: str) -> None:
    for data in REFUSED[reason]:
        assert (refused(data) or "").startswith(reason)
        assert format_of(data, ".txt") is None


@pytest.mark.parametrize("text", ["", "MZ是缩写", "BZh", "ID3 2020", "{}", "PK2020", "2020年"])
def test_texts_are_not_refused(text: str) -> None:
    assert refused(text.encode()) is None


def test_files_that_are_read_are_not_refused() -> None:
    assert [refused(data) for data in (document(p()), workbook(""), spreadsheet(""), compound("Workbook"))] == [
        None
    ] * 4


def _flipped(data: bytes, seed: int) -> bytes:
    """The bytes with some of them changed; in an archive those of its members, which else would not be unpacked."""
    chance = random.Random(seed)
    if data.startswith(b"PK"):
        with ZipFile(BytesIO(data)) as whole:
            members: dict[str, str | bytes] = {name: _flipped(whole.read(name), seed) for name in whole.namelist()}
        return archive(members)
    changed = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(changed)) if changed else 0
        changed[at : at + 1] = bytes([chance.choice(b'0019<>/"&=AZ \x00\xff')])
    return bytes(changed)


@pytest.mark.parametrize("seed", range(60))
def test_damage_of_any_kind_is_a_reason(seed: int) -> None:
    rows = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" s="1"><v>5</v></c></row>'
    files = [
        document(nested(2) + NUMBERED, numbering=LISTS[:80] + LISTS[-110:], styles=CHAIN[:900]),
        workbook(rows, after='<mergeCells><mergeCell ref="A1:B2"/></mergeCells>', shared="<si><t>甲</t></si>"),
        spreadsheet(repeated(2, 3, "5")),
        compound("Workbook"),
    ]
    for data, module in zip(files, (docx, xlsx, ods, xls), strict=True):
        try:
            module.read(_flipped(data, seed))
        except ValueError as error:
            assert str(error) and "\n" not in str(error)


def test_bytes_are_tried_without_error() -> None:
    for seed in range(200):
        data = random.Random(seed).choice([b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b""]) + noise(seed)
        assert not any(module.recognises(data) for module in modules())
        refused(data)


def test_a_member_that_is_cut_is_a_reason() -> None:
    packed = zlib.compress(b"x" * 1000)
    data = document(p())
    with pytest.raises(ValueError, match="damaged"):
        docx.read(data[:60] + packed[:20] + data[80:])

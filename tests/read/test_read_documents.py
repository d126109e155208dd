"""From files to Documents: encodings, what cannot be read, and where title, date and place come from."""

from __future__ import annotations

import codecs
import os
import random
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.errors import BadData, UnreadableDocument
from checker.model import Document
from checker.read import parse, read, read_file
from checker.read.decode import decode
from checker.yamlfile import load

decoding = sys.modules["checker.read.decode"]
TEXT = "清河市2020年统计公报\n\n全市生产总值完成520亿元，同比增长6.1%。\n"
METADATA = load(Path(__file__).parent / "metadata.yaml")


def write(path: Path, text: str = TEXT) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def read_text(path: Path) -> str:
    return read_file(path).text


def only(documents: list[Document]) -> Document:
    (document,) = documents
    return document


# ---- encodings

ENCODED = {
    "utf-8": lambda text: text.encode("utf-8"),
    "utf-8 with a mark": lambda text: codecs.BOM_UTF8 + text.encode("utf-8"),
    "utf-16 little-endian with a mark": lambda text: codecs.BOM_UTF16_LE + text.encode("utf-16-le"),
    "utf-16 big-endian with a mark": lambda text: codecs.BOM_UTF16_BE + text.encode("utf-16-be"),
    "utf-16 little-endian": lambda text: text.encode("utf-16-le"),
    "utf-16 big-endian": lambda text: text.encode("utf-16-be"),
    "gb18030": lambda text: text.encode("gb18030"),
}


@pytest.mark.parametrize("encoding", ENCODED)
def test_every_encoding_gives_the_same_text(encoding: str) -> None:
    assert decode(ENCODED[encoding](TEXT)) == TEXT


CHINESE = st.text("清河市全生产总值完成亿元增长率。，“”%０１２0123456789 \n", min_size=0, max_size=60)


@given(CHINESE)
@settings(deadline=None)
def test_marked_encodings_give_the_same_text(middle: str) -> None:
    text = "全市" + middle
    for encoding in ("utf-8", "utf-8 with a mark", "utf-16 little-endian with a mark", "utf-16 big-endian with a mark"):
        assert decode(ENCODED[encoding](text)) == text
    if "\n" in text:
        assert decode(ENCODED["gb18030"]("公报：" + text)) == "公报：" + text


@pytest.mark.parametrize("encoding", ENCODED)
def test_the_same_document_in_every_encoding(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(ENCODED[encoding](TEXT))
    documents, problems = read([path])
    plain = parse(TEXT, str(path))
    assert not problems
    assert only(documents) == plain


# ---- what cannot be read

UNREADABLE: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "empty"),
    "blank": (b" \n\t\r\n ", "empty"),
    "only a mark": (codecs.BOM_UTF8, "empty"),
    "binary": (bytes(range(256)) * 8, ""),
    "a program": (b"\x7fELF\x02\x01\x01\x00" + b"\x00\x01\x02\x03text" * 50, ""),
    "no known encoding": (b"\xff\x81\xff\x81\xff text", "in no known encoding"),
    "damaged utf-16": (codecs.BOM_UTF16_LE + b"\x00\xd8\x00", "damaged utf-16"),
    "damaged utf-8": (codecs.BOM_UTF8 + b"ok \xff", "damaged utf-8"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_bytes_that_hold_no_text(name: str, tmp_path: Path) -> None:
    data, reason = UNREADABLE[name]
    bad, good = tmp_path / "bad.txt", write(tmp_path / "good.txt")
    bad.write_bytes(data)
    with pytest.raises(UnreadableDocument) as caught:
        read_text(bad)
    assert reason in caught.value.reason
    assert caught.value.path == str(bad)
    # The rest is read all the same.
    documents, problems = read([tmp_path])
    assert [d.path for d in documents] == [str(good)]
    assert [(p.path, p.reason) for p in problems] == [(str(bad), caught.value.reason)]


def test_what_is_no_file(tmp_path: Path) -> None:
    good = write(tmp_path / "good.txt")
    missing, folder, link = tmp_path / "missing.txt", tmp_path / "folder.txt", tmp_path / "link.txt"
    folder.mkdir()
    link.symlink_to(tmp_path / "nowhere")
    documents, problems = read([missing, good, folder, link])
    assert [d.path for d in documents] == [str(good)]
    assert [p.path for p in problems] == [str(link), str(missing)]
    assert all(p.reason for p in problems)
    with pytest.raises(UnreadableDocument, match="not a regular file"):
        read_text(folder)


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "a.txt")
    monkeypatch.setattr(Path, "open", lambda *_: (_ for _ in ()).throw(PermissionError(13, "Permission denied")))
    with pytest.raises(UnreadableDocument, match="Permission denied"):
        read_text(path)


def test_a_file_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "a.txt", "全市" * 1_000_000)
    assert read_text(path)
    monkeypatch.setattr(decoding, "MAX_BYTES", 5_000_000)
    with pytest.raises(UnreadableDocument, match="larger than 5 MB"):
        read_text(path)


def test_a_file_that_grows_while_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "a.txt")
    monkeypatch.setattr(decoding, "MAX_BYTES", path.stat().st_size)
    assert read_text(path) == TEXT
    seen = path.stat()
    write(path, TEXT * 2)
    monkeypatch.setattr(Path, "stat", lambda *_: seen)
    with pytest.raises(UnreadableDocument, match="grew beyond 0 MB while it was read"):
        read_text(path)


def test_a_file_that_vanishes_while_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "a.txt")
    seen = path.stat()
    path.unlink()
    monkeypatch.setattr(Path, "stat", lambda *_: seen)
    with pytest.raises(UnreadableDocument, match="No such file"):
        read_text(path)


def test_a_file_full_of_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "MAX_NUMBERS", 10)
    assert decode(b"1 " * 10) and decode(b"1234567890" * 9)
    for full in ("1 " * 11, "１，" * 11, "两个" * 11):
        with pytest.raises(ValueError, match="holds more than 10 numbers"):
            decode(full.encode())


@given(st.binary(max_size=200))
@settings(deadline=None)
def test_any_bytes_are_text_or_refused(data: bytes) -> None:
    try:
        text = decode(data)
    except ValueError as error:
        assert str(error)
    else:
        assert text.strip("\ufeff \t\r\n")


# ---- folders and the order of files


def test_folders_are_searched_for_texts(tmp_path: Path) -> None:
    wanted = [write(tmp_path / name, TEXT + name) for name in ("b.md", "sub/a.txt", "sub/deep/c.MARKDOWN")]
    write(tmp_path / "notes.log")
    documents, problems = read([tmp_path])
    assert [d.path for d in documents] == sorted(map(str, wanted))
    assert not problems
    # A file that is named is read whatever its suffix.
    assert only(read([tmp_path / "notes.log"])[0]).text == TEXT


def test_a_link_to_its_own_folder_ends(tmp_path: Path) -> None:
    path = write(tmp_path / "sub" / "a.txt")
    (tmp_path / "sub" / "loop").symlink_to(tmp_path / "sub")
    assert str(path) in [d.path for d in read([tmp_path])[0]]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="everything may be read")
def test_a_folder_that_may_not_be_listed_is_named(tmp_path: Path) -> None:
    good, locked = write(tmp_path / "a.txt"), tmp_path / "sub"
    write(locked / "b.txt")
    locked.chmod(0)
    documents, problems = read([tmp_path, locked / "b.txt"])
    locked.chmod(0o700)
    assert [d.path for d in documents] == [str(good)]
    assert [p.path for p in problems] == [str(locked), str(locked / "b.txt")]
    assert {p.reason for p in problems} == {"Permission denied"}


def test_a_folder_that_cannot_be_listed_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    good, locked, scandir = write(tmp_path / "a.txt"), tmp_path / "sub", os.scandir
    write(locked / "b.txt")

    def refusing(path: Any) -> Any:
        if Path(path) == locked:
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    documents, problems = read([tmp_path])
    assert [d.path for d in documents] == [str(good)]
    assert [(p.path, p.reason) for p in problems] == [(str(locked), "Permission denied")]


def test_the_order_of_files_makes_no_difference(tmp_path: Path) -> None:
    paths = [write(tmp_path / f"{i}.txt", TEXT.replace("520", str(520 + i))) for i in range(6)]
    paths.append(tmp_path / "missing.txt")
    wanted = read(paths)
    shuffled = random.Random(1)
    for _ in range(4):
        shuffled.shuffle(paths)
        assert read(paths) == wanted
    assert read([*paths, *paths])[0] == wanted[0]
    assert read([tmp_path])[0] == wanted[0]


# ---- title, date and place


@pytest.mark.parametrize("case", METADATA, ids=lambda case: case["name"])
def test_inferred(case: dict[str, Any]) -> None:
    document = parse(case["text"], "a.txt")
    if "title" in case:
        assert document.title == case["title"]
    if "date" in case:
        assert document.date == (date.fromisoformat(case["date"]) if case["date"] else None)
    if "place" in case:
        assert document.place == case["place"]
    assert document.inferred == ("title", "date", "place")


def test_the_manifest_beside_a_document(tmp_path: Path) -> None:
    write(tmp_path / "a.txt")
    write(
        tmp_path / "manifest.yaml",
        "note: 样本\ndocuments:\n  a.txt: {title: 某报, date: 2019-03-05, place: 河阳县}\n  b.txt: {}\n",
    )
    document = only(read([tmp_path])[0])
    assert (document.title, document.date, document.place) == ("某报", date(2019, 3, 5), "河阳县")
    assert document.note == "样本"
    assert document.inferred == ()
    assert document.text == TEXT


def test_a_manifest_may_leave_things_open(tmp_path: Path) -> None:
    write(tmp_path / "a.txt")
    write(tmp_path / "manifest.yaml", "documents: {a.txt: {place: 河阳县}}")
    document = only(read([tmp_path / "a.txt"])[0])
    assert (document.title, document.place) == ("清河市2020年统计公报", "河阳县")
    assert document.inferred == ("title", "date")


def test_a_manifest_that_is_named_overrides_the_one_beside(tmp_path: Path) -> None:
    write(tmp_path / "texts" / "a.txt")
    write(tmp_path / "texts" / "manifest.yaml", "documents: {a.txt: {title: 旧题, date: 2018}}")
    named = write(tmp_path / "named.yaml", "documents: {texts/a.txt: {title: 新题, date: 2019-07}}")
    document = only(read([tmp_path / "texts"], named)[0])
    assert (document.title, document.date) == ("新题", date(2019, 7, 1))


def test_front_matter(tmp_path: Path) -> None:
    head = "---\ntitle: 某报\ndate: 2019-03-05\nplace: 河阳县\n---\n"
    path = write(tmp_path / "a.md", head + TEXT)
    document = only(read([path])[0])
    assert (document.title, document.date, document.place) == ("某报", date(2019, 3, 5), "河阳县")
    assert document.text == head + TEXT
    assert document.flat == parse(TEXT, "a.md").flat
    # Offsets count from the beginning of the file, front matter and all.
    at = document.flat.index("520")
    assert document.text[document.offsets.source(at) :].startswith("520亿元")
    write(tmp_path / "manifest.yaml", "documents: {a.md: {title: 新题}}")
    document = only(read([path])[0])
    assert (document.title, document.place) == ("新题", "河阳县")


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("documents:\n  a.txt:\n    titel: x\n", 3, "unknown key 'titel' (did you mean 'title'?)"),
        ("document: {}\n", 1, "unknown key 'document'"),
        ("note: x\n", 1, "key 'documents' is missing"),
        ("documents:\n  a.txt: {title: 5}\n", 2, "5 is not a string"),
        ("documents: [a.txt\n", 2, "not YAML"),
        ("documents:\n  a.txt: {date: 2019-02-30}\n", None, "not a date: 2019-02-30"),
        ("documents:\n  a.txt: {date: gestern}\n", None, "not a date: gestern"),
    ],
)
def test_a_bad_manifest_says_where(text: str, line: int | None, says: str, tmp_path: Path) -> None:
    write(tmp_path / "a.txt")
    manifest = write(tmp_path / "manifest.yaml", text)
    with pytest.raises(BadData) as caught:
        read([tmp_path])
    assert caught.value.path == str(manifest)
    assert says in str(caught.value)
    if line is not None:
        assert caught.value.line == line


def test_a_manifest_that_is_not_there(tmp_path: Path) -> None:
    write(tmp_path / "a.txt")
    with pytest.raises(BadData, match="cannot be read"):
        read([tmp_path], tmp_path / "none.yaml")


def test_front_matter_that_cannot_be_read_is_a_problem_of_its_document(tmp_path: Path) -> None:
    bad, good = write(tmp_path / "bad.md", "---\ntitle: [\n---\n" + TEXT), write(tmp_path / "good.md")
    documents, problems = read([tmp_path])
    assert [d.path for d in documents] == [str(good)]
    assert problems[0].path == str(bad)
    assert "not YAML" in problems[0].reason


# ---- encodings that look like one another

TRADITIONAL = "2020年，全市生產總值完成520億元，同比增長6.1%，其中工業增加值三百億元。\n"
JAPANESE = "令和2年度の市内総生産は520億円で、前年度に比べて6.1％増加しました。\n"
KOREAN = "2020년 시의 지역내총생산은 520억 원으로 지난해보다 6.1% 늘었다. 인구는 십만 명이며 세입 예산은 크게 줄었다.\n"
ALIKE = {
    "big5": (TRADITIONAL, "big5"),
    "big5 of hong kong": (TRADITIONAL + "嘅啲", "big5hkscs"),
    "a line of big5": ("全市生產總值", "big5"),
    "traditional characters in gb18030": (TRADITIONAL, "gb18030"),
    "a line of gb18030": ("公报", "gb18030"),
    "rare characters in gb18030": ("亳州、漯河、濮阳、衢州、泸州、儋州、邛崃、喀喇沁", "gb18030"),
    "shift-jis": (JAPANESE, "cp932"),
    "euc-jp": (JAPANESE, "euc_jp"),
    "iso-2022-jp": (JAPANESE, "iso2022_jp"),
    "euc-kr": (KOREAN, "euc_kr"),
    "iso-2022-kr": (KOREAN, "iso2022_kr"),
    "hz": (TEXT, "hz"),
    "utf-7": (TEXT, "utf-7"),
    "a line of utf-16": (TEXT.strip(), "utf-16-le"),
    "a line of utf-16, big-endian": (TEXT.strip(), "utf-16-be"),
    "utf-8 with a NUL": (TEXT * 20 + "\0\n\0" + TEXT, "utf-8"),
    "gb18030 with a NUL": (TEXT * 20 + "a\n\0" + TEXT, "gb18030"),
    "ascii that is no utf-7": ("1+2-3, a+bcdefgh-i, https://a.b/?q=a+bcdefgh-1\n", "ascii"),
    "ascii that is no hz": ("~{a~} ~{!!!!~}\n", "ascii"),
}


@pytest.mark.parametrize("name", ALIKE)
def test_encodings_that_look_like_one_another(name: str) -> None:
    text, encoding = ALIKE[name]
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize(
    "data",
    [b"\0" * 5000 + TEXT.encode(), b"\x1b$)A\x0e1;\x0f\n" * 9, TEXT.encode() + b"\xff\xfe\xfd" * 99],
    ids=["NUL for the most part", "ISO 2022 of another kind", "undecodable bytes"],
)
def test_what_is_no_text_is_refused_and_not_misread(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"binary|known"):
        decode(data)

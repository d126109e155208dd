"""The file of a collection: what goes in comes out, and what is no collection is told apart in one line."""

from __future__ import annotations

import itertools
import os
import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, get_type_hints

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checker.collection import entries, index, load, remove, store, summary, verify
from checker.errors import BadCollection
from checker.model import Anchor, Claim, Document, How, OffsetMap, Record, claim_of, field_names
from checker.read import digest

# Texts as they come: with characters of any kind, and bytes of a file name that are no UTF-8.
TEXT = st.text(st.characters(), max_size=8) | st.just("a\udcff\udce4.txt")
NUMBER = st.decimals(allow_nan=False, allow_infinity=False) | st.sampled_from(
    [Decimal("1.20"), Decimal("1.2E+12"), Decimal("-0.00"), Decimal("9" * 40)]
)
HOW = st.builds(How, slot=TEXT, how=TEXT, text=TEXT)
ANCHOR = st.builds(Anchor, page=st.none() | st.integers(1, 9), row=TEXT, cell=TEXT)
KINDS = {
    "Anchor": ANCHOR, "str": TEXT, "int": st.integers(0, 2**40), "bool": st.booleans(), "Decimal": NUMBER,
    "tuple[How, ...]": st.lists(HOW, max_size=2).map(tuple), "tuple[str, ...]": st.lists(TEXT, max_size=2).map(tuple),
}  # fmt: skip
HINTS = {name: str(kind) for name, kind in Record.__annotations__.items()}
FIELDS = {
    name: KINDS[kind.removesuffix(" | None")] | (st.none() if kind.endswith(" | None") else st.nothing())
    for name, kind in HINTS.items()
}
COUNT = itertools.count()


def made(low: Decimal | None, high: Decimal | None, **record: Any) -> Claim:
    """A claim whose interval is one."""
    if low is not None and high is not None:
        low, high = min(low, high), max(low, high)
        record |= {"low_open": False, "high_open": False} if low == high else {}
    return claim_of(low=low, high=high, **record)


CLAIMS = st.lists(st.builds(made, **FIELDS), max_size=3)
DOCUMENTS = st.builds(
    Document,
    path=TEXT,
    text=TEXT,
    flat=st.just(""),
    offsets=st.just(OffsetMap((), ())),
    title=TEXT,
    date=st.none() | st.dates(),
    place=TEXT,
    digest=TEXT,
    note=TEXT,
)


def put(path: Path, document: Document, claims: list[Claim]) -> None:
    with store.writing(path, new=True) as db:
        store.put(db, store.stored(document, claims, 0, "{}"))


def test_every_field_of_a_claim_is_tried() -> None:
    assert list(FIELDS) == list(field_names(Claim))
    assert get_type_hints(Record)["value"] is Decimal


@given(DOCUMENTS, CLAIMS)
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_claims_come_out_as_they_went_in(tmp_path: Path, document: Document, claims: list[Claim]) -> None:
    path = tmp_path / f"{next(COUNT)}.db"
    put(path, document, claims)
    (found,), stated = load(path)
    names = ("path", "title", "date", "place", "digest", "note")
    assert [getattr(found, name) for name in names] == [getattr(document, name) for name in names]
    assert [repr(claim) for claim in stated] == [repr(claim) for claim in claims]  # 1.20 is not 1.2
    assert load(path, [document.place]) == ([found], stated)
    assert load(path, [document.place + "x"]) == ([], [])
    assert entries(path)[0].count == len(claims)
    with store.reading(path) as db:
        assert list(store.texts(db)) == [(document.path, "{}", store.Source(document.text, "text", ""))]


def test_a_place_is_looked_up_by_an_index(tmp_path: Path, write: Callable[..., Path]) -> None:
    path = tmp_path / "c.db"
    index([write("a.txt", "清河市"), write("b.txt", "河阳县"), write("c.txt", "清河市")], path)
    assert [Path(document.path).name for document in load(path, ["清河市", "清河市", "无"])[0]] == ["a.txt", "c.txt"]
    assert {claim.place for claim in load(path, ["河阳县"])[1]} == {"河阳县"}
    with store.reading(path) as db:
        plan = db.execute("EXPLAIN QUERY PLAN SELECT document FROM places WHERE place = CAST(? AS TEXT)", (b"x",))
        assert "USING INDEX places_place" in plan.fetchone()[3]


def test_a_summary(tmp_path: Path, write: Callable[..., Path]) -> None:
    path = tmp_path / "c.db"
    index([write("a.txt", "清河市", 2016), write("b.txt", "河阳县", 2020)], path)
    held = summary(path)
    assert {name: held[name] for name in ("format", "documents", "claims", "places", "years")} == {
        "format": store.FORMAT, "documents": 2, "claims": 6, "places": 2, "years": "2017–2021",
    }  # fmt: skip
    remove(path, [tmp_path])
    assert (summary(path)["documents"], summary(path)["years"]) == (0, "")


# ---- what is no collection


def _sound(path: Path) -> None:
    document = Document(
        "a.txt",
        "正文",
        "",
        OffsetMap((), ()),
        "",
        date(2021, 1, 1),
        "清河市",
        digest("正文"),
    )
    put(path, document, [])


def _changed(*statements: str) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        _sound(path)
        with closing(sqlite3.connect(path)) as db:
            for statement in statements:
                db.execute(statement)
            db.commit()

    return make


def _cut(path: Path) -> None:
    _sound(path)
    os.truncate(path, 10_000)


def _overwritten(path: Path) -> None:
    _sound(path)
    data = bytearray(path.read_bytes())
    data[4096 : len(data) - 4096] = b"\xa5" * (len(data) - 8192)
    path.write_bytes(data)


def _other_database(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE t (a)")


NONE: dict[str, tuple[Callable[[Path], Any], str]] = {
    "nothing": (lambda path: None, "no such collection"),
    "a folder": (lambda path: path.mkdir(), "is a folder"),
    "a link that leads nowhere": (lambda path: path.symlink_to("gone"), "cannot be opened"),
    "a link to itself": (lambda path: path.symlink_to(path), "cannot be opened"),
    "an empty file": (lambda path: path.write_bytes(b""), "holds no collection yet"),
    "a text": (lambda path: path.write_text("全市生产总值520亿元。" * 200), "is damaged, or no collection"),
    "bytes": (lambda path: path.write_bytes(bytes(range(256)) * 99), "is damaged, or no collection"),
    "another database": (_other_database, "is a database of something else"),
    "a newer format": (
        _changed(f"PRAGMA user_version = {store.FORMAT + 1}"),
        f"is of format {store.FORMAT + 1}; this version of checker reads format {store.FORMAT}",
    ),
    "cut short": (_cut, "is damaged"),
    "overwritten": (_overwritten, "is damaged"),
    "claims that do not read back": (_changed("UPDATE documents SET claims = x'00ff'"), "a.txt does not read back"),
    "a date that is none": (_changed("UPDATE documents SET date = 'gestern'"), "a.txt does not read back"),
    "a text that is none": (_changed("UPDATE documents SET title = CAST(x'ff' AS TEXT)"), "is damaged"),
    "no mark of its maker": (_changed("DELETE FROM meta"), "does not say which version made it"),
    "another version's": (_changed("UPDATE meta SET value = '0.0 x'"), "another version of checker read its claims"),
}
if hasattr(os, "mkfifo"):
    NONE["a pipe"] = (os.mkfifo, "is not a regular file")
if Path("/dev/zero").exists():
    NONE["a device"] = (lambda path: path.symlink_to("/dev/zero"), "is not a regular file")


@pytest.mark.parametrize("name", NONE)
def test_what_is_no_collection_is_told_in_one_line(name: str, tmp_path: Path) -> None:
    make, reason = NONE[name]
    path = tmp_path / "c.db"
    make(path)
    before = path.read_bytes() if path.is_file() else b""
    with pytest.raises(BadCollection) as caught:
        load(path)
    assert str(caught.value).startswith(f"{path}: ") and reason in str(caught.value)
    assert "\n" not in str(caught.value)
    assert (path.read_bytes() if path.is_file() else b"") == before


WRITABLE = ("nothing", "an empty file", "claims that do not read back", "a date that is none")
REREAD = ("another version's", "a text that is none", "no mark of its maker", "a link that leads nowhere")


@pytest.mark.parametrize("name", sorted(set(NONE) - {*WRITABLE, *REREAD}))
def test_nothing_is_written_into_what_is_no_collection(name: str, tmp_path: Path, write: Callable[..., Path]) -> None:
    make, reason = NONE[name]
    path = tmp_path / "c.db"
    make(path)
    before = path.read_bytes() if path.is_file() else b""
    with pytest.raises(BadCollection, match=reason):
        index([write("a.txt")], path)
    # In a damaged collection SQLite may have counted, in the header, that it was opened.
    start = 100 if reason == "is damaged" else 0
    assert (path.read_bytes() if path.is_file() else b"")[start:] == before[start:]


def test_a_folder_that_does_not_exist(tmp_path: Path, write: Callable[..., Path]) -> None:
    with pytest.raises(BadCollection, match="its folder does not exist"):
        index([write("a.txt")], tmp_path / "gone" / "c.db")
    with pytest.raises(BadCollection, match="no such collection"):
        remove(tmp_path / "c.db", [tmp_path])
    assert not (tmp_path / "c.db").exists()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="everything may be written")
def test_a_file_or_folder_that_may_not_be_written(tmp_path: Path, write: Callable[..., Path]) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    path = folder / "c.db"
    index([write("a.txt")], path)
    for locked in (path, folder):
        mode = locked.stat().st_mode
        locked.chmod(mode & ~0o222)
        assert len(load(path)[0]) == 1
        with pytest.raises(BadCollection, match=r"may not be written|cannot be opened"):
            index([write("b.txt")], path)
        locked.chmod(mode)


def test_no_flipped_byte_goes_further_than_one_line(tmp_path: Path, write: Callable[..., Path]) -> None:
    path = tmp_path / "c.db"
    index([write(f"{i}.txt", f"县{i % 3}") for i in range(12)], path)
    sound, flips = path.read_bytes(), random.Random(4)
    told = 0
    for _ in range(150):
        data = bytearray(sound)
        for _ in range(flips.choice([1, 8, 64])):
            data[flips.randrange(len(data))] ^= flips.randrange(1, 256)
        path.write_bytes(data)
        for use in (lambda: load(path), lambda: load(path, ["县1"]), lambda: entries(path), lambda: summary(path)):
            try:
                use()
            except BadCollection:
                told += 1
        try:
            told += bool(verify(path))
        except BadCollection:
            told += 1
    assert told


FAULTS = {
    "a text was changed": (
        "UPDATE texts SET text = (SELECT text FROM texts WHERE document = 2)",
        "its text is not the",
    ),
    "a text is missing": ("DELETE FROM texts WHERE document = 1", "does not read back"),
    "claims are missing": ("UPDATE documents SET count = 9 WHERE id = 1", "claims are missing"),
    "claims are damaged": ("UPDATE documents SET claims = x'00' WHERE id = 1", "does not read back"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_faults_are_named(name: str, tmp_path: Path, write: Callable[..., Path]) -> None:
    statement, reason = FAULTS[name]
    path = tmp_path / "c.db"
    index([write("a.txt"), write("b.txt", amount=5)], path)
    assert verify(path) == []
    with closing(sqlite3.connect(path)) as db:
        db.execute(statement)
        db.commit()
    (fault,) = verify(path)
    assert "a.txt" in fault and reason in fault


# ---- full disks


def test_a_full_disk_leaves_the_collection_as_it_was(
    tmp_path: Path, write: Callable[..., Path], room_for: Callable[[int], None]
) -> None:
    path = tmp_path / "c.db"
    index([write("a.txt")], path)
    before = load(path)
    room_for(30)
    with pytest.raises(BadCollection, match="the disk is full"):
        index([write(f"{i}.txt") for i in range(200)], path, jobs=1)
    assert load(path) == before and verify(path) == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="limits as on POSIX")
def test_a_file_that_may_grow_no_further(tmp_path: Path, write: Callable[..., Path]) -> None:
    """A real refusal of the system to write on, in a process of its own."""
    import resource

    path = tmp_path / "c.db"
    index([write("a.txt")], path)
    before = load(path)
    files = [write(f"{i}.txt") for i in range(200)]
    pid = os.fork()
    if not pid:
        code = 1
        try:
            resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, resource.RLIM_INFINITY))
            index(files, path, jobs=1)
        except BadCollection as error:
            code = 42 if error.reason.startswith("cannot be read or written") else 43
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 42
    assert load(path) == before and verify(path) == []

"""Reading documents into a collection: what is read again, what is kept together, and what may happen meanwhile."""

from __future__ import annotations

import itertools
import multiprocessing
import os
import random
import shutil
import signal
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checker import sqlitefile
from checker.collection import Indexed, entries, index, load, reindex, remove, store, verify
from checker.errors import BadCollection
from checker.extract import extract
from checker.read import read

indexing = import_module("checker.collection.index")
Write = Callable[..., Path]
POSIX = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes as on POSIX")


def counts(done: Indexed) -> tuple[int, int, int, int]:
    return done.added, done.replaced, done.unchanged, done.removed


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the documents that are read, as against looked at."""
    names: list[str] = []
    document_of = indexing.document_of

    def noted(raw: Any, path: str, known: dict[str, Any]) -> Any:
        names.append(Path(path).name)
        return document_of(raw, path, known)

    monkeypatch.setattr(indexing, "document_of", noted)
    return names


def test_what_is_new_or_changed_is_read(tmp_path: Path, write: Write, parsed: list[str]) -> None:
    path, folder = tmp_path / "c.db", tmp_path / "documents"
    for name in ("a.txt", "b.txt", "c.txt"):
        write(name)
    assert counts(index([folder], path)) == (3, 0, 0, 0)
    assert parsed == ["a.txt", "b.txt", "c.txt"]
    before, parsed[:] = path.read_bytes(), []
    assert counts(index([folder], path)) == (0, 0, 3, 0)
    assert counts(index([folder / "b.txt"], path)) == (0, 0, 1, 0)
    assert parsed == [] and load(path) == load(path)
    write("b.txt", amount=421.6)
    write("d.txt")
    assert counts(index([folder], path)) == (1, 1, 2, 0)
    assert parsed == ["b.txt", "d.txt"] and path.read_bytes() != before
    assert "421.6" in {claim.number for claim in load(path)[1]}


def test_what_a_manifest_says_is_part_of_a_document(tmp_path: Path, write: Write, parsed: list[str]) -> None:
    path, folder = tmp_path / "c.db", tmp_path / "documents"
    write("a.txt"), write("b.txt")
    index([folder], path)
    parsed.clear()
    (folder / "manifest.yaml").write_text("documents: {a.txt: {place: 河阳县, date: 2019-03-05}}", encoding="utf-8")
    assert counts(index([folder], path)) == (0, 1, 1, 0)
    assert parsed == ["a.txt"]
    assert [(entry.place, entry.date) for entry in entries(path)] == [
        ("河阳县", "2019-03-05"),
        ("清河市", "2021-01-20"),
    ]
    assert counts(index([folder], path)) == (0, 0, 2, 0)


@pytest.mark.parametrize("jobs", [1, 2])
def test_it_holds_what_reading_and_extraction_give(tmp_path: Path, write: Write, jobs: int) -> None:
    path = tmp_path / "c.db"
    files = [write(f"{i}.txt", f"县{i % 3}", 2016 + i % 5, 100 + i) for i in range(12)]
    index(files, path, jobs=jobs)
    documents, claims = load(path)
    wanted = read(files)[0]
    assert [document.path for document in documents] == [document.path for document in wanted]
    assert claims == [claim for document in wanted for claim in extract(document)[0]]


def test_what_cannot_be_read_stays_as_it_was(tmp_path: Path, write: Write) -> None:
    path, folder = tmp_path / "c.db", tmp_path / "documents"
    write("a.txt"), write("b.txt")
    index([folder], path)
    before = load(path)
    (folder / "a.txt").write_bytes(b"")
    (folder / "new.txt").write_bytes(b"\0" * 99)
    done = index([folder], path, prune=True)
    assert counts(done) == (0, 0, 1, 0)
    assert [Path(problem.path).name for problem in done.problems] == ["a.txt", "new.txt"]
    assert load(path) == before


def test_an_unexpected_exception_is_a_problem_of_its_document(
    tmp_path: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, folder = tmp_path / "c.db", tmp_path / "documents"
    write("a.txt"), write("b.txt"), write("c.txt")

    def failing(document: Any, *language: Any) -> Any:
        if document.path.endswith("b.txt"):
            raise RecursionError("too deep")
        return extract(document)

    monkeypatch.setattr(indexing, "extract", failing)
    done = index([folder], path, jobs=1)
    assert counts(done) == (2, 0, 0, 0)
    assert [(Path(p.path).name, p.reason) for p in done.problems] == [
        ("b.txt", "could not be read: RecursionError: too deep")
    ]
    monkeypatch.undo()
    index([folder], path)
    before = load(path)
    monkeypatch.setattr(indexing, "extract", failing)
    done = reindex(path, jobs=1)
    assert counts(done) == (0, 2, 0, 0) and len(done.problems) == 1
    assert load(path) == before


def test_a_process_killed_in_the_middle(tmp_path: Path, write: Write) -> None:
    path = tmp_path / "c.db"
    files = [write(f"{i:02d}.txt", amount=100 + i) for i in range(50)]
    reached = []

    def progress(done: int, of: int) -> None:
        reached.append((done, of))
        if done in (3, 20):
            for child in multiprocessing.active_children():
                os.kill(child.pid or 0, signal.SIGKILL)

    done = index(files, path, jobs=2, progress=progress)
    assert counts(done) == (50, 0, 0, 0) and not done.problems
    assert reached == [(i, 50) for i in range(51)]
    assert load(path)[1] == [claim for document in read(files)[0] for claim in extract(document)[0]]


# ---- pruning and removal

PRUNED: dict[str, tuple[list[str], list[str], list[str]]] = {
    # what is indexed again; which files are gone; what is removed
    "a folder": (["."], ["a.txt", "sub/c.txt"], ["a.txt", "sub/c.txt"]),
    "another folder": (["sub"], ["a.txt", "sub/c.txt"], ["sub/c.txt"]),
    "a folder whose name begins so": (["su"], ["sub/c.txt", "su/d.txt"], ["su/d.txt"]),
    "a folder named in another way": (["sub/../sub/"], ["sub/c.txt"], ["sub/c.txt"]),
    "a file": (["a.txt"], ["b.txt"], []),
    "a file that is gone": (["a.txt"], ["a.txt"], []),
    "a folder that is gone": (["sub", "su"], ["sub/c.txt", "sub", "su/d.txt"], ["su/d.txt"]),
    "nothing is gone": (["."], [], []),
}
FILES = ("a.txt", "b.txt", "sub/c.txt", "su/d.txt")


@pytest.mark.parametrize("name", PRUNED)
def test_documents_whose_files_are_gone(tmp_path: Path, write: Write, name: str) -> None:
    tops, gone, removed = PRUNED[name]
    path, folder = tmp_path / "c.db", tmp_path / "documents"
    for file in FILES:
        write(file)
    index([folder], path)
    for file in gone:
        (folder / file).rmdir() if (folder / file).is_dir() else (folder / file).unlink()
    assert index([Path(f"{folder}/{top}") for top in tops], path).removed == 0
    assert index([Path(f"{folder}/{top}") for top in tops], path, prune=True).removed == len(removed)
    left = {str(folder / file) for file in FILES if file not in removed}
    assert {entry.path for entry in entries(path)} == left
    assert verify(path) == []


def test_a_file_with_a_second_name_is_not_gone(tmp_path: Path, write: Write) -> None:
    path, folder = tmp_path / "c.db", tmp_path / "documents"
    write("b.txt")
    index([folder], path)
    (folder / "a.txt").symlink_to("b.txt")
    assert index([folder], path, prune=True).removed == 0


def test_removal(tmp_path: Path, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    path, folder = tmp_path / "c.db", tmp_path / "documents"
    for file in FILES:
        write(file)
    monkeypatch.chdir(folder)
    index([Path(".")], path)
    assert remove(path, [folder / "sub", Path("a.txt"), Path("gone.txt")]) == [["sub/c.txt"], ["a.txt"], []]
    assert [entry.path for entry in entries(path)] == ["b.txt", "su/d.txt"]
    with store.reading(path) as db:
        assert db.execute("SELECT count(*) FROM texts").fetchone() == (2,)


# ---- one by one, all at once, and again

MADE = st.lists(
    st.tuples(st.integers(0, 5), st.sampled_from(["清河市", "河阳县"]), st.integers(2016, 2019), st.integers(1, 4)),
    min_size=1,
    max_size=8,
)
COUNT = itertools.count()


@given(MADE, st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_one_by_one_is_all_at_once(tmp_path: Path, write: Write, made: Any, order: random.Random) -> None:
    """Each document comes and changes in any order; documents not wanted come and go."""
    path, once = tmp_path / f"{next(COUNT)}.db", tmp_path / f"{next(COUNT)}.db"
    shutil.rmtree(tmp_path / "documents", ignore_errors=True)
    files = set()
    for number, place, year, amount in made:
        files.add(write(f"{number}.txt", place, year, amount * 100.5))
        index([write("other.txt", place, year, amount), *files], path)
        if order.random() < 0.4:
            reindex(path)
        if order.random() < 0.4:
            remove(path, [tmp_path / "documents" / "other.txt"])
    remove(path, [tmp_path / "documents" / "other.txt"])
    index(sorted(files), once)
    assert load(path) == load(once)
    assert entries(path) == entries(once)
    assert verify(path) == verify(once) == []


@pytest.mark.parametrize("jobs", [1, 2])
def test_claims_are_read_again_off_the_texts(tmp_path: Path, write: Write, jobs: int) -> None:
    path, folder = tmp_path / "c.db", tmp_path / "documents"
    for i in range(6):
        write(f"{i}.txt", amount=i + 1)
    (folder / "manifest.yaml").write_text("documents: {0.txt: {date: 2018-01-01, note: 样本}}", encoding="utf-8")
    index([folder], path)
    before = load(path)
    shutil.rmtree(folder)
    assert counts(reindex(path, jobs=jobs)) == (0, 6, 0, 0)
    assert load(path) == before


@pytest.mark.parametrize("again", ["reindex", "index"])
def test_what_another_version_has_read(
    tmp_path: Path, write: Write, monkeypatch: pytest.MonkeyPatch, again: str
) -> None:
    """Its claims are not compared with those of this version, but read again first."""
    path = tmp_path / "c.db"
    old, new = write("a.txt"), write("b.txt")
    monkeypatch.setattr(store, "made_with", lambda *_: "0.0 other")
    monkeypatch.setattr(indexing, "extract", lambda *_: ([], []))
    index([old], path)
    monkeypatch.undo()
    with pytest.raises(BadCollection, match="another version of checker read its claims"):
        load(path)
    assert len(entries(path)) == 1 and verify(path) == []
    reindex(path) if again == "reindex" else index([new], path)
    assert load(path)[1][:3] == extract(read([old])[0][0])[0]


# ---- killed, interrupted, and several at once


def _process(work: Callable[[], Any]) -> multiprocessing.process.BaseProcess:
    process = multiprocessing.get_context("fork").Process(target=work)
    process.start()
    return process


@POSIX
def test_killed_at_any_moment(tmp_path: Path, write: Write) -> None:
    """The file holds the state before or the state after, and can be written at once."""
    path, start, folder = tmp_path / "c.db", tmp_path / "start.db", tmp_path / "documents"
    for i in range(40):
        write(f"{i}.txt", f"县{i % 4}", amount=i + 1)
    index([folder], start)
    before = load(start)
    for i in range(20, 60):
        write(f"{i}.txt", f"县{i % 5}", amount=i + 2)
    for i in range(5):
        (folder / f"{i}.txt").unlink()

    def work() -> None:
        index([folder], path, jobs=1, prune=True)

    shutil.copy(start, path)
    began = time.perf_counter()
    work()
    whole, after = time.perf_counter() - began, load(path)
    assert len(after[0]) == 55 and after != before
    moments, seen, killed = random.Random(7), set(), 0
    for n in range(40):
        shutil.copy(start, path)
        process = _process(work)
        # Most of them towards the end, where the changes are written.
        process.join(whole * (moments.uniform(0, 1.3) if n % 2 else moments.uniform(0.8, 1.3)))
        process.kill()
        process.join()
        killed += process.exitcode == -signal.SIGKILL
        found = load(path)
        assert found in (before, after), f"between, at kill {n}"
        assert verify(path) == []
        seen.add(found == after)
        if not n % 8:
            work()
            assert load(path) == after
        for rest in tmp_path.glob("c.db*"):
            rest.unlink()
    assert killed >= 10 and False in seen


@POSIX
def test_killed_while_a_new_one_is_made(tmp_path: Path, write: Write) -> None:
    path = tmp_path / "c.db"
    files = [write(f"{i}.txt", amount=i + 1) for i in range(20)]
    moments = random.Random(3)
    for _ in range(10):
        process = _process(lambda: index(files, path, jobs=1))
        process.join(moments.uniform(0, 0.08))
        process.kill()
        process.join()
        try:
            assert len(load(path)[0]) in (0, 20)
        except BadCollection as error:
            assert error.reason in ("no such collection", "holds no collection yet")
    index(files, path)
    assert len(load(path)[0]) == 20 and verify(path) == []


@POSIX
def test_several_write_at_once_and_nothing_is_lost(tmp_path: Path, write: Write) -> None:
    path = tmp_path / "c.db"
    files = [write(f"{i}.txt", amount=i + 1) for i in range(40)]
    writers = [_process(lambda mine=files[k::4]: index(mine, path, jobs=1)) for k in range(4)]  # type: ignore[misc]
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0, 0, 0, 0]
    assert len(load(path)[0]) == 40 and verify(path) == []


def test_others_read_meanwhile_and_a_second_writer_is_told(
    tmp_path: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "c.db"
    index([write("a.txt")], path)
    before = load(path)
    monkeypatch.setattr(sqlitefile, "PATIENCE", 0.2)
    with store.writing(path) as db:
        for number in range(60):
            store.put(
                db,
                store.Stored(
                    f"{number}", "", "{}", "", None, "", "", "{}", (), 0, 0, os.urandom(90_000), b"", "", None
                ),
            )
        assert load(path) == before
        with pytest.raises(BadCollection, match="is in use by another process"):
            index([write("b.txt")], path)
    assert len(entries(path)) == 61


def test_a_reader_does_not_stop_a_writer(tmp_path: Path, write: Write) -> None:
    path = tmp_path / "c.db"
    index([write("a.txt")], path)
    with store.reading(path) as db:
        assert len(store.entries(db)) == 1
        index([write("b.txt")], path)
        assert len(store.entries(db)) == 2
    index([write("c.txt")], path)
    assert [file.name for file in tmp_path.glob("c.db*")] == ["c.db"]  # one file, once nobody has it open


@pytest.mark.parametrize("when", [1, 5, 10])
def test_an_interrupt_leaves_it_as_it_was(tmp_path: Path, write: Write, when: int) -> None:
    path = tmp_path / "c.db"
    index([write("a.txt")], path)
    before = load(path)

    def interrupted(done: int, of: int) -> None:
        if done == when:
            raise KeyboardInterrupt

    for jobs in (1, 2):
        with pytest.raises(KeyboardInterrupt):
            index([write(f"{i}.txt") for i in range(10)], path, jobs=jobs, progress=interrupted)
        assert load(path) == before
        assert not multiprocessing.active_children()


def test_an_interrupt_that_comes_when_all_is_kept_is_too_late(
    tmp_path: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect = sqlitefile.connect

    class Interrupted:
        """A connection during whose last statement Ctrl-C is pressed."""

        def __init__(self, *arguments: Any) -> None:
            self.db = connect(*arguments)

        def __getattr__(self, name: str) -> Any:
            return getattr(self.db, name)

        def execute(self, statement: str, *values: Any) -> Any:
            done = self.db.execute(statement, *values)
            if statement == "COMMIT":
                raise KeyboardInterrupt
            return done

    monkeypatch.setattr(sqlitefile, "connect", Interrupted)
    assert counts(index([write("a.txt")], tmp_path / "c.db")) == (1, 0, 0, 0)
    monkeypatch.undo()
    assert len(entries(tmp_path / "c.db")) == 1

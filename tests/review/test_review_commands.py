"""`checker review` as people start and end it."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
import uvicorn
from reviewdesk import RULES, TEXTS, House

from checker.collection import index
from checker.decisions import load
from checker.errors import BadCollection
from checker.pipeline import audit, audit_collection
from checker.review import material

SECONDS = 30


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    """A folder of reports that differ, with what is known of them."""
    folder = tmp_path / "reports"
    folder.mkdir()
    about = ["documents:"]
    for n, text in enumerate(TEXTS, start=1):
        (folder / f"{n}.txt").write_text(text, encoding="utf-8")
        about.append(f"  {n}.txt: {{title: 第{n}份报告, date: 2021-0{n}-20, place: 清河市}}")
    (folder / "manifest.yaml").write_text("\n".join(about), encoding="utf-8")
    return folder


@pytest.fixture
def desk(command: str, tmp_path: Path) -> Callable[..., Any]:
    """`checker review` in a process of its own, until the block is left; tells its address, which it says first."""

    @contextmanager
    def opened(*arguments: str | Path, **environment: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
        started = subprocess.Popen(
            [command, "review", "--no-open", *map(str, arguments)], cwd=tmp_path, text=True, encoding="utf-8",
            env=os.environ | {"LANG": "zh_CN.UTF-8", "PYTHONUNBUFFERED": "1"} | environment,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        try:
            assert started.stdout and started.stderr
            lines = [started.stdout.readline() for _ in range(2)]
            found = re.search(r"http://\S+", lines[0])
            assert found, (lines, started.stderr.read())
            assert "Ctrl-C" in lines[1] and "decisions.db" in lines[1]
            yield started, found[0]
        finally:
            started.kill()
            started.communicate()

    return opened


def ended(started: subprocess.Popen[str], by: int) -> tuple[int, str, str, float]:
    """How a process ends when it is told to: its code, what it said, and how long it took."""
    began = time.monotonic()
    started.send_signal(by)
    out, err = started.communicate(timeout=SECONDS)
    return started.returncode, out, err, time.monotonic() - began


# ---- start and end


def test_the_desk_says_where_it_is_answers_and_ends_at_once(desk: Callable[..., Any], reports: Path) -> None:
    with desk("reports", "--port", "0", "--as", "张三") as (started, address):
        assert re.fullmatch(r"http://127\.0\.0\.1:[1-9]\d*/", address)
        with httpx2.Client(base_url=address) as browser:
            page = browser.get("/")
            assert page.status_code == 200 and "张三" in page.text
            token = re.search(r'name="token" value="([^"]+)"', page.text)
            finding = re.search(r'href="(/finding/[0-9a-f]{16})"', page.text)
            assert token and finding and len(token[1]) >= 32
            form = {"token": token[1], "to": "rounding", "seen": "0"}
            assert browser.post(f"{finding[1]}/verdict", data=form).status_code == 303
            assert browser.get("/", headers={"host": "evil.example"}).status_code == 421
            sent = [b"token=" + token[1].encode(), b"&to=rounding"]  # in pieces, of a length nobody gives
            assert browser.post(f"{finding[1]}/verdict", content=iter(sent)).status_code == 413
            assert "server" not in page.headers
            # A browser keeps its connection open; that is nothing to wait for.
            code, out, err, took = ended(started, signal.SIGINT)
    assert (code, out, err) == (130, "", "")  # as shells count an interrupt
    assert took < 10
    (kept,) = load(reports.parent / "decisions.db")
    assert (kept.who, kept.to) == ("张三", "rounding")


@pytest.mark.skipif(sys.platform == "win32", reason="signals as on POSIX")
def test_the_desk_ends_when_it_is_told_to(desk: Callable[..., Any], reports: Path) -> None:
    with desk("reports", "--port", "0", "--lang", "en") as (started, _):
        code, _, err, took = ended(started, signal.SIGTERM)
    assert code in (0, -signal.SIGTERM, 128 + signal.SIGTERM) and err == "" and took < 10


def test_every_run_has_tokens_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from checker.review import serve as module

    house, given, said = House(tmp_path / "d.db"), [], []

    def application(_: Any, host: str, token: str, entry: str, as_: str) -> None:
        given.append((host, token, entry))

    monkeypatch.setattr(sys.modules[module.__module__], "application", application)
    monkeypatch.setattr(uvicorn.Server, "run", lambda *_, **__: None)
    for host in ("127.0.0.1", "localhost", "::1", "127.0.0.9", "0.0.0.0", "::", "10.0.0.7", "desk.example"):
        with socket.socket() as bound:
            bound.bind(("127.0.0.1", 0))
            module(house.desk, bound, host, "", said.append, browse=False)
    assert [bool(entry) for *_, entry in given] == [False] * 4 + [True] * 4
    tokens = [token for _, *found in given for token in found if token]
    assert len(set(tokens)) == 12 and min(map(len, tokens)) >= 32
    for (_, token, entry), address in zip(given, said, strict=True):
        assert address.endswith(f"/?token={entry}" if entry else "/") and token not in address


def test_an_address_that_others_can_reach_holds_a_token(desk: Callable[..., Any], reports: Path) -> None:
    with desk("reports", "--port", "0", "--host", "0.0.0.0") as (_, address):
        found = re.fullmatch(r"http://[^:/]+:(\d+)/\?token=([\w-]{32,})", address)
        assert found
        here = f"http://127.0.0.1:{found[1]}"
        refused = httpx2.get(f"{here}/")
        assert refused.status_code == 403 and "清河市" not in refused.text
        with httpx2.Client(follow_redirects=True) as browser:
            page = browser.get(f"{here}/?token={found[2]}")
            assert page.status_code == 200 and str(page.url) == f"{here}/" and found[2] not in page.text


# ---- what cannot be done


def test_a_port_in_use_is_told_in_one_line(process: Callable[..., Any], reports: Path, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = process("review", reports, "--no-open", "--port", port, "--decisions", tmp_path / "d.db")
    told = done.stderr.decode()
    assert done.returncode == 2 and told.count("\n") == 1 and f"cannot listen on 127.0.0.1, port {port}" in told
    assert not (tmp_path / "d.db").exists()


REFUSED: dict[str, tuple[list[str], str]] = {
    "no such host": (["reports", "--host", "256.0.0.1"], "cannot listen on 256.0.0.1"),
    "no documents": ([], "no documents to review"),
    "a damaged file": (["reports", "--decisions", "damaged.db"], "damaged.db: is damaged, or no store of decisions"),
    "a file of something else": (["reports", "--decisions", "c.db"], "c.db: is a database of something else"),
    "a folder": (["reports", "--decisions", "reports"], "reports: is a folder"),
    "no folder": (["reports", "--decisions", "gone/d.db"], "gone/d.db: its folder does not exist"),
    "decisions as documents": (["d.db"], "d.db: is a database of something else"),
    "a name too long": (["reports", "--as", "长" * 61], "a name of more than 60 characters"),
    "a name that does not print": (["reports", "--as", "张\u202e三"], "characters that do not print"),
    "a name that is no text": (["reports", "--as", "\udcff"], "characters that do not print"),
    "an unknown rule": (["reports", "--select", "nothing-like-it"], "nothing-like-it"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_opened_is_told_in_one_line(
    name: str, checker: Callable[..., Any], reports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments, reason = REFUSED[name]
    (tmp_path / "damaged.db").write_text("结论：四舍五入。" * 200, encoding="utf-8")
    index([reports / "1.txt"], tmp_path / "c.db")
    monkeypatch.chdir(tmp_path)
    checker("decisions", "import", "d.db", os.devnull)
    before = {path: path.read_bytes() for path in tmp_path.glob("*.db")}
    done = checker("review", *arguments, "--no-open", "--port", "0")
    assert done.exit_code == 2 and done.stderr.count("\n") == 1 and reason in done.stderr, done.stderr
    assert {path: path.read_bytes() for path in tmp_path.glob("*.db") if path in before} == before


# ---- what is under review


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The desks that would have been opened."""
    from checker import review

    desks: list[Any] = []

    def serve(desk: Any, bound: socket.socket, *_: Any, **__: Any) -> None:
        bound.close()
        desks.append(desk)

    monkeypatch.setattr(review, "serve", serve)
    return desks


def test_what_cannot_be_read_is_named_and_the_rest_goes_on(
    checker: Callable[..., Any], reports: Path, tmp_path: Path, served: list[Any]
) -> None:
    (reports / "5.txt").write_bytes(b"\x00\x01\x02" * 99)
    (reports / "6.txt").write_bytes(b"")
    gone = reports / "gone.txt"
    done = checker("review", reports, gone, "--no-open", "--port", "0", "--decisions", tmp_path / "d.db")
    assert done.exit_code == 0
    told = done.stderr.splitlines()
    assert len(told) == 3 and all(any(f"{path}: " in line for line in told) for path in (
        reports / "5.txt", reports / "6.txt", gone))  # fmt: skip
    (desk,) = served
    assert len(desk.material.findings) == 7 and len(desk.material.documents) == 4


def test_what_is_not_said_comes_from_the_configuration(
    checker: Callable[..., Any], reports: Path, tmp_path: Path, served: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = ['paths = ["reports"]', 'decisions = "kept.db"', 'lang = "en"']
    (tmp_path / "checker.toml").write_text("\n".join(lines), encoding="utf-8")
    below = tmp_path / "below"
    below.mkdir()
    monkeypatch.chdir(below)
    assert checker("review", "--no-open", "--port", "0").exit_code == 0
    monkeypatch.chdir(below)
    assert checker("review", reports / "1.txt", "--decisions", "own.db", "--lang", "zh", "--no-open", "--port", "0",
                   "--blind", "--sign-off").exit_code == 0  # fmt: skip
    configured, said = served
    assert configured.file == tmp_path / "kept.db" and configured.lang == "en" and not configured.blind
    assert len(configured.material.documents) == 4 and (tmp_path / "kept.db").exists()
    assert (said.lang, said.blind, said.sign_off) == ("zh", True, True) and (below / "own.db").exists()
    assert len(said.material.documents) == 1


def test_the_collection_of_the_configuration_is_reviewed_where_no_paths_are(
    checker: Callable[..., Any], reports: Path, tmp_path: Path, served: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    index([reports], tmp_path / "c.db")
    (tmp_path / "checker.toml").write_text('collection = "c.db"\n', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert checker("review", "--no-open", "--port", "0").exit_code == 0
    (desk,) = served
    assert len(desk.material.documents) == 4 and len(desk.material.findings) == 7


@pytest.mark.parametrize("of", ["reports", "seeds"])
def test_a_collection_shows_what_its_documents_do(
    of: str, root: Path, checker: Callable[..., Any], reports: Path, tmp_path: Path, served: list[Any]
) -> None:
    folder = reports if of == "reports" else root / "seeds"
    index([folder], tmp_path / "c.db")
    for given in (folder, tmp_path / "c.db"):
        done = checker("review", given, "--no-open", "--port", "0", "--decisions", tmp_path / "d.db")
        assert done.exit_code == 0 and done.stderr == ""
    plain, held = (desk.material for desk in served)
    assert plain.findings == held.findings and len(plain.findings) > 0
    assert plain.claims == held.claims and plain.facts == held.facts
    assert [one.path for one in plain.documents] == [one.path for one in held.documents]
    assert {one.path: plain.text(one.path) for one in plain.documents} == {
        one.path: held.text(one.path) for one in held.documents
    }
    assert all(one.text for one in plain.documents)


def test_a_collection_that_is_read_again_meanwhile_is_told(
    checker: Callable[..., Any], reports: Path, tmp_path: Path, served: list[Any]
) -> None:
    """Where figures stand is known of the text that was audited, not of another."""
    folder = shutil.copytree(reports, tmp_path / "mine")
    index([folder], tmp_path / "c.db")
    done = checker("review", tmp_path / "c.db", "--no-open", "--port", "0", "--decisions", tmp_path / "d.db")
    assert done.exit_code == 0
    (desk,) = served
    first, other = (document.path for document in desk.material.documents[:2])
    Path(first).write_text("新的一行。\n" + Path(first).read_text(encoding="utf-8"), encoding="utf-8")
    index([folder], tmp_path / "c.db")
    assert desk.material.text(other).path == other
    with pytest.raises(BadCollection, match="was read again after the desk was opened"):
        desk.material.text(first)


def test_one_name_is_not_given_to_all_whom_the_desk_lets_in(checker: Callable[..., Any], reports: Path) -> None:
    done = checker("review", reports, "--as", "张三", "--host", "0.0.0.0", "--no-open")
    assert done.exit_code == 2 and "--as names one person" in done.stderr


def test_an_audit_of_a_collection_is_that_of_its_documents(root: Path, tmp_path: Path) -> None:
    index([root / "seeds"], tmp_path / "c.db")
    ours, theirs = audit([root / "seeds"], rules=RULES), audit_collection(tmp_path / "c.db", RULES)
    assert ours.findings == theirs.findings and ours.facts == theirs.facts and ours.claims == theirs.claims
    assert material(ours, RULES).groups == material(theirs, RULES).groups

"""Who is let in, what every answer carries, and that no request reaches a file."""

from __future__ import annotations

import re
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlencode

import pytest
from reviewdesk import ENTRY, FORM, HOST, TOKEN, Answer, House, Page, ask, assert_sober

from checker.review.guard import HEADERS, MAX_BODY

# Pages of every kind; what stands in braces is filled in.
PAGES = (
    "/", "/?state=all&q=%E6%B8%85&level=error", "{finding}", "/fact/{fact}", "/document", "/document/0",
    "/document/0?part=1&from={fingerprint}", "/figures",
)  # fmt: skip


def pages(house: House) -> list[str]:
    fact = next(iter(house.desk.material.facts))
    about = {"finding": house.path(0), "fact": fact, "fingerprint": house.findings[0].fingerprint}
    return [page.format(**about) for page in PAGES]


def form(**fields: str) -> bytes:
    return urlencode({"token": TOKEN, "to": "rounding", "who": "张三", "seen": "0"} | fields).encode()


def posted(house: House, body: bytes, *headers: tuple[str, str], path: str = "", **options: Any) -> Answer:
    """A form as a browser sends it, with headers besides."""
    usual = [("host", HOST), ("content-type", FORM), ("content-length", str(len(body)))]
    return ask(house.app, "POST", path or f"{house.path(0)}/verdict", [*usual, *headers], [body], **options)


def assert_refused(answer: Answer, status: int) -> None:
    """Refused in words, by a page that holds neither the token nor anything of a document."""
    assert answer.status == status
    told = answer.body.decode()
    assert "未能完成" in told
    for secret in (TOKEN, ENTRY, "清河市", "地区生产总值", "一月的报告", "1.txt", "412.6"):
        assert secret not in told and secret not in str(answer.headers)


# ---- the name that a request asks for

NAMES = {
    # what it listens on, and the Host headers with whether they are let in
    "127.0.0.1": {
        "127.0.0.1": True, "127.0.0.1:8642": True, "localhost": True, "localhost:8642": True, "LOCALHOST:8642": True,
        "LocalHost": True, "[::1]:8642": True, "127.0.0.1:": True,
        "evil.example": False, "evil.example:8642": False, "127.0.0.1.evil.example": False,
        "127.0.0.1.nip.example:8642": False, "localhost.evil.example": False, "localhost.": False, "127.1": False,
        "2130706433": False, "0x7f.0.0.1": False, "127.0.0.1.": False, "0.0.0.0": False, "192.168.1.7": False,
        "[::ffff:127.0.0.1]": False, "[::1": False, "::1": False, "": False, " ": False, ":8642": False,
        "user@127.0.0.1": False, "user:word@127.0.0.1:8642": False, "@127.0.0.1": False, ":@localhost": False,
        "127.0.0.1@evil.example": False, "127.0.0.1:80@evil.example": False, "127.0.0.1/": False, "127.0.0.1?x": False,
        "127.0.0.1#x": False, "127.0.0.1#@evil.example": False, "evil.example#127.0.0.1": False,
        "127.0.0.1\\evil.example": False, "127.0.0.1:x": False, "127.0.0.1:99999": False, "127.0.0.1:-1": False,
        "127.0.0.1 evil.example": False, "127.0.0.1,evil.example": False, "127.0.0.1\tx": False, "\xff\xfe": False,
        "localhost\x00": False, "ｌocalhost".encode().decode("latin-1"): False,
    },
    "0.0.0.0": {
        "192.168.1.7:8642": True, "10.0.0.1": True, "127.0.0.1": True, "localhost:8642": True, "[fd00::7]:8642": True,
        socket.gethostname(): True, socket.gethostname().upper(): True,
        "evil.example": False, "192.168.1.7.evil.example": False, "": False, "3232235783": False,
        "user@10.0.0.1": False,
    },
    "192.168.1.7": {
        "192.168.1.7": True, "192.168.1.7:80": True, socket.gethostname(): True,
        "192.168.1.8": False, "localhost": False, "127.0.0.1": False, "evil.example": False,
    },
    "::1": {"[::1]:8642": True, "localhost": True, "127.0.0.1": True, "[::2]": False, "evil.example": False},
    "desk.example": {"desk.example": True, "DESK.example:8642": True, "desk.example.evil.example": False},
}  # fmt: skip


@pytest.mark.parametrize("bound", NAMES)
def test_only_the_names_of_the_desk_are_answered(bound: str, tmp_path: Path) -> None:
    house = House(tmp_path / "d.db", host=bound)
    for name, fits in NAMES[bound].items():
        answer = ask(house.app, headers=[("host", name)])
        if fits:
            assert answer.status == 200, name
        else:
            assert_refused(answer, 421)


@pytest.mark.parametrize("given", [[], [("host", HOST)] * 2, [("host", HOST), ("host", "evil.example")]])
def test_a_request_asks_for_just_one_name(given: list[tuple[str, str]], house: House) -> None:
    assert_refused(ask(house.app, headers=given), 421)


def test_a_form_to_another_name_is_refused_whatever_it_holds(house: House) -> None:
    answer = ask(
        house.app, "POST", f"{house.path(0)}/verdict",
        [("host", "evil.example:8642"), ("origin", "http://evil.example:8642"), ("content-length", "60")], [form()],
    )  # fmt: skip
    assert_refused(answer, 421)
    assert house.events() == []


# ---- where a form comes from

FOREIGN = {
    "another site": [("origin", "http://evil.example")],
    "a page of no site": [("origin", "null")],
    "another port": [("origin", "http://127.0.0.1:8000")],
    "another name of this machine": [("origin", "http://localhost:8642")],
    "another scheme": [("origin", "https://127.0.0.1:8642")],
    "a name that begins alike": [("origin", f"http://{HOST}.evil.example")],
    "an empty origin": [("origin", "")],
    "a cross-site form": [("sec-fetch-site", "cross-site")],
    "a form of a sister": [("sec-fetch-site", "same-site")],
    "a form of no page": [("sec-fetch-site", "none")],
    "two tales": [("origin", f"http://{HOST}"), ("sec-fetch-site", "cross-site")],
    "two tales the other way": [("origin", "http://evil.example"), ("sec-fetch-site", "same-origin")],
}


@pytest.mark.parametrize("name", FOREIGN)
def test_a_form_from_elsewhere_is_refused_even_with_the_token(name: str, house: House) -> None:
    assert_refused(posted(house, form(), *FOREIGN[name]), 403)
    assert house.events() == []


OURS = [[], [("origin", f"http://{HOST}")], [("origin", f"http://{HOST}"), ("sec-fetch-site", "same-origin")]]


@pytest.mark.parametrize("headers", OURS)
def test_a_form_of_our_own_is_taken(headers: list[tuple[str, str]], house: House) -> None:
    assert posted(house, form(), *headers).status == 303
    assert [one.to for one in house.events()] == ["rounding"]


@pytest.mark.parametrize("action", ["verdict", "assign", "undo", "reviewer"])
def test_a_form_without_the_token_does_nothing(action: str, house: House) -> None:
    path = "/reviewer" if action == "reviewer" else f"{house.path(0)}/{action}"
    for token in ("", "x", TOKEN[:-1], TOKEN + "x", TOKEN.upper(), "口令", "%00", "\ud7ff"):
        answer = posted(house, form(token=token), path=path)
        assert_refused(answer, 403)
        assert house.events() == [] and "set-cookie" not in answer.headers


def test_what_was_typed_is_kept_where_a_form_is_out_of_date(house: House) -> None:
    """The desk was opened again, and a page of its last run is sent."""
    answer = posted(house, form(token="of another run", reason="初步数与终核数", note="已问<b>统计局</b>"))
    assert answer.status == 403
    assert "初步数与终核数" in answer.body.decode() and "已问&lt;b&gt;统计局" in answer.body.decode()


def test_the_token_counts_in_the_form_alone(house: House) -> None:
    assert posted(house, b"to=rounding", path=f"{house.path(0)}/verdict?token={TOKEN}").status == 403
    assert posted(house, b"to=rounding", ("token", TOKEN), ("cookie", f"token={TOKEN}")).status == 403
    assert ask(house.app, "GET", f"{house.path(0)}/verdict?token={TOKEN}&to=rounding&who=x").status == 405
    assert house.events() == []


# ---- other requests


@pytest.mark.parametrize("path", ["/", "/static/review.js", "/nothing"])
def test_other_methods_are_refused(path: str, house: House) -> None:
    for method in ("PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "CONNECT", "get", "PROPFIND"):
        answer = ask(house.app, method, path, [("host", HOST), ("origin", "http://evil.example")])
        assert_refused(answer, 405)
        assert not any(name.startswith("access-control-") for name in answer.headers)


def test_a_form_to_a_page_is_refused(house: House) -> None:
    for path in ("/", "/document", "/document/0", "/figures", "/static/review.js"):
        assert_refused(posted(house, form(), path=path), 405)


def test_a_page_to_a_form_is_refused(house: House) -> None:
    for path in ("/reviewer", *(f"{house.path(0)}/{action}" for action in ("verdict", "assign", "undo"))):
        assert_refused(ask(house.app, "GET", path), 405)


LENGTHS = {
    "too long": [("content-length", str(MAX_BODY + 1))],
    "far too long": [("content-length", "9" * 40)],
    "not said": [],
    "negative": [("content-length", "-1")],
    "no number": [("content-length", "x")],
    "in other digits": [("content-length", "²")],
    "in pieces": [("transfer-encoding", "chunked")],
    # A server reads by the pieces then, however long they are in all.
    "in pieces, with a length": [("content-length", "60"), ("transfer-encoding", "chunked")],
}


@pytest.mark.parametrize("name", LENGTHS)
def test_a_body_of_unknown_or_great_length_is_not_read(name: str, house: House) -> None:
    class Unread(list[bytes]):
        def pop(self, index: Any = -1) -> bytes:
            raise AssertionError("the body was read")

    headers = [("host", HOST), ("content-type", FORM), *LENGTHS[name]]
    answer = ask(house.app, "POST", f"{house.path(0)}/verdict", headers, Unread([form()]))
    assert_refused(answer, 413)
    assert house.events() == []


def test_the_longest_words_that_a_page_takes_get_through(house: House) -> None:
    words = "𠮷" * 4000  # four bytes each, of which a form makes twelve
    answer = posted(house, form(to="explained", reason=words, note=words))
    assert answer.status == 303
    assert [(one.reason, one.note) for one in house.events()] == [(words, words)]


BODIES = [b"", b"\xff\xfe", b"%", b"&&&=&", b"a=1&" * 200, b'{"token": "x"}', b"token", b"token=%ED%A0%80", b"\0" * 999]


def test_a_body_that_is_no_form_is_refused(house: House) -> None:
    for body in BODIES:
        assert_refused(posted(house, body), 403)


# ---- being let in

OPEN = [("host", "10.0.0.7:8642")]


@pytest.fixture
def reachable(tmp_path: Path) -> House:
    """A desk that other machines can reach."""
    return House(tmp_path / "d.db", host="0.0.0.0", entry=ENTRY)


def test_nobody_gets_in_without_the_whole_address(reachable: House) -> None:
    for path in [*pages(reachable), "/static/review.js", "/static/review.css", "/nothing", "/document/0/claim/0"]:
        assert_refused(ask(reachable.app, path=path, headers=OPEN), 403)
    headers = [*OPEN, ("content-type", FORM), ("content-length", "99")]
    assert_refused(ask(reachable.app, "POST", f"{reachable.path(0)}/verdict", headers, [form()]), 403)
    assert reachable.events() == []


def test_a_wrong_token_lets_nobody_in(reachable: House) -> None:
    for token in ("", "x", ENTRY[:-1], ENTRY + "x", TOKEN, "口令", "%F0%9F", "%00"):
        answer = ask(reachable.app, path=f"/?{urlencode({'token': token})}", headers=OPEN)
        assert_refused(answer, 403)
        assert "set-cookie" not in answer.headers
        cookie = ("cookie", f"checker-entry-8642={token.encode().decode('latin-1')}")
        assert_refused(ask(reachable.app, headers=[*OPEN, cookie]), 403)


def test_the_whole_address_lets_a_browser_in_and_is_cleaned(reachable: House) -> None:
    answer = ask(reachable.app, path=f"{reachable.path(0)}?token={ENTRY}", headers=OPEN)
    assert answer.status == 303 and answer.headers["location"] == "/"
    cookie, *attributes = answer.headers["set-cookie"].split("; ")
    assert cookie == f"checker-entry-8642={ENTRY}"
    assert {"httponly", "samesite=strict", "path=/"} <= {attribute.lower() for attribute in attributes}
    assert not any(attribute.lower().startswith(("domain", "max-age", "expires")) for attribute in attributes)
    page = ask(reachable.app, headers=[*OPEN, ("cookie", cookie)])
    assert page.status == 200 and TOKEN in page.body.decode() and ENTRY not in page.body.decode()
    # Whoever is in already and opens it again does not keep it in the address either.
    again = ask(reachable.app, path=f"/?token={ENTRY}", headers=[*OPEN, ("cookie", cookie)])
    assert again.status == 303 and again.headers["location"] == "/"
    # The desk at another port of the machine is another.
    other = [("host", "10.0.0.7:9000"), ("cookie", cookie)]
    assert_refused(ask(reachable.app, headers=other), 403)


def test_being_let_in_is_not_enough_for_a_form(reachable: House) -> None:
    headers = [*OPEN, ("cookie", f"checker-entry-8642={ENTRY}"), ("content-type", FORM), ("content-length", "99")]
    path = f"{reachable.path(0)}/verdict"
    assert_refused(ask(reachable.app, "POST", path, headers, [form(token="")]), 403)
    assert_refused(ask(reachable.app, "POST", path, [*headers, ("origin", "http://evil.example")], [form()]), 403)
    assert ask(reachable.app, "POST", path, headers, [form()]).status == 303


# ---- what every answer carries


def answers(house: House, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[int, Answer]]:
    """An answer of every kind, with the status that it should have."""
    for path in [*pages(house), "/static/review.js", "/static/page.css", "/static/review.css"]:
        yield 200, ask(house.app, path=path)
        yield 200, ask(house.app, "HEAD", path)
    yield 303, ask(house.app, path="/document/0/claim/0")
    yield 303, posted(house, form())
    yield 303, posted(house, form(back="/document"), path="/reviewer")
    yield 307, ask(house.app, path="/document/")
    yield 403, posted(house, form(token=""))
    yield 403, posted(house, form(), ("origin", "null"))
    for path in ("/nothing", "/finding/x", "/fact/x", "/document/99", "/static/x.js", "/document/0?part=9"):
        yield 404, ask(house.app, path=path)
    yield 405, ask(house.app, "PUT")
    yield 405, ask(house.app, path="/reviewer")
    yield 413, ask(house.app, "POST", "/reviewer")
    yield 421, ask(house.app, headers=[("host", "evil.example")])
    yield 422, posted(house, form(to="explained"))

    def broken(*_: object) -> None:
        raise RuntimeError(f"a slip, with {TOKEN} and 清河市")

    monkeypatch.setattr(house.desk, "refresh", broken)
    found = ask(house.app, raises=False)
    assert_refused(found, 500)
    yield 500, found


def test_every_answer_carries_what_keeps_others_out(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    for status, answer in answers(house, monkeypatch):
        assert answer.status == status
        for name, value in HEADERS.items():
            told = [v.decode() for k, v in answer.sent if k.decode().lower() == name]
            own = name == "cache-control" and answer.headers.get("content-type", "").startswith(
                ("text/css", "text/javascript")
            )
            assert told == ["max-age=31536000, immutable" if own and status == 200 else value], (status, name)
        assert "server" not in answer.headers


def test_the_policy_lets_in_nothing_that_a_document_could_hold() -> None:
    policy = {part.split()[0]: part.split()[1:] for part in HEADERS["content-security-policy"].split(";")}
    assert policy["default-src"] == ["'none'"] and policy["frame-ancestors"] == ["'none'"]
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == ["'self'"]
    assert policy["base-uri"] == ["'none'"]
    sources = {source for found in policy.values() for source in found}
    assert sources <= {"'none'", "'self'", "data:"} and "data:" not in policy["script-src"]


def test_pages_hold_no_script_or_style_of_their_own_and_load_nothing_from_elsewhere(house: House) -> None:
    browser = house.browser("张三")
    browser.decide(0, "confirmed-error", side="A", note="见原件")
    for path in [*pages(house), "/nothing", f"{house.path(1)}?after={house.events()[0].id}"]:
        page = Page(browser.client.get(path))
        assert_sober(page)
        scripts = [tag for tag in page.tags if tag.name == "script"]
        assert len(scripts) == 1 and re.fullmatch(r"/static/review\.js\?[0-9a-f]{12}", scripts[0].attributes["src"])


# ---- where an answer leads

ELSEWHERE = [
    "//evil.example", "///evil.example", "////evil.example", "/\\evil.example", "\\\\evil.example", "/\\/evil.example",
    "http:evil.example", "http://evil.example", "https:///evil.example", "HTTP://evil.example", "javascript:alert(1)",
    "data:text/html,x", "evil.example", "", " //evil.example", "\t//evil.example", "\n//evil.example",
    "/\t/evil.example", "/\n/evil.example", "/\r\n/evil.example", "/x\r\nset-cookie: a=b", "/\x00/evil.example",
    "/\u2028/evil.example", "//[", "//[evil", "http://[", "/\u202e//evil", "//\u2100evil.example", "?x", "#x",
    ".", "..",
    "/\xa0/evil.example", "//user@127.0.0.1:8642/",
]  # fmt: skip
HERE = ["/", "/document", "/document/0?part=1", "/?q=%E6%B8%85&state=all", "/?q=清河", "/%2F%2Fevil.example",
        "/%5Cevil.example", "/x//evil.example", "/x?back=//evil.example", "/%0d%0aset-cookie:a=b"]  # fmt: skip


def test_taking_the_seat_leads_nowhere_else(house: House) -> None:
    for back in ELSEWHERE:
        answer = posted(house, form(back=back), path="/reviewer")
        assert (answer.status, answer.headers["location"]) == (303, "/"), back


def test_taking_the_seat_leads_back(house: House) -> None:
    for back in HERE:
        answer = posted(house, form(back=back), path="/reviewer")
        assert answer.status == 303
        location = answer.headers["location"]
        assert re.fullmatch(r"/(?![/\\])[\x21-\x7e]*", location)
        assert unquote(location) == unquote(back)
        assert len([name for name, _ in answer.sent if name == b"set-cookie"]) == 1


LEADING = [
    "?back=//evil.example", "?q=//evil.example", "?after=//evil.example", "?document=//evil.example&state=%0d%0ax:y",
    "?page=-1&q=%5C%5Cevil.example", "?from=//evil.example&part=%0a",
]  # fmt: skip


def test_no_parameter_leads_elsewhere(house: House) -> None:
    for query in LEADING:
        for answer in (
            posted(house, form(), path=f"{house.path(0)}/verdict{query}"),
            posted(house, form(to="in-progress"), path=f"{house.path(0)}/verdict{query}"),
            posted(house, form(assignee="李四"), path=f"{house.path(0)}/assign{query}"),
            ask(house.app, path=f"/document/0/claim/0{query}"),
        ):
            assert answer.status == 303
            local = r"/(?:finding|document)/[\x21-\x7e]*|/(?:\?[\x21-\x7e]*)?"
            assert re.fullmatch(local, answer.headers["location"])
        assert_sober(house.browser("李四").get(house.path(0) + query))


# ---- files

CLIMBING = [
    "/static/../../etc/passwd", "/static/..%2f..%2fetc%2fpasswd", "/static/%2e%2e/%2e%2e/etc/passwd", 
    "/static//etc/passwd",
    "/static/%2fetc%2fpasswd", "/static/review.js%00.css", "/static/..\\..\\etc\\passwd", "/static/app.py",
    "/static/../app.py", "/document/../../etc/passwd", "/document/%2e%2e", "/document/..%2f..%2fetc%2fpasswd",
    "/document/1.txt", "/document/%2fetc%2fpasswd", "/fact/..%2f..%2fetc%2fpasswd", "/fact/%00", 
    "/fact/../../etc/passwd",
    "/finding/..%2f..%2fetc%2fpasswd", "/finding/%00", "/finding/../desk.py", "/document/0/claim/..%2f..%2fetc",
    "/document/-1", "/document/0x0", "/document/1e0", "/document/" + "9" * 5000, "/document/0/claim/" + "9" * 5000,
    "/document/%D9%A1", "/%2e%2e/etc/passwd", "/" + "a" * 50_000, "/finding/" + "%ff" * 900, "/%00", "/.git/config",
    "/templates/base.html.j2", "//etc/passwd", "/document//", "/static/", "/finding/",
]  # fmt: skip


class Opened:
    """Files that are opened, as the interpreter tells; such a hook can never be taken away again, so there is one."""

    listening = False
    files: list[str]

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        if Opened.listening and event in ("open", "os.listdir", "os.scandir", "sqlite3.connect"):
            self.files.append(str(arguments[0]))


@pytest.fixture(scope="module")
def opened() -> Opened:
    hook = Opened()
    hook.files = []
    sys.addaudithook(hook)
    return hook


def test_no_path_of_a_request_reaches_a_file(house: House, opened: Opened) -> None:
    for path in [*pages(house), "/static/review.js", "/static/review.css", "/static/page.css"]:
        assert ask(house.app, path=path).status == 200  # templates and files of ours are read once
    assert ask(house.app, path="/nothing").status == 404
    opened.files.clear()
    Opened.listening = True
    try:
        found = [ask(house.app, path=path).status for path in [*CLIMBING, *pages(house), "/static/review.js"]]
        found += [posted(house, form(back=path), path="/reviewer").status for path in CLIMBING]
    finally:
        Opened.listening = False
    assert set(found) <= {200, 303, 307, 404, 405}
    own = [file for file in opened.files if house.file.name in file]
    assert own, "the hook heard nothing"
    assert [file for file in opened.files if file not in own] == []


def test_an_address_of_nothing_is_told_as_such(house: House) -> None:
    for path in CLIMBING:
        answer = ask(house.app, path=path)
        if answer.status == 307:  # an address with a stroke too many leads to the one without
            assert answer.headers["location"].startswith(f"http://{HOST}/")
        else:
            assert (answer.status, "412.6" in answer.body.decode()) == (404, False), path


STRANGE = ["q=\xff\xfe", "q=%ff", "page=%00", "part=１", "q=" + "x" * 9000, "&&&", "=", "a=%", "document=１", "page=0"]


def test_a_query_that_is_no_text_breaks_nothing(house: House) -> None:
    for query in STRANGE:
        for path in ("/", house.path(0), "/document", "/document/0"):
            assert ask(house.app, path=f"{path}?{query}").status == 200


COOKIES = ["\xff\xfe", "%FF", "%00", "%E2%80%AE", "x" * 5000, "%22%3E%3Cscript%3E", "=;=", ""]


def test_a_cookie_that_is_no_name_breaks_nothing(house: House) -> None:
    name = next(iter(house.browser("张三").client.cookies))
    for cookie in COOKIES:
        answer = ask(house.app, path=house.path(0), headers=[("host", HOST), ("cookie", f"{name}={cookie}")])
        assert answer.status == 200
        shown = answer.body.decode()
        assert "\0" not in shown and "\u202e" not in shown and "<script>" not in shown

"""The desk as a web application: addresses, and what is done with what they are asked."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, unquote

from jinja2 import Environment
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.convertors import Convertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from checker.decisions import same_person, verdicts
from checker.errors import CheckerError
from checker.report.card import TEMPLATES, environment
from checker.report.plain import visible
from checker.report.words import label, say
from checker.review import pages, reading
from checker.review.desk import MAX_NAME, MAX_WORDS, STILL_OPEN, Desk, Verdict, check_name, spaced
from checker.review.guard import Guard, cookie, port_of
from checker.review.queue import Filter

_HERE = Path(__file__).parent
_STATIC = {
    "page.css": (TEMPLATES / "page.css", "text/css"),
    "review.css": (_HERE / "static" / "review.css", "text/css"),
    "review.js": (_HERE / "static" / "review.js", "text/javascript"),
}
_Answer = Callable[["_Asked"], Response]


class _Asked:
    """A request: who asks, what the address says, and what a form holds."""

    def __init__(self, request: Request, form: Mapping[str, str], seat: str, as_: str) -> None:
        self.request, self.form = request, form
        self.seat = cookie(f"reviewer-{seat}", port_of(request))
        self.wanted = Filter(
            text=self.given("q", 200), level=self.given("level"), rule=self.given("rule"),
            document=self.given("document"), state=self.given("state"),
        )  # fmt: skip
        self.who = spaced(unquote(request.cookies.get(self.seat, "")))[:MAX_NAME] or as_

    def given(self, name: str, most: int = 80) -> str:
        return self.request.query_params.get(name, "")[:most]

    def number(self, name: str) -> int:
        """A number that an address gives, from 1."""
        said = self.given(name)
        return max(int(said), 1) if said.isascii() and said.isdecimal() and len(said) < 9 else 1


class _Counted(Convertor[int]):
    """A number that an address gives, as long as numbers of ours may be."""

    regex = "[0-9]{1,9}"

    def convert(self, value: str) -> int:
        return int(value)

    def to_string(self, value: int) -> str:
        return str(value)


register_url_convertor("counted", _Counted())


def application(desk: Desk, host: str, token: str, entry: str, as_: str = "") -> ASGIApp:
    """The desk behind its guard; `as_` is who decides unless a browser has said otherwise."""
    render = _renderer(desk, token)
    # Who sits at a browser is kept in a cookie. Whoever starts the desk as somebody sits there, whoever did before.
    seat = hashlib.sha256((as_ and as_ + token).encode()).hexdigest()[:8]

    def refuse(request: Request, status: int, why: str) -> Response:
        # Whoever is refused learns nothing but why: a page with a form would hold the token.
        said = {"why": say(desk.lang, f"review.refused.{why}"), "token": ""}
        return render(_Asked(request, {}, seat, as_), "problem", said, status)

    def page(answer: _Answer) -> Callable[[Request], Any]:
        async def endpoint(request: Request) -> Response:
            form = await _form(request) if request.method == "POST" else {}
            asked = _Asked(request, form, seat, as_)
            if request.method == "POST" and not guard.holds_token(form.get("token", "")):
                why = {"why": say(desk.lang, "review.refused.token"), "kept": _typed(form), "token": ""}
                return render(asked, "problem", why, 403)
            return await run_in_threadpool(_answered, answer, asked)

        return endpoint

    def _answered(answer: _Answer, asked: _Asked) -> Response:
        try:
            if asked.request.method == "POST":
                return answer(asked)
            with desk.lock:  # what is shown is of one moment
                desk.refresh()
                return answer(asked)
        except CheckerError as error:
            key = "review.failed" if asked.request.method == "POST" else "review.unreadable"
            why = {"why": say(desk.lang, key, why=visible(str(error))), "kept": _typed(asked.form)}
            return render(asked, "problem", why, 503 if error.path else 422)

    def missing(asked: _Asked) -> Response:
        return render(asked, "problem", {"why": say(desk.lang, "review.refused.missing")}, 404)

    def numbered(asked: _Asked) -> int | None:
        return desk.material.numbers.get(asked.request.path_params["fingerprint"])

    # ---- pages

    def home(asked: _Asked) -> Response:
        return render(
            asked, "queue", pages.home(desk, asked.who, asked.wanted, asked.number("page"), asked.given("after"))
        )

    def finding(asked: _Asked) -> Response:
        number = numbered(asked)
        if number is None:
            return missing(asked)
        return render(asked, "finding", pages.finding(desk, asked.who, number, asked.wanted, asked.given("after")))

    def fact(asked: _Asked) -> Response:
        shown = desk.material.facts.get(asked.request.path_params["id"])
        return render(asked, "fact", pages.fact(desk, asked.who, shown)) if shown else missing(asked)

    def documents(asked: _Asked) -> Response:
        return render(asked, "documents", pages.documents(desk, asked.wanted.text, asked.number("page")))

    def document(asked: _Asked) -> Response:
        number = asked.request.path_params["number"]
        if number >= len(desk.material.documents):
            return missing(asked)
        shown = reading.document(desk, asked.who, number, asked.number("part"))
        if shown is None:
            return missing(asked)
        back = desk.material.numbers.get(asked.given("from"))
        way = "" if back is None else address(back, asked)
        return render(asked, "document", shown | {"from": asked.given("from"), "back": way, "wanted": asked.wanted})

    def claim(asked: _Asked) -> Response:
        """Where in its document a claim stands."""
        number, order = (asked.request.path_params[name] for name in ("number", "order"))
        if number >= len(desk.material.documents):
            return missing(asked)
        path = desk.material.documents[number].path
        found = next((one for one in desk.material.within[path] if one.order == order), None)
        if found is None:
            return missing(asked)
        part = reading.part_of(desk.material.text(path), desk.material.within[path], found)
        way = asked.wanted.query(part=part, **{"from": asked.given("from")})
        return RedirectResponse(f"/document/{number}{way}#c{order}", 303)

    def figures(asked: _Asked) -> Response:
        return missing(asked) if desk.blind else render(asked, "figures", pages.figures(desk))

    # ---- what people do

    def named(asked: _Asked) -> str:
        """Who decides; a form that was sent before anybody was known says so itself."""
        return spaced(asked.form.get("who", "")) or asked.who

    def lacking(asked: _Asked, what: str) -> Response:
        why = {"why": say(desk.lang, f"review.refused.{what}"), "kept": _typed(asked.form)}
        return render(asked, "problem", why, 422)

    def signed(answer: _Answer) -> _Answer:
        """What only somebody with a name may do, and nobody under a name that the page did not show."""

        def checked(asked: _Asked) -> Response:
            if not named(asked):
                return lacking(asked, "name")
            if asked.form.get("seat") and not same_person(spaced(asked.form["seat"]), asked.who):
                return lacking(asked, "seat")
            return answer(asked)

        return checked

    def seen(asked: _Asked) -> int:
        said = asked.form.get("seen", "")
        return int(said) if said.isascii() and said.isdecimal() and len(said) < 16 else 0

    def go(asked: _Asked, to: str) -> Response:
        answer = RedirectResponse(to, 303)
        who = spaced(asked.form.get("who", ""))
        if who:
            answer.set_cookie(asked.seat, quote(who), httponly=True, samesite="strict", max_age=31_536_000)
        return answer

    def address(number: int, asked: _Asked, after: str = "") -> str:
        return f"/finding/{desk.material.findings[number].fingerprint}{asked.wanted.query(after=after)}"

    def decide(asked: _Asked) -> Response:
        number, form = numbered(asked), asked.form
        if number is None or form.get("to") not in verdicts():
            return missing(asked)
        if _lacks_reason(form):
            return lacking(asked, "reason")
        side = form.get("side", "") if verdicts()[form["to"]].side else ""
        said = Verdict(form["to"], side, form.get("reason", ""), form.get("note", ""), bool(form.get("whole")))
        event = desk.decide(number, named(asked), seen(asked), said)
        if said.to in STILL_OPEN:  # they are not done with it
            return go(asked, address(number, asked, event))
        with desk.lock:
            following = pages.following(desk, named(asked), asked.wanted, number)
        if following is None:
            return go(asked, "/" + asked.wanted.query(after=event))
        return go(asked, address(following, asked, event))

    def assign(asked: _Asked) -> Response:
        number = numbered(asked)
        if number is None:
            return missing(asked)
        to, note = spaced(asked.form.get("assignee", "")), asked.form.get("note", "")
        event = desk.assign(number, named(asked), seen(asked), to, note)
        return go(asked, address(number, asked, event))

    def undo(asked: _Asked) -> Response:
        number = numbered(asked)
        if number is None:
            return missing(asked)
        number, event = desk.undo(number, named(asked), asked.form.get("event", ""), asked.form.get("step", ""))
        return go(asked, address(number, asked, event))

    def reviewer(asked: _Asked) -> Response:
        """Another person takes the seat."""
        check_name(spaced(asked.form.get("who", "")))
        back = asked.form.get("back", "")
        return go(asked, back if _is_local(back) else "/")

    def static(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in _STATIC:
            return missing(_Asked(request, {}, seat, as_))
        content, kind = _static(name)
        return Response(content, media_type=kind, headers={"cache-control": "max-age=31536000, immutable"})

    routes = [
        Route("/", page(home)),
        Route("/finding/{fingerprint}", page(finding)),
        Route("/finding/{fingerprint}/verdict", page(signed(decide)), methods=["POST"]),
        Route("/finding/{fingerprint}/assign", page(signed(assign)), methods=["POST"]),
        Route("/finding/{fingerprint}/undo", page(signed(undo)), methods=["POST"]),
        Route("/fact/{id}", page(fact)),
        Route("/document", page(documents)),
        Route("/document/{number:counted}", page(document)),
        Route("/document/{number:counted}/claim/{order:counted}", page(claim)),
        Route("/figures", page(figures)),
        Route("/reviewer", page(reviewer), methods=["POST"]),
        Route("/static/{name}", static),
    ]

    def on_error(status: int, why: str) -> Callable[[Request, Exception], Response]:
        return lambda request, error: refuse(request, status, why)

    refusals = {404: "missing", 405: "method", 500: "error"}
    app = Starlette(
        routes=routes, exception_handlers={status: on_error(status, why) for status, why in refusals.items()}
    )
    guard = Guard(app, host, token, entry, refuse)
    return guard


def _renderer(desk: Desk, token: str) -> Callable[..., Response]:
    templates = _templates()
    lang = desk.lang

    def render(asked: _Asked, name: str, shown: Mapping[str, Any], status: int = 200) -> Response:
        query = asked.request.scope["query_string"].decode("latin-1")
        here = quote(asked.request.scope["path"], errors="replace") + (f"?{query}" if query else "")
        return HTMLResponse(
            templates.get_template(f"{name}.html.j2").render(
                {"wanted": Filter(), "kept": [], "token": token, **shown},
                lang=lang,
                say=lambda key, **values: say(lang, key, **values),
                label=lambda group, code: label(lang, group, code),
                visible=visible,
                who=asked.who,
                blind=desk.blind,
                page_name=name,
                here=here if asked.request.method == "GET" else "/",
                max_name=MAX_NAME,
                max_words=MAX_WORDS,
                static=lambda file: f"/static/{file}?{hashlib.sha256(_static(file)[0]).hexdigest()[:12]}",
            ),
            status,
        )

    return render


@cache
def _templates() -> Environment:
    return environment(_HERE / "templates")


@cache
def _static(name: str) -> tuple[bytes, str]:
    path, kind = _STATIC[name]
    return path.read_bytes(), kind


async def _form(request: Request) -> dict[str, str]:
    """The fields of a form; its length has been looked at before."""
    body = (await request.body()).decode("utf-8", "replace")
    try:
        return {name: values[-1].replace("\r\n", "\n") for name, values in parse_qs(body, max_num_fields=40).items()}
    except ValueError:
        return {}


def _lacks_reason(form: Mapping[str, str]) -> bool:
    return verdicts()[form["to"]].reason and not form.get("reason", "").strip()


def _typed(form: Mapping[str, str]) -> list[str]:
    """What a person has written, to be kept where it could not be taken."""
    return [visible(form[name]) for name in ("reason", "note") if form.get(name, "").strip()]


def _is_local(address: str) -> bool:
    """Whether an address is one of this server's, however a browser may read it."""
    return address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable()

"""Who may talk to the desk: the pages of this server in a browser on this machine, or one that was let in.

A page from elsewhere must not reach it: not by a name that it makes point here (the Host header is checked), not by a
form or script that posts here (a token that only our own pages hold, and where the browser says it comes from), not by
markup in a document (no script, style, frame or form but our own).
"""

from __future__ import annotations

import hmac
import socket
from collections.abc import Callable, Collection
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    # The browser is to say where a form comes from, to us alone.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cache-control": "no-store",
}
LOOPBACK = ("127.0.0.1", "localhost", "::1")
# Our own pages send forms of a few kilobytes.
MAX_BODY = 100_000


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach an address."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def hosts(bound: str) -> Callable[[str], bool]:
    """Which names a request may ask for when the desk listens on an address."""
    own = {bound.casefold(), *(LOOPBACK if is_loopback(bound) else (socket.gethostname().casefold(),))}
    everywhere = bound in ("0.0.0.0", "::")

    def fits(name: str) -> bool:
        # A name may have been made to point here by whoever owns it; an address is what it is.
        return name.casefold() in own or (everywhere and (_is_address(name) or name in LOOPBACK))

    return fits


def _is_address(name: str) -> bool:
    try:
        return bool(ip_address(name))
    except ValueError:
        return False


class Guard:
    """An application behind its guard.

    `token` is what a form must hold; `entry`, where it is not empty, is what a browser must have been let in with.
    """

    def __init__(
        self, app: ASGIApp, host: str, token: str, entry: str, refuse: Callable[[Request, int, str], Response]
    ) -> None:
        self.app, self.token, self.entry, self.refuse = app, token, entry, refuse
        self.fits = hosts(host)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        request = Request(scope, receive)
        answer = self._refused(request)
        await (answer or self.app)(scope, receive, guarded)

    def _refused(self, request: Request) -> Response | None:
        name, port = _host(request.headers.getlist("host"))
        if not self.fits(name):
            return self.refuse(request, 421, "host")
        if request.method not in ("GET", "HEAD", "POST"):
            return self.refuse(request, 405, "method")
        if self.entry and request.method == "GET" and _same(request.query_params.get("token", ""), self.entry):
            answer = RedirectResponse("/", 303)  # the address bar and the history are not to keep it
            answer.set_cookie(cookie("entry", port), self.entry, httponly=True, samesite="strict")
            return answer
        if self.entry and not _same(request.cookies.get(cookie("entry", port), ""), self.entry):
            return self.refuse(request, 403, "entry")
        if request.method == "POST" and not _is_ours(request):
            return self.refuse(request, 403, "origin")
        if request.method == "POST" and not _length(request) <= MAX_BODY:
            return self.refuse(request, 413, "length")
        return None

    def holds_token(self, given: str) -> bool:
        """Whether a form comes from a page of this run."""
        return _same(given, self.token)


def cookie(what: str, port: int | None) -> str:
    """The name of a cookie; the desks on one machine share their cookies whatever their ports."""
    return f"checker-{what}-{port or 80}"


def _host(given: Collection[str]) -> tuple[str, int | None]:
    """Name and port of a Host header; no name where there is not just one, or anything besides."""
    try:
        (value,) = given
        parts = urlsplit(f"//{value}")
        port = parts.port
    except ValueError:
        return "", None
    return (parts.hostname or "" if parts.netloc == value and "@" not in value else ""), port


def port_of(request: Request) -> int | None:
    """The port that a request asks for."""
    return _host(request.headers.getlist("host"))[1]


def _is_ours(request: Request) -> bool:
    """Whether a browser says that a form comes from a page of the address that it is sent to; old ones say nothing."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    return site in (None, "same-origin") and origin in (None, f"{request.url.scheme}://{request.headers['host']}")


def _length(request: Request) -> float:
    if "transfer-encoding" in request.headers:
        return float("inf")  # a server then reads what comes, whatever length is given
    given = request.headers.get("content-length", "")
    return int(given) if given.isdecimal() and len(given) < 12 else float("inf")


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode())

"""A document as the desk shows it: in parts, every figure marked, and a margin that shows where the findings are."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from markupsafe import Markup

from checker.model import Claim, Document, Rejected
from checker.report.card import Pages, about
from checker.report.plain import laid_out, one_line, printed, tidy, visible
from checker.report.view import dated, dotted, name, where
from checker.report.words import choose, label, say
from checker.review import queue
from checker.review.desk import Desk
from checker.review.standing import attention, claim_link, standing

# So many characters of a document are shown on a page, and so many ticks in its margin.
PART, TICKS = 40_000, 120


class Tick(NamedTuple):
    """A place in the margin where findings are."""

    y: str
    link: str
    key: str
    words: str


def document(desk: Desk, who: str, number: int, part: int) -> dict[str, Any] | None:
    """A part of a document with every figure marked, and a margin that shows where in all of it the findings are."""
    material, lang = desk.material, desk.lang
    shown = material.text(material.documents[number].path)
    claims, cuts = material.within[shown.path], parts(shown, material.within[shown.path])
    if not 1 <= part < len(cuts):
        return None
    start, end = cuts[part - 1], cuts[part]
    marked = _marked(desk, who, claims)
    first, last = (bisect_left(claims, at, key=lambda claim: claim.start) for at in (start, end))
    return {
        "number": number, "title": name(shown, shown.path), "path": visible(shown.path), "note": visible(shown.note),
        "about": dotted(dated(shown, lang), tidy(shown.place)), "claims": len(claims),
        "part": part, "parts_count": len(cuts) - 1,
        "rejected": len(material.rejected[shown.path]), "findings": len({n for ns, _ in marked.values() for n in ns}),
        "text": Markup("").join(_highlighted(desk, shown, claims[first:last], start, end, marked)),
        "ticks": _ticks(desk, shown, claims, marked), "band": _band(shown, start, end),
    }  # fmt: skip


def parts(shown: Document, claims: Sequence[Claim]) -> list[int]:
    """Where a text is cut into parts: at the end of a line where one is near, and never within a figure."""
    cuts, size, figures = [0], len(shown.text), _figures(claims)
    while size - cuts[-1] > PART:
        at = cuts[-1] + PART
        at = shown.text.rfind("\n", at - PART // 4, at) + 1 or at
        start, end = figures[bisect_left(figures, (at,)) - 1]
        if start < at < end:
            at = start if start > cuts[-1] else end
        cuts.append(at)
    return cuts if cuts[-1] == size > 0 else [*cuts, size]


def _figures(claims: Sequence[Claim]) -> list[tuple[int, int]]:
    """What figures take up in a text; one may stand within another."""
    found = [(0, 0)]
    for claim in claims:
        if claim.start < found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], claim.end)
        else:
            found.append((claim.start, claim.end))
    return found


def part_of(shown: Document, claims: Sequence[Claim], claim: Claim) -> int:
    """The part of a document in which a claim stands."""
    cuts = parts(shown, claims)
    return next(i for i, end in enumerate(cuts[1:], 1) if claim.start < end or i == len(cuts) - 1)


# A claim that findings bind: their numbers, and where the one stands that needs most attention.
_Marked = dict[str, tuple[Sequence[int], dict[str, str]]]


def _marked(desk: Desk, who: str, claims: Sequence[Claim]) -> _Marked:
    bound = {claim.id: desk.material.bound[claim.id] for claim in claims if claim.id in desk.material.bound}
    numbers = sorted({number for found in bound.values() for number in found})
    known = dict(zip(numbers, queue.standing(desk.queue, desk.viewer(who), numbers), strict=True))
    return {
        id: (found, min((standing(known[n], desk.lang) for n in found), key=attention)) for id, found in bound.items()
    }


def _highlighted(
    desk: Desk, shown: Document, claims: Sequence[Claim], start: int, end: int, marked: _Marked
) -> Iterator[Markup]:
    """A part of the text in pieces, with figures marked, and the numbers that were set aside where they are known."""
    text, pages = laid_out(shown.text[start:end]), Pages(shown.text.count("\f", 0, start) + 1, desk.lang)
    rejected = [one for one in desk.material.rejected[shown.path] if start <= one.start < end]
    found: list[Claim | Rejected] = [*claims, *rejected]
    done = start
    for one in sorted(found, key=lambda one: (one.start, -one.end)):
        # Of two claims of the same characters the second is a place to link to, the first is what one sees.
        first = max(one.start, done)
        last = max(first, min(one.end, end))
        yield pages(text[done - start : first - start])
        piece = pages.skip(text[first - start : last - start])
        place = where(one, shown, desk.lang)
        yield (
            _aside(one, place, piece, desk.lang)
            if isinstance(one, Rejected)
            else _mark(desk, one, place, piece, marked)
        )
        done = last
    yield pages(text[done - start :])


def _aside(one: Rejected, place: str, shown: str, lang: str) -> Markup:
    said = say(lang, "review.rejected", reason=label(lang, "reason", visible(one.reason))) + f"\n{place}"
    return Markup('<span class="fig aside" title="{}">{}</span>').format(said, shown)


def _mark(desk: Desk, claim: Claim, place: str, shown: str, marked: _Marked) -> Markup:
    """A figure that leads to its fact, and behind it links to the findings that bind it."""
    fact = desk.material.fact_of.get(claim.id)
    numbers, found = marked.get(claim.id, ((), None))
    if found:
        kind, said = f"bound {found['key']}", found["words"]
    else:
        kind = "aligned" if fact and len(fact.claims) > 1 else "alone"
        said = say(desk.lang, f"state.{kind}")
    said = f"{about(claim, desk.lang)}\n{place}\n{said}"
    address = f"/fact/{fact.id}" if fact else claim_link(desk.material, claim)
    figure = Markup('<a class="fig {}" id="c{}" href="{}" title="{}">{}</a>').format(
        kind, claim.order, address, said, shown
    )
    return figure + (_references(desk, numbers[:9], found) if found else "")


def _references(desk: Desk, numbers: Sequence[int], found: dict[str, str]) -> Markup:
    link = '<a href="/finding/{}" title="{}"><span aria-hidden="true">{}</span><span class="hush">{}</span></a>'
    links = []
    for number in numbers:
        finding = desk.material.findings[number]
        message = one_line(choose(finding.message, desk.lang))
        said = say(desk.lang, "see_finding", n=number + 1)
        links.append(Markup(link).format(finding.fingerprint, message, found["mark"], said))
    return Markup('<sup class="refs {}">{}</sup>').format(found["key"], Markup(" ").join(links))


def _ticks(desk: Desk, shown: Document, claims: Sequence[Claim], marked: _Marked) -> list[Tick]:
    """Where findings are, with one tick for those close together."""
    near: dict[int, list[Claim]] = {}
    size = max(len(shown.text), 1)
    for claim in claims:
        if claim.id in marked:
            near.setdefault(claim.start * TICKS // size, []).append(claim)
    ticks = []
    for place, found in near.items():
        worst = min(found, key=lambda one: attention(marked[one.id][1]))
        state = marked[worst.id][1]
        words = dotted(tidy(worst.metric), printed(worst), state["words"])
        if len(found) > 1:
            words += say(desk.lang, "review.more_here", n=len(found) - 1)
        ticks.append(Tick(f"{100 * place / TICKS:.2f}%", claim_link(desk.material, worst), state["key"], words))
    return ticks


def _band(shown: Document, start: int, end: int) -> tuple[str, str]:
    """The part that is on the page, in the margin."""
    size = max(len(shown.text), 1)
    return f"{100 * start / size:.2f}%", f"{100 * (end - start) / size:.2f}%"

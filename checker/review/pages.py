"""What the pages show, ready for their templates; a document has a file of its own, reading.py."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from checker.decisions import SIDES, Event, State, holds, meant, same_person, verdicts, word
from checker.decisions.export import stats_rows
from checker.decisions.stats import stats
from checker.model import Claim, Fact
from checker.report.card import card, side
from checker.report.chart import axis
from checker.report.numbers import exact, figure, interval
from checker.report.plain import one_line, tidy, visible
from checker.report.view import MARKS, dated, dotted, heading, kind, letter, modality, name
from checker.report.words import choose, label, say
from checker.review import queue
from checker.review.desk import STILL_OPEN, Desk
from checker.review.material import fact_about
from checker.review.queue import Filter
from checker.review.series import series
from checker.review.standing import claim_link, standing
from checker.wording import period

# So many claims of a fact, and sides of a finding.
MOST = 60
# The verdicts that the keys 1 to 7 give.
KEYED = [id for id in verdicts() if id not in STILL_OPEN]


class Entry(NamedTuple):
    """An event in the history of a finding."""

    id: str
    at: str
    when: str
    who: str
    what: str
    why: str
    standing: str
    undo: str
    mine: bool


def home(desk: Desk, who: str, wanted: Filter, page: int, after: str) -> dict[str, Any]:
    """The queue."""
    viewer = desk.viewer(who)
    counts = queue.counts(desk.queue, viewer, who, wanted)
    count = counts.get(wanted.state or "open", 0)
    pages = queue.pages(count)
    page = min(page, pages)
    groups: list[tuple[tuple[str, str], list[queue.Row]]] = []
    last = None
    for row in queue.rows(desk.queue, viewer, who, wanted, page):
        if row.group != last:
            groups.append((heading(desk.material.groups[row.group], desk.lang), []))
            last = row.group
        groups[-1][1].append(row)
    return {
        "groups": groups, "count": count, "page": page, "pages": pages, "wanted": wanted,
        "tabs": _tabs(desk, wanted, counts), "rules": queue.rules(desk.queue), "levels": queue.levels(desk.queue),
        "marks": MARKS,
        "document": _document_title(desk, wanted), "fingerprint": lambda n: desk.material.findings[n].fingerprint,
        "standing": lambda one: standing(one, desk.lang), "told": _told(desk, who, after),
    }  # fmt: skip


def _tabs(desk: Desk, wanted: Filter, counts: dict[str, int]) -> list[tuple[str, str, int, bool]]:
    """States to choose from, with how many findings each has; those that none has are left out."""
    shown = wanted.state or "open"
    states = ["open", "all", "mine", "disputed", "reopened", "unsigned", *(id for id in verdicts() if id != "open")]
    return [
        (state, _state(state, desk.lang), counts.get(state, 0), state == shown)
        for state in states
        if counts.get(state) or state in ("open", "all", shown)
    ]


def _state(state: str, lang: str) -> str:
    return word(state, lang) if state in verdicts() and state != "open" else label(lang, "review.state", state)


def _document_title(desk: Desk, wanted: Filter) -> str:
    number = int(wanted.document) if wanted.document.isdecimal() and len(wanted.document) < 9 else -1
    if not 0 <= number < len(desk.material.documents):
        return ""
    document = desk.material.documents[number]
    return name(document, document.path)


# ---- a finding


def finding(desk: Desk, who: str, number: int, wanted: Filter, after: str) -> dict[str, Any]:
    """One finding, with all there is to decide about it."""
    material, lang = desk.material, desk.lang
    shown = material.findings[number]
    claims = material.claims_of(shown)
    viewer = desk.viewer(who)
    before, following = queue.neighbours(desk.queue, viewer, who, wanted, number)
    counts = queue.counts(desk.queue, viewer, who, wanted)
    found = desk.state(shown, who)
    members = material.members[material.group_of[number]]
    standings = dict(zip(members, queue.standing(desk.queue, viewer, members), strict=True))
    others = {n: one for n, one in standings.items() if n != number}
    about_fact, changed = fact_about(material, shown), desk.changes(shown, found)
    few = claims[:MOST]
    # What somebody else has said is not to be repeated by a slip of a key.
    mine = found.to if found.verdict and same_person(found.verdict.who, who) else ""

    def link(claim: Claim) -> str:
        return claim_link(material, claim) + wanted.query(**{"from": shown.fingerprint})

    return {
        "card": card(shown, few, material.texts(few), link, lang),
        "left_out": len(claims) - len(few), "heading": heading(material.groups[material.group_of[number]], lang),
        "figures": [_figure(i, claim, lang) for i, claim in enumerate(few)],
        "standing": standing(standings[number], lang),
        "found": found, "changed": [label(lang, "decision", one) for one in changed],
        "was": " / ".join(_was(found)) if "figure" in changed else "",
        "answers": [_answer(event, lang) for event in found.contested],
        "history": _history(found, who, lang), "assignee": visible(found.assignee),
        "verdicts": [(id, word(id, lang), verdicts()[id]) for id in KEYED], "sides": SIDES,
        "mine": mine, "chosen": desk.side(shown, found) if mine else "", "seen": desk.position,
        "people": [] if desk.blind else sorted({visible(one) for one in desk.people}),
        "before": _address(desk, before, wanted), "following": _address(desk, following, wanted),
        "wanted": wanted, "open": counts["open"], "total": counts["all"],
        "members": [
            (material.findings[n].fingerprint, one_line(choose(material.findings[n].message, lang)),
             standing(one, lang)) for n, one in others.items()
        ],
        "open_members": sum(one.open for one in others.values()),
        "series": series(material, about_fact, lang) if about_fact else None, "fact": about_fact,
        "told": _told(desk, who, after),
    }  # fmt: skip


def following(desk: Desk, who: str, wanted: Filter, number: int) -> int | None:
    """The finding that comes up after a verdict, of those asked for."""
    return queue.next_one(desk.queue, desk.viewer(who), who, wanted, number)


def _address(desk: Desk, number: int | None, wanted: Filter) -> str:
    return "" if number is None else f"/finding/{desk.material.findings[number].fingerprint}{wanted.query()}"


def _figure(number: int, claim: Claim, lang: str) -> dict[str, str]:
    """A figure normalised: what it says, in the base unit."""
    return {
        "letter": letter(number),
        "printed": figure(claim, lang),
        "value": f"{_grouped(claim.value)} {visible(claim.unit)}".strip(),
        "interval": "" if claim.low is not None and claim.low == claim.high else interval(claim, lang),
        "about": dotted(
            tidy(claim.metric),
            kind(claim.attribute, lang),
            period(claim.period_start, claim.period_end, lang),
            tidy(claim.scope),
            modality(claim, lang),
        ),
    }


def _grouped(value: Decimal) -> str:
    whole, point, rest = exact(value).partition(".")
    return f"{int(whole):,}".replace("-", "−") + point + rest if whole not in ("-0",) else f"−0{point}{rest}"


def _answer(event: Event, lang: str) -> str:
    """A verdict with its side, and who gave it: 张三：确认差错（A）."""
    return say(lang, "review.answer", who=visible(event.who), verdict=_verdict(event, lang))


def _verdict(event: Event, lang: str) -> str:
    verdict = word(event.to, lang)
    if not event.side:
        return verdict
    return say(lang, "decision.side", verdict=verdict, side=label(lang, "side", meant(event)))


def _was(found: State) -> list[str]:
    """The figures that the verdict was given about."""
    sight = found.verdict.sight if found.verdict else None
    return [visible(quote.printed) for quote in sight.quotes] if sight else []


def _history(found: State, who: str, lang: str) -> list[Entry]:
    entries = []
    for event in reversed(found.events):
        now = holds(event, found)
        entries.append(
            Entry(
                id=event.id,
                at=event.at,
                when=_local(event.at),
                who=visible(event.who),
                what=_what(event, found, lang),
                why=say(lang, "decision.between").join(visible(text) for text in (event.reason, event.note) if text),
                standing="" if now == "holds" else label(lang, "event", now),
                undo=say(lang, "review.redo" if event.kind == "undo" else "event.undo"),
                mine=bool(who) and same_person(event.who, who) and now != "undone",
            )
        )
    return entries


def _what(event: Event, found: State, lang: str) -> str:
    if event.kind == "verdict":
        return _verdict(event, lang)
    if event.kind == "assign":
        return say(lang, "review.assigned", to=visible(event.to)) if event.to else say(lang, "review.unassigned")
    known = {one.id: one for one in found.events}
    taken_back, key = known.get(event.undoes), "review.undid"
    while taken_back and taken_back.kind == "undo":  # to take back an undo is to do it again
        taken_back, key = known.get(taken_back.undoes), "review.redid" if key == "review.undid" else "review.undid"
    return say(lang, key, what=_what(taken_back, found, lang)) if taken_back else say(lang, "event.undo")


def _local(at: str) -> str:
    """A second of UTC as the clock on the wall of this machine showed it."""
    try:
        return datetime.fromisoformat(at).astimezone().strftime("%Y-%m-%d %H:%M")
    except (OverflowError, ValueError, OSError):  # the first and last day of all; another desk's clock may be wrong
        return at


def _told(desk: Desk, who: str, after: str) -> dict[str, Any] | None:
    """What was just done, and whether somebody else did something to the same finding meanwhile."""
    event = desk.event.get(after)
    if event is None or not same_person(event.who, who) or event.finding not in desk.material.numbers:
        return None
    number = desk.material.numbers[event.finding]
    found = desk.state(desk.material.findings[number], who)
    here = [one for one in (*found.rivals, *([found.verdict] if found.verdict else [])) if one.id != event.id]
    others = [one for one in here if not same_person(one.who, who)] if found.rivals and event.kind == "verdict" else []
    return {
        "id": event.id,
        "what": _what(event, found, desk.lang),
        "about": desk.material.findings[number].fingerprint,
        "metric": tidy(desk.material.findings[number].metric) or say(desk.lang, "metric.none"),
        "count": len(desk.together(who, event.id)),
        "undone": "1" if event.id in found.undone or event.kind == "undo" else "",
        "others": say(desk.lang, "decision.between").join(_answer(one, desk.lang) for one in others),
    }


# ---- a fact


def fact(desk: Desk, who: str, shown: Fact) -> dict[str, Any]:
    """Everything that states one fact, and the findings about it."""
    material, lang = desk.material, desk.lang
    claims = [material.claims[id] for id in shown.claims]
    few = claims[:MOST]
    texts = material.texts(few)
    numbers = sorted({number for claim in claims for number in material.bound.get(claim.id, ())})
    standings = queue.standing(desk.queue, desk.viewer(who), numbers)
    return {
        "heading": heading(shown, lang),
        "sides": [side(letter(i), c, texts[c.document], claim_link(material, c), lang) for i, c in enumerate(few)],
        "axis": axis(few, lang), "left_out": len(claims) - len(few), "series": series(material, shown, lang),
        "findings": [
            (material.findings[number].fingerprint, MARKS.get(material.findings[number].level, "·"),
             material.findings[number].level, one_line(choose(material.findings[number].message, lang)),
             standing(one, lang))
            for number, one in zip(numbers, standings, strict=True)
        ],
    }  # fmt: skip


# ---- a document


def documents(desk: Desk, text: str, page: int) -> dict[str, Any]:
    """The documents, those with most findings first."""
    material = desk.material
    found, count, page = queue.documents(desk.queue, text, page)
    rows = []
    for number, findings in found:
        document = material.documents[number]
        claims = len(material.within[document.path])
        when = dated(document, desk.lang)
        rows.append((number, name(document, document.path), when, tidy(document.place), claims, findings))
    return {"rows": rows, "count": count, "page": page, "pages": queue.pages(count), "text": text}


# ---- figures a desk lives by


def figures(desk: Desk) -> dict[str, Any]:
    """How many findings were right, by rule and in all."""
    head, *body = stats_rows(stats(desk.event.values()), desk.lang)
    return {"head": head, "body": body}

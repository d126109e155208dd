"""Decisions for other programs: tables of events, JSON Lines to import elsewhere, and W3C Web Annotations."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import quote as percent
from uuid import NAMESPACE_OID, uuid5

from checker.decisions.events import Event, Quote, dump
from checker.decisions.state import holds, states
from checker.decisions.stats import Counts
from checker.decisions.verdicts import word
from checker.report import csv
from checker.report.json import spread
from checker.report.plain import one_line, tidy, visible
from checker.report.rows import Table
from checker.report.words import label, say
from checker.wording import period

_COLUMNS = (
    "event.at", "event.who", "fingerprint", "event", "event.standing", "event.from", "event.to", "side", "reason",
    "note", "rule", "metric", "place", "period", "figures", "document", "path", "event.id",
)  # fmt: skip
_BETWEEN = " / "


def as_csv(events: Sequence[Event], lang: str) -> bytes:
    """One row an event, so that a Chinese Excel opens it by a double click."""
    return csv.sheet(_rows(events, lang))


def as_xlsx(events: Sequence[Event], lang: str) -> bytes:
    """The same as a workbook."""
    from checker.report import xlsx

    return xlsx.workbook(say(lang, "decisions"), [(say(lang, "decisions"), _rows(events, lang))])


def as_jsonl(events: Sequence[Event], lang: str) -> str:
    """One event a line, whole: what `checker decisions import` takes."""
    return "".join(dump(one) + "\n" for one in events)


def as_annotations(events: Sequence[Event], lang: str) -> str:
    """The verdicts that hold as Web Annotations: each is about the figures of its finding, where they stood."""
    holding = [one for found in states(events).values() for one in found.standing]
    name = _urn(*(one.id for one in holding))
    page = {"id": f"{name}#page", "type": "AnnotationPage", "partOf": name, "startIndex": 0}
    items = [_annotation(one, lang) for one in holding]
    return spread(
        {
            "@context": "http://www.w3.org/ns/anno.jsonld",
            "id": name,
            "type": "AnnotationCollection",
            "label": say(lang, "decisions"),
            "total": len(items),
            "first": page | {"items": items},
        }
    )


EXPORTS: Mapping[str, Callable[[Sequence[Event], str], str | bytes]] = {
    "csv": as_csv,
    "xlsx": as_xlsx,
    "jsonl": as_jsonl,
    "annotations": as_annotations,
}


def stats_rows(counts: Sequence[Counts], lang: str) -> list[list[str]]:
    """How many findings of each rule were right, as a table with a header."""
    said = [say(lang, f"stats.{name}") for name in ("decided", "right", "share")]
    amiss = [word(id, lang).capitalize() for id in ("rounding", "extraction-error", "alignment-error")]
    rows = [[say(lang, "rule"), *said, *amiss, say(lang, "stats.undecided")]]
    for one in counts:
        share = "" if one.share is None else f"{one.share:.1%}"
        numbers = (one.decided, one.right, share, one.rounding, one.extraction, one.alignment, one.undecided)
        rows.append([visible(one.rule) or say(lang, "stats.all"), *map(str, numbers)])
    return rows


def _rows(events: Sequence[Event], lang: str) -> Table:
    known = states(events)
    rows: Table = [[say(lang, name) for name in _COLUMNS]]
    for one in events:
        what = one.kind == "verdict" or one.kind == "undo"
        old, new = (word(id, lang) if what else one_line(id) for id in (one.from_, one.to))
        about = [one.at, one_line(one.who), one.finding, label(lang, "event", one.kind)]
        standing = label(lang, "event", holds(one, known[one.finding]))
        side = label(lang, "side", one.side) if one.side else ""
        rows.append(
            [*about, standing, old, new, side, one_line(one.reason), one_line(one.note), *_sight(one, lang), one.id]
        )
    return rows


def _sight(one: Event, lang: str) -> list[str]:
    if not one.sight:
        return [""] * 7
    seen = one.sight
    about = [visible(seen.rule), tidy(seen.metric), tidy(seen.place), period(seen.period_start, seen.period_end, lang)]
    columns = (
        [visible(quote.printed) for quote in seen.quotes],
        [one_line(quote.title) for quote in seen.quotes],
        [visible(quote.document) for quote in seen.quotes],
    )
    return [*about, *map(_BETWEEN.join, columns)]


def _annotation(one: Event, lang: str) -> dict[str, Any]:
    verdict = word(one.to, lang)
    if one.side:
        verdict = say(lang, "decision.side", verdict=verdict, side=label(lang, "side", one.side))
    bodies = [(verdict, "classifying"), (one.reason, "assessing"), (one.note, "commenting")]
    return {
        "id": _urn(one.id),
        "type": "Annotation",
        "motivation": "assessing",
        "creator": {"type": "Person", "name": one.who},
        "created": one.at,
        "body": [
            {"type": "TextualBody", "value": text, "format": "text/plain", "purpose": purpose}
            for text, purpose in bodies
            if text
        ],
        "target": [_target(quote) for quote in one.sight.quotes] if one.sight else [],
    }


def _target(quote: Quote) -> dict[str, Any]:
    return {
        "type": "SpecificResource",
        "source": percent(quote.document.encode("utf-8", "surrogatepass")),
        "selector": [
            {"type": "TextQuoteSelector", "exact": quote.exact, "prefix": quote.prefix, "suffix": quote.suffix},
            {"type": "TextPositionSelector", "start": quote.start, "end": quote.end},
        ],
    }


def _urn(*ids: str) -> str:
    return f"urn:uuid:{uuid5(NAMESPACE_OID, ' '.join(ids))}"

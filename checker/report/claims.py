"""The figures of documents as a table for people, without an audit."""

from __future__ import annotations

from collections.abc import Iterable

from checker.model import Claim, Rejected
from checker.report.plain import printed, tidy, visible
from checker.report.text import on_console, table
from checker.report.view import MARKS
from checker.report.words import label, period, say

LONGEST_PATH = 24


def claims_table(claims: Iterable[Claim], rejected: Iterable[Rejected], lang: str, width: int = 100) -> str:
    """Two tables of at most `width` columns: the figures, and the numbers set aside with the reason."""
    figures = [_figure(claim, lang) for claim in claims]
    aside = [_aside(number, lang) for number in rejected]
    titles = [say(lang, key) for key in ("claim.line", "printed", "metric", "attribute", "period", "place")]
    lines = table([titles, *figures], [0, 0, 1, 0, 0, 1], "<><<<<", width) if figures else []
    if aside:
        titles = [say(lang, key) for key in ("claim.line", "number", "reason", "context")]
        lines += ["" for _ in lines[:1]]
        lines.append(f"{MARKS['note']} {say(lang, 'rejected', n=len(aside))}")
        lines += table([titles, *aside], [1, 1, 0, 1], "<><<", width)
    return on_console(lines, width, color=False)


def _where(item: Claim | Rejected) -> str:
    """File and line; of a long path the end, which tells files apart."""
    path = visible(item.document)
    return f"{path if len(path) <= LONGEST_PATH else '…' + path[1 - LONGEST_PATH :]}:{item.line}"


def _figure(claim: Claim, lang: str) -> list[str]:
    kind = label(lang, "attribute", claim.attribute)
    if claim.modality != "actual":
        kind += f" {label(lang, 'modality', claim.modality)}"
    about = " · ".join(filter(None, map(tidy, (claim.place, claim.scope))))
    when = period(claim.period_start, claim.period_end, lang)
    return [_where(claim), printed(claim), tidy(claim.metric), kind, when, about]


def _aside(number: Rejected, lang: str) -> list[str]:
    return [_where(number), visible(number.number), label(lang, "reason", visible(number.reason)), tidy(number.context)]

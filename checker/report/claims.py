"""The figures of documents as a table for people, without an audit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rich.cells import cell_len, chop_cells
from rich.text import Text

from checker.model import Claim, Document, Rejected, changed
from checker.report.numbers import figure
from checker.report.plain import cut, tidy, visible
from checker.report.text import on_console, table
from checker.report.view import MARKS, where
from checker.report.words import label, say
from checker.wording import period

# The longest label of a column of a table, and the longest name of a sheet where it is cut, in characters.
_LABEL, _SHEET = 8, 6


def claims_table(
    claims: Iterable[Claim], rejected: Iterable[Rejected], documents: Iterable[Document], lang: str, width: int = 80
) -> str:
    """Two tables of at most `width` columns: the figures, and the numbers set aside with the reason."""
    by_path = {document.path: document for document in documents}
    figures, aside, most = list(claims), list(rejected), width // 4
    lines: list[Text | str] = []
    if figures:
        titles = [say(lang, key) for key in ("claim.line", "printed", "metric", "attribute", "period", "place")]
        rows = [titles, *([_where(claim, by_path, lang, most), *_figure(claim, lang)] for claim in figures)]
        lines += _by_document(figures, table(rows, [0, 0, 2, 1, 1, 2], "<><<<<", width), width)
    if aside:
        titles = [say(lang, key) for key in ("claim.line", "number", "reason", "context")]
        rows = [titles, *([_where(number, by_path, lang, most), *_aside(number, lang)] for number in aside)]
        lines += ["" for _ in lines[:1]]
        lines.append(f"{MARKS['note']} {say(lang, 'rejected', n=len(aside))}")
        lines += _by_document(aside, table(rows, [0, 1, 0, 2], "<><<", width), width)
    return on_console(lines, width, color=False)


def _where(item: Claim | Rejected, documents: Mapping[str, Document], lang: str, most: int) -> str:
    """The place of a number without the label of its row, which its metric repeats; what else has no room is cut."""
    document, anchor = documents.get(item.document), changed(item.anchor, row="")
    whole = where(changed(item, anchor=anchor), document, lang, _LABEL)
    if cell_len(whole) <= most:
        return whole
    anchor = changed(anchor, head="", sheet=cut(anchor.sheet, _SHEET))
    return where(changed(item, anchor=anchor), document, lang)


def _by_document(items: Sequence[Claim | Rejected], lines: list[Text | str], width: int) -> list[Text | str]:
    """A table with a line for each of these, and the path of a document above its first."""
    head, *rows = lines
    shown, path = [head], None
    for item, row in zip(items, rows, strict=True):
        if item.document != path:
            path = item.document
            shown.append(Text(_end(visible(path), width), "bold"))
        shown.append(row)
    return shown


def _end(path: str, width: int) -> str:
    """A path; of a long one its end, which tells files apart."""
    return path if cell_len(path) <= width else "…" + chop_cells(path[::-1], width - 1)[0][::-1]


def _figure(claim: Claim, lang: str) -> list[str]:
    kind = label(lang, "attribute", claim.attribute)
    if claim.modality != "actual":
        kind += f" {label(lang, 'modality', claim.modality)}"
    about = " · ".join(filter(None, map(tidy, (claim.place, claim.scope))))
    when = period(claim.period_start, claim.period_end, lang)
    return [figure(claim, lang), tidy(claim.metric), kind, when, about]


def _aside(number: Rejected, lang: str) -> list[str]:
    return [visible(number.number), label(lang, "reason", visible(number.reason)), tidy(number.context)]

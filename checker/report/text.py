"""An audit for a terminal or a log: plain lines no wider than asked, in colour when asked.

Document text enters only as `rich.text.Text`, cleaned first, so neither markup nor an escape sequence in it acts.
"""

from __future__ import annotations

from io import StringIO

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from checker.model import Audit, Claim, Document, Explanation, Finding
from checker.report.numbers import difference, figure, interval
from checker.report.plain import cut, one_line, passage, shorten, visible
from checker.report.view import (
    MARKS,
    Group,
    also,
    by_level,
    by_reason,
    by_rule,
    claims_of,
    confidence,
    explained,
    grouped,
    heading,
    lead,
    letter,
    modality,
    name,
    per_document,
    silent_rules,
    standing,
    supposed,
    suppression,
    verdict,
    where,
)
from checker.report.words import choose, label, say
from checker.report.wrap import hanging, wrap

NARROWEST = 60
SENTENCE = 70
STYLES = {"error": "bold red", "warning": "yellow", "note": "cyan", "suspected": "dim", "suppressed": "dim"}
_INDENT = {"zh": 10, "en": 15}
WIDEST = 100


def render(audit: Audit, lang: str, width: int = 80, color: bool = False) -> str:
    """The audit as lines of at most `width` columns, of which 60 to 100 are used; worst finding first."""
    width = max(min(width, WIDEST), NARROWEST)
    lines = _head(audit, lang, width) + _documents(audit, lang, width)
    by_id = {claim.id: claim for claim in audit.claims}
    documents = {document.path: document for document in audit.documents}
    for group in grouped(audit):
        lines += ["", *_group_head(group, lang, width)]
        for finding in group.findings:
            lines += ["", *_finding(finding, claims_of(finding, by_id), documents, lang, width, color)]
    return on_console(lines + _foot(audit, lang, width), width, color)


def on_console(lines: list[Text | str], width: int, color: bool) -> str:
    """Lines as the bytes a terminal takes, the same whatever terminal runs this."""
    out = StringIO()
    console = Console(
        file=out, width=width, force_terminal=color, color_system="standard" if color else None, no_color=not color,
        markup=False, emoji=False, highlight=False, legacy_windows=False, _environ={},
    )  # fmt: skip
    for line in lines:
        console.print(line, no_wrap=True, overflow="ignore", crop=False)
    return "\n".join(line.rstrip() for line in out.getvalue().split("\n"))


def _head(audit: Audit, lang: str, width: int) -> list[Text | str]:
    counts = "  ".join(
        f"{MARKS.get(level, '·')} {label(lang, 'level', level)} {n}" for level, n in by_level(audit).items()
    )
    found: list[Text] = wrap(Text(counts if audit.findings else say(lang, "no_findings")), width)
    return [Text(say(lang, "report"), "bold"), *wrap(Text(lead(audit, lang)), width), *found]


def _documents(audit: Audit, lang: str, width: int) -> list[Text | str]:
    if not audit.documents:
        return []
    counted, set_aside = per_document(audit)
    rows = [[say(lang, key) for key in ("document", "path", "date", "counted", "set_aside")]]
    for doc in audit.documents:
        when = doc.date.isoformat() if doc.date else "—"
        counts = (str(counted[doc.path]), str(set_aside[doc.path]))
        rows.append([one_line(doc.title).strip() or "—", visible(doc.path), when, *counts])
    return ["", *table(rows, [1, 1, 0, 0, 0], "<<<>>", width)]


def table(rows: list[list[str]], shrink: list[int], align: str, width: int) -> list[Text | str]:
    """Rows in columns, the first row a header; where room is short, columns give way by their `shrink`."""
    sizes = [max(cell_len(row[i]) for row in rows) for i in range(len(align))]
    over = sum(sizes) + 2 * (len(sizes) - 1) - width
    for _ in range(over):
        wide = [i for i, size in enumerate(sizes) if shrink[i] and size > 8]
        if wide:
            sizes[max(wide, key=lambda i: sizes[i] * shrink[i])] -= 1
    lines: list[Text | str] = []
    for n, row in enumerate(rows):
        cells = [_cell(text, size, side) for text, size, side in zip(row, sizes, align, strict=True)]
        lines.append(Text("  ".join(cells).rstrip(), "dim" if n == 0 else ""))
    return lines


def _cell(text: str, size: int, side: str) -> str:
    if cell_len(text) > size:
        return set_cell_size(set_cell_size(text, size - 1).rstrip() + "…", size)
    gap = " " * (size - cell_len(text))
    return gap + text if side == ">" else text + gap


def _group_head(group: Group, lang: str, width: int) -> list[Text | str]:
    metric, about = heading(group, lang)
    line = Text.assemble((metric, "bold"), " · ", about)
    return [Text("─" * width, "dim"), *wrap(line, width)]


def _finding(
    finding: Finding, claims: list[Claim], documents: dict[str, Document], lang: str, width: int, color: bool
) -> list[Text | str]:
    state, indent = standing(finding), _INDENT[lang]
    level = Text(f"{MARKS.get(state, '·')} {label(lang, 'level', state)}", STYLES.get(state, ""))
    message = Text(one_line(choose(finding.message, lang)), "bold")
    lines: list[Text | str] = [*hanging(level, message, width, indent)]
    for i, claim in enumerate(claims):
        lines += _side(letter(i), claim, documents.get(claim.document), lang, width, color)
    lines.append("")
    for key, text in _facts(finding, claims, lang):
        if text.plain:
            lines += hanging(Text("  " + say(lang, key) if key else "", "dim"), text, width, indent)
    return lines


def _side(side: str, claim: Claim, document: Document | None, lang: str, width: int, color: bool) -> list[Text | str]:
    """One value with its document, date and line, and the sentence with the figure marked."""
    when = document.date.isoformat() if document and document.date else say(lang, "undated")
    source = Text(" · ".join((name(document, claim.document), when, where(claim, document, lang))), "dim")
    value = Text.assemble((figure(claim, lang), "bold"), f"  {modality(claim, lang)}".rstrip())
    lines: list[Text | str] = ["", *hanging(Text(f"  {side}", "bold"), value, width, 5)]
    return [*lines, *hanging(Text(""), source, width, 5), *hanging(Text(""), marked(claim, document, color), width, 5)]


def marked(claim: Claim, document: Document | None, color: bool) -> Text:
    """The sentence of a claim with its figure in reverse video, or in 【】 where there is no colour."""
    before, figure, after, _, tail = shorten(passage(claim, document), SENTENCE)
    if not before and not after:
        after = cut(tail, SENTENCE)
    return Text.assemble(before, (figure, "bold reverse") if color else f"【{figure}】", after)


def _facts(finding: Finding, claims: list[Claim], lang: str) -> list[tuple[str, Text]]:
    """The lines under the values: a key of words.yaml and the text; a key left out continues the line above."""
    found = [_explanation(explanation, lang) for explanation in finding.explanations if explanation.found]
    wide = [(letter(i), claim) for i, claim in enumerate(claims) if interval(claim, lang) != figure(claim, lang)]
    listed = {
        "explanations": found,
        "hypotheses": [Text(supposed(hypothesis, claims, lang)) for hypothesis in finding.hypotheses],
        "also": [Text(line) for line in also(finding, claims, lang)],
        "why": [Text(one_line(choose(finding.why, lang)))],
        "interval": [Text(f"{at} {interval(claim, lang)}") for at, claim in wide],
        "formula": [Text(one_line(finding.formula))],
    }
    rows = [
        ("difference", Text(difference(finding, claims, lang))),
        ("verdict", Text(verdict(finding, lang))),
        ("suppressed", Text(suppression(finding, lang))),
        ("confidence", Text(confidence(finding, lang))),
    ]
    for key, texts in listed.items():
        rows += [("" if i else key, text) for i, text in enumerate(texts)]
    rows.append(("rule", Text(f"{visible(finding.rule)} · {visible(finding.fingerprint)}", "dim")))
    return rows


def _explanation(explanation: Explanation, lang: str) -> Text:
    quote, said = cut(one_line(explanation.text), SENTENCE), explained(explanation, lang)
    return Text(say(lang, "explanation.quoted", said=said, text=quote) if quote else said)


def _foot(audit: Audit, lang: str, width: int) -> list[Text | str]:
    levels = "  ".join(
        say(lang, "level.count", level=label(lang, "level", level), id=visible(level), n=n)
        for level, n in by_level(audit).items()
    )
    rules = "  ".join(f"{visible(rule)} {n}" for rule, n in by_rule(audit))
    silent = silent_rules(audit)
    rows = [
        ("by_level", levels),
        ("", say(lang, "suspected", n=len(audit.suspected)) if audit.suspected else ""),
        ("by_rule", "  ".join(filter(None, (rules, say(lang, "silent", n=silent) if silent else "")))),
        ("set_aside", "  ".join(f"{label(lang, 'reason', visible(reason))} {n}" for reason, n in by_reason(audit))),
    ]
    lines: list[Text | str] = ["", Text("─" * width, "dim"), Text(say(lang, "total"), "bold")]
    for key, text in rows:
        if text:
            lines += hanging(Text("  " + say(lang, key) if key else "", "dim"), Text(text), width, _INDENT[lang])
    return lines + _problems(audit, lang, width)


def _problems(audit: Audit, lang: str, width: int) -> list[Text | str]:
    if not audit.problems:
        return []
    lines: list[Text | str] = ["", Text(say(lang, "problems", n=len(audit.problems)), "bold")]
    for problem in audit.problems:
        lines += hanging(Text("  •"), Text(f"{visible(problem.path)}: {visible(problem.reason)}"), width, 4)
    return lines

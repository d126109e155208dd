"""The baseline of a project: findings that people have accepted, so that a run fails on new ones only.

A plain text file, sorted, one entry a line, fit to be read in a pull request; fields are parted by tabs:

    fingerprint  rule  documents  metric  period  figures  until  reason

`until` is the last day on which the entry counts, or -. An entry stands for its finding as long as the figures are
those that were accepted. Documents go by title, place and date, those without a title by their digest: nothing in the
file depends on lines, paths or the day it was written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from checker.errors import BadData
from checker.model import Audit, Claim, Document, Finding, Suppression
from checker.report.plain import one_line, printed
from checker.textfile import read_text
from checker.wording import period

HEAD = "# checker baseline: fingerprint, rule, documents, metric, period, figures, until, reason"
NONE = "-"
# Some hundred thousand entries.
MAX_BYTES = 50_000_000
_FINGERPRINT = re.compile(r"[0-9a-f]{16}")
_FIELDS = 8


@dataclass(frozen=True, slots=True)
class Entry:
    """A finding that was accepted: its figures, why, and the last day on which that counts."""

    fingerprint: str
    rule: str
    documents: str
    metric: str
    period: str
    figures: str
    until: date | None
    reason: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Applied:
    """An audit with its accepted findings suppressed, and what there is to say of the entries.

    Expired and changed entries are of findings that count again, by the day or since a figure has changed; unused ones
    speak of a rule that ran and a document that was checked, and are of no finding.
    """

    audit: Audit
    expired: tuple[Entry, ...]
    changed: tuple[Entry, ...]
    unused: tuple[Entry, ...]


def load(path: Path) -> list[Entry]:
    """The entries of a baseline. Raises BadData with path and line."""
    entries: dict[str, Entry] = {}
    for number, line in enumerate(read_text(path, BadData, MAX_BYTES).split("\n"), 1):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            entry = _entry(line, number)
        except ValueError as error:
            raise BadData(str(error), str(path), number) from None
        if entry.fingerprint in entries:
            raise BadData(f"line {entries[entry.fingerprint].line} is of this finding as well", str(path), number)
        entries[entry.fingerprint] = entry
    return list(entries.values())


def dump(entries: Iterable[Entry]) -> str:
    """The text of a baseline."""
    lines = sorted(
        "\t".join(
            [
                entry.fingerprint, entry.rule, entry.documents, entry.metric, entry.period, entry.figures,
                entry.until.isoformat() if entry.until else NONE, entry.reason,
            ]
        )
        for entry in entries
    )  # fmt: skip
    return "\n".join([HEAD, *lines]) + "\n"


def apply(audit: Audit, entries: Iterable[Entry], today: date) -> Applied:
    """Suppress the findings of an audit that a baseline has accepted."""
    known = {entry.fingerprint: entry for entry in entries}
    claims = {claim.id: claim for claim in audit.claims}
    expired, changed, found, findings = [], [], set(), []
    for finding in audit.findings:
        entry = known.get(finding.fingerprint)
        if entry:
            found.add(entry.fingerprint)
            if entry.until and entry.until < today:
                expired.append(entry)
            elif entry.figures != _figures(finding, claims):
                changed.append(entry)
            else:
                finding = replace(finding, suppression=Suppression("baseline", entry.reason))
        findings.append(finding)
    names = {_name(document) for document in audit.documents if audit.held is None or document.path in audit.new}
    unused = [
        entry
        for entry in known.values()
        if entry.fingerprint not in found
        and entry.rule in audit.rules
        and names.intersection(entry.documents.split(_BETWEEN))
    ]
    return Applied(replace(audit, findings=tuple(findings)), tuple(expired), tuple(changed), tuple(unused))


def accept(audit: Audit, levels: Sequence[str], reason: str, until: date | None = None) -> list[Entry]:
    """Entries for the findings of these levels that nothing suppresses. Raises ValueError where no reason is given."""
    if not _field(reason):
        raise ValueError("a reason is needed")
    claims = {claim.id: claim for claim in audit.claims}
    documents = {document.path: document for document in audit.documents}
    return [
        Entry(
            finding.fingerprint,
            finding.rule,
            _BETWEEN.join(sorted({_name(documents[claims[id].document]) for id in finding.claims})),
            _field(finding.metric) or NONE,
            _field(period(finding.period_start, finding.period_end, "en")) or NONE,
            _figures(finding, claims),
            until,
            _field(reason),
        )
        for finding in audit.findings
        if finding.level in levels and not finding.suppression
    ]


_BETWEEN = " + "


def _entry(line: str, number: int) -> Entry:
    fields = line.split("\t")
    if len(fields) != _FIELDS:
        raise ValueError(f"{len(fields)} fields parted by tabs, not {_FIELDS}")
    fingerprint, rule, documents, metric, when, figures, until, reason = map(str.strip, fields)
    if not _FINGERPRINT.fullmatch(fingerprint):
        raise ValueError(f"{fingerprint[:40]!r} is no fingerprint of 16 hexadecimal digits")
    if not reason:
        raise ValueError("no reason")
    try:
        day = None if until == NONE else date.fromisoformat(until)
    except ValueError:
        raise ValueError(f"until {until[:40]!r} is neither a day such as 2027-01-31 nor {NONE}") from None
    return Entry(fingerprint, rule, documents, metric, when, figures, day, reason, number)


def _figures(finding: Finding, claims: Mapping[str, Claim]) -> str:
    """Each figure once and in a fixed order: another document that prints one of them changes nothing."""
    return " / ".join(sorted({_field(printed(claims[id])) for id in finding.claims}))


def _name(document: Document) -> str:
    title, day = _field(document.title) or document.digest[:16], document.date.isoformat() if document.date else ""
    return " ".join(filter(None, (title, _field(document.place), day))).replace(_BETWEEN, "+")


def _field(text: str) -> str:
    """A text on one line without tabs."""
    return " ".join(one_line(text).split())

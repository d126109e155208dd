"""A rule for people: what it checks and why, what would explain a difference, and two of its tests played through."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from rich.text import Text

from checker.check import Rule
from checker.check.rules import Cause, RuleTest, Threshold, compares
from checker.check.slips import SLIPS
from checker.model import Audit, Finding
from checker.report.numbers import exact
from checker.report.plain import one_line, visible
from checker.report.text import NARROWEST, STYLES, WIDEST, on_console
from checker.report.view import MARKS
from checker.report.words import choose, label, say
from checker.report.wrap import hanging, wrap

Lines = list[Text | str]


def explain(
    rule: Rule, firing: tuple[RuleTest, Audit] | None, silent: tuple[RuleTest, Audit] | None, lang: str,
    width: int = 80, color: bool = False,
) -> str:  # fmt: skip
    """A rule in lines of at most `width` columns, with a test that finds something and one that does not.

    Each test comes with the audit of its documents, None where the rule has no such test.
    """
    width = max(min(width, WIDEST), NARROWEST)
    head = Text.assemble((rule.id, "bold"), " · ", _level(rule.level, lang), " · ")
    head.append(say(lang, "rule.since", version=visible(rule.since)))
    lines: Lines = [*wrap(head, width), *wrap(Text(one_line(choose(rule.title, lang))), width)]
    lines += ["", *_headed(say(lang, "why"), width), *_block(choose(rule.why, lang), width)]
    if rule.thresholds:
        lines += ["", *_headed(say(lang, "rule.thresholds"), width)]
    for threshold in rule.thresholds:
        lines += _threshold(threshold, lang, width)
    lines += ["", *_headed(say(lang, "rule.causes" if rule.explained_by else f"rule.{rule.verdict}"), width)]
    for cause in rule.explained_by:
        lines += _cause(cause, rule, lang, width)
    if rule.hypotheses or compares(rule):
        lines += ["", *_headed(say(lang, "rule.hypotheses"), width), *_hypotheses(rule, lang, width)]
    for key, example in (("rule.fires", firing), ("rule.silent", silent)):
        lines += ["", *_example(rule, key, example, lang, width)]
    return on_console(lines, width, color)


def _headed(words: str, width: int) -> list[Text]:
    return wrap(Text(words, "bold"), width)


def _block(text: str, width: int, indent: int = 2) -> list[Text]:
    return hanging(Text(""), Text(one_line(text)), width, indent)


def _level(level: str, lang: str) -> Text:
    named = say(lang, "level.id", level=label(lang, "level", level), id=level)
    return Text(f"{MARKS.get(level, '·')} {named}", STYLES.get(level, ""))


def _threshold(threshold: Threshold, lang: str, width: int) -> list[Text]:
    """A number that a project may set otherwise, after the name to set it by."""
    said = say(
        lang, "rule.threshold", title=choose(threshold.title, lang), name=threshold.name,
        value=exact(Decimal(repr(threshold.value))),
    )  # fmt: skip
    return hanging(Text("  •"), Text(one_line(said)), width, 4)


def _cause(cause: Cause, rule: Rule, lang: str, width: int) -> list[Text]:
    """What would explain a difference, the words that say so, and what the finding is then."""
    lines = hanging(Text("  •"), Text(one_line(choose(cause.title, lang))), width, 4)
    if cause.text:
        lines += _block(say(lang, "rule.words", words="、".join(cause.text)), width, 4)
    level = say(lang, "level.id", level=label(lang, "level", cause.level or rule.level), id=cause.level or rule.level)
    verdict = label(lang, "verdict", cause.verdict)
    return lines + _block(say(lang, "rule.becomes", level=level, verdict=verdict), width, 4)


def _hypotheses(rule: Rule, lang: str, width: int) -> list[Text]:
    """The slips that are tried: those the rule names, then those of any figure that shall equal another."""
    named = [choose(one.title, lang) for one in rule.hypotheses]
    if compares(rule):
        slips = ("、" if lang == "zh" else "; ").join(choose(title, lang) for title in SLIPS.values())
        named.append(say(lang, "rule.slips", slips=slips))
    return [line for text in named for line in hanging(Text("  •"), Text(one_line(text)), width, 4)]


def _example(rule: Rule, key: str, example: tuple[RuleTest, Audit] | None, lang: str, width: int) -> Lines:
    if example is None:
        return [*_headed(say(lang, f"{key}_not"), width)]
    test, audit = example
    lines: Lines = [*_headed(say(lang, key, name=one_line(test.name)), width)]
    for name, given in test.documents.items():
        lines += _document(name, given, width)
    findings = [finding for finding in audit.findings if finding.rule == rule.id]
    lines += _block(say(lang, "rule.finds" if findings else "rule.finds_nothing"), width)
    for finding in findings:
        lines += _finding(finding, lang, width)
    return lines


def _document(name: str, given: Mapping[str, str], width: int) -> list[Text]:
    """A document of a test as the test gives it, line by line."""
    about = " · ".join(visible(given[key]) for key in ("title", "date", "place") if given.get(key))
    lines = hanging(Text(""), Text(" · ".join(filter(None, (visible(name), about))), "dim"), width, 2)
    for line in given["text"].splitlines():
        lines += hanging(Text(""), Text(visible(line)), width, 4) if line.strip() else [Text("")]
    return lines


def _finding(finding: Finding, lang: str, width: int) -> list[Text]:
    lines = hanging(Text(""), _level(finding.level, lang), width, 4)
    lines += _block(choose(finding.message, lang), width, 4)
    if finding.formula:
        lines += _block(finding.formula, width, 4)
    return lines + _block(label(lang, "verdict", finding.verdict), width, 4)

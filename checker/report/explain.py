"""How figures of a line were read, each as a small tree: what it is, where each slot comes from, which pattern fits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.text import Text
from rich.tree import Tree

from checker.extract.clauses import Bound
from checker.extract.lexer import Lexer
from checker.model import Claim, How
from checker.report.numbers import exact
from checker.report.plain import printed, visible
from checker.report.text import STYLES
from checker.report.words import label, say
from checker.wording import period

_JOINT = {"zh": "；", "en": "; "}


def explained(bindings: Iterable[tuple[Claim, Bound | None]], line: int, lexer: Lexer, lang: str, width: int) -> str:
    """The trees of the figures on a line of the source; a sentence where it has none."""
    trees = [_tree(claim, bound, lexer, lang) for claim, bound in bindings if claim.line == line]
    if not trees:
        return say(lang, "explain.none", line=line) + "\n"
    console = Console(width=width, color_system=None, markup=False, emoji=False, highlight=False, legacy_windows=False)
    with console.capture() as capture:
        for tree in trees:
            console.print(tree)
    return "\n".join(row.rstrip() for row in capture.get().split("\n"))


def _tree(claim: Claim, bound: Bound | None, lexer: Lexer, lang: str) -> Tree:
    low, high = ("" if end is None else exact(end) for end in (claim.low, claim.high))
    tree = Tree(Text(f"{printed(claim)} = {exact(claim.value)} {visible(claim.unit)} [{low}, {high}]", STYLES["note"]))
    for how in claim.how:
        tree.add(_slot(claim, how, lang))
    if claim.reading:
        read = tree.add(Text(f"{say(lang, 'explain.read')}: {claim.reading}"))
        if bound and bound.before:
            read.add(Text(f"{say(lang, 'explain.words')}: {_words(bound, lexer)}"))
        if claim.passed:
            read.add(Text(f"{say(lang, 'explain.passed')}: {', '.join(dict.fromkeys(claim.passed))}"))
    return tree


def _slot(claim: Claim, how: How, lang: str) -> Text:
    values = {
        "metric": claim.metric,
        "period": period(claim.period_start, claim.period_end, lang),
        "place": claim.place,
        "tier": claim.level or say(lang, "explain.whole"),
        "account": how.text,
        "modality": label(lang, "modality", claim.modality),
        "unit": claim.unit,
    }
    source = f" «{visible(how.text)}»" if how.text else ""
    told = label(lang, "how", how.how)
    return Text(f"{label(lang, 'slot', how.slot)}: {visible(values[how.slot])}{_JOINT[lang]}{told}{source}")


def _words(bound: Bound, lexer: Lexer) -> str:
    """The words in front of a figure; those that the pattern takes with their kinds."""
    free = len(bound.before) - bound.taken
    texts: Sequence[str] = [
        visible(word.text) + (f"[{'/'.join(lexer.kinds_of(word))}]" if at >= free else "")
        for at, word in enumerate(bound.before)
    ]
    return " ".join(texts)

"""One cause, one finding: what several rules, or several pairs of figures, find of one slip is one finding."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from checker.check.slips import plain
from checker.model import Claim, Fact, Finding, severity_rank
from checker.vocabulary import words
from checker.wording import direction, period, said


def merge(
    findings: Sequence[Finding],
    facts: Iterable[Fact],
    claims: Mapping[str, Claim],
    titles: Mapping[str, str] | None = None,
) -> list[Finding]:
    """Findings with those of the same cause inside the surest of them, in the order of these.

    Where they compare three or more values of one fact, its message names them all, each with the documents that state
    it, by their `titles`.

    Two have one cause where the same would explain both in the same documents, where they compare figures of one
    fact, or what the same documents say of one metric and period (a level and its growth), where one figure with the
    same correction would account for both, or where one binds nothing that the other does not.
    """
    found, stated = list(findings), {id: fact for fact in facts for id in fact.claims}
    groups: dict[int, list[int]] = defaultdict(list)
    keys = [list(_keys(finding, stated, claims)) for finding in found]
    for i, root in enumerate(_roots(len(found), _same_cause(found, keys))):
        groups[root].append(i)
    merged = []
    for members in groups.values():
        main = min(members, key=lambda i: (severity_rank(found[i].level), -(found[i].confidence or 0.0), i))
        others = [found[i] for i in members if i != main]
        message = _of_all_values(found[main], others, stated, claims, titles or {})
        merged.append((main, _with(replace(found[main], message=message), others)))
    return [finding for _, finding in sorted(merged, key=lambda pair: pair[0])]


def _of_all_values(
    main: Finding,
    others: Sequence[Finding],
    stated: Mapping[str, Fact],
    claims: Mapping[str, Claim],
    titles: Mapping[str, str],
) -> dict[str, str]:
    """The message of a finding, or one with all values where others compare the same fact's."""
    alike = [one for one in (main, *others) if one.rule == main.rule and one.difference is not None]
    facts = [{stated[id].id for id in one.claims if id in stated} for one in alike]
    bound = [claims[id] for one, of in zip(alike, facts, strict=True) if of == facts[0] for id in one.claims]
    values: dict[Decimal, dict[str, Claim]] = defaultdict(dict)
    for claim in bound:
        values[claim.value].setdefault(claim.document, claim)
    if len(facts[:1]) < 1 or len(facts[0]) > 1 or len(values) < 3 or len({claim.modality for claim in bound}) > 1:
        return main.message
    return {lang: _listed(main, list(values.values()), titles, lang) for lang in main.message}


def _listed(main: Finding, values: Sequence[Mapping[str, Claim]], titles: Mapping[str, str], lang: str) -> str:
    """Every value with the first document that states it, and how many others do."""
    say = words("wording")["values"]
    told = []
    for one in values:
        path, claim = next(iter(one.items()))
        title = titles.get(path) or path
        where = say["several"][lang].format(title=title, n=len(one)) if len(one) > 1 else title
        told.append(say["value"][lang].format(figure=_figure(claim, lang), where=where))
    listed = say["last"][lang].join(filter(None, (say["joint"][lang].join(told[:-1]), told[-1])))
    when = period(main.period_start, main.period_end, lang)
    return str(say["message"][lang].format(metric=main.metric, period=when, values=listed))


def _figure(claim: Claim, lang: str) -> str:
    return said(plain(claim.text), direction(claim.value, claim.attribute, claim.dimension, claim.metric, lang))


def _with(main: Finding, others: Sequence[Finding]) -> Finding:
    """A finding with others in it; their claims are its further witnesses."""
    claims = dict.fromkeys([*main.claims, *(id for other in others for id in other.claims)])
    return replace(main, claims=tuple(claims), also=tuple(others)) if others else main


def _same_cause(found: Sequence[Finding], keys: Sequence[Sequence[object]]) -> Iterable[tuple[int, int]]:
    """Pairs of findings that have one cause."""
    first: dict[object, int] = {}
    binding: dict[str, list[int]] = defaultdict(list)
    for i, finding in enumerate(found):
        for key in keys[i]:
            yield i, first.setdefault(key, i)
        for id in finding.claims:
            binding[id].append(i)
    for i, finding in enumerate(found):
        mine = set(finding.claims)
        if len(mine) > 1:
            for k in binding[min(mine, key=lambda id: len(binding[id]))]:
                if k != i and mine <= set(found[k].claims):
                    yield i, k


def _keys(finding: Finding, facts: Mapping[str, Fact], claims: Mapping[str, Claim]) -> Iterable[object]:
    """What other findings of the same cause have as well."""
    documents = sorted({claims[id].document for id in finding.claims})
    if finding.verdict == "explained":
        yield "explained", *documents, *(one.id for one in finding.explanations if one.found)
    for hypothesis in finding.hypotheses:
        yield "corrected", hypothesis.claim, hypothesis.corrected
    compared = {fact.id: fact for id in finding.claims[:2] if (fact := facts.get(id))}
    if finding.difference is not None and len(compared) == 1:
        [fact] = compared.values()
        yield "fact", fact.id
        about = (fact.concept or fact.metric, fact.place, fact.scope, fact.period_start, fact.period_end)
        yield "metric", *about, *sorted({claims[id].document for id in finding.claims[:2]})


def _roots(size: int, pairs: Iterable[tuple[int, int]]) -> list[int]:
    """For each number the least of those that pairs join it to."""
    parent = list(range(size))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for pair in pairs:
        a, b = sorted(map(root, pair))
        parent[b] = a
    return [root(i) for i in range(size)]

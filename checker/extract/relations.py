"""Which figure of a document is part of which, whose share a share is, what a difference is between, a plan is of."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from checker.extract import wholes
from checker.extract.accounts import Walk
from checker.extract.differences import differences, running_totals
from checker.extract.modality import Modality
from checker.extract.parts import Parts, Relations
from checker.extract.targets import targets
from checker.model import Claim, Links


def relate(
    text: str,
    claims: Sequence[Claim],
    spans: Sequence[tuple[int, int] | None],
    unread: Sequence[int],
    words: Parts,
    plans: Modality,
) -> list[Claim]:
    """The claims of a document with part_of, listing, among and subject.

    `spans` are their places in the flat text, `unread` those of numbers that may be amounts and could not be read. A
    claim of a table has no span and is related to nothing here.
    """
    found = Relations()
    Walk(text, claims, spans, unread, words, found).run()
    wholes.compositions(text, claims, spans, words, found)
    wholes.tiers(claims, spans, words, found)
    differences(text, claims, spans, words, found)
    running_totals(text, claims, spans, words, found)
    wholes.structures(text, claims, spans, words, found)
    wholes.shares(text, claims, spans, words, found)
    targets(text, claims, spans, plans, found)
    links = {"part_of": found.part_of, "listing": found.listing, "among": found.among, "subject": found.subject}
    related = list(claims)
    for i, claim in enumerate(claims):
        ids = {name: claims[others[i]].id for name, others in links.items() if i in others}
        if ids:
            related[i] = replace(claim, links=Links(**ids))
    return related

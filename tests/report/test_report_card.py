"""What a page shows of a finding: the sentence around each figure, and once only where many stand in one."""

from __future__ import annotations

from datetime import date

from checker import load_rules, parse
from checker.pipeline import audit_documents
from checker.report.card import Card, Pages, card
from checker.vocabulary import rules_dir

PARTS = {"教育": 57, "医疗": 31, "住房": 24, "养老": 18}


def shown(total: int) -> Card:
    """The finding about a total that its parts do not add up to."""
    listed = "、".join(f"{name}支出{amount}亿元" for name, amount in PARTS.items())
    text = f"全市各项工作稳步推进。2020年，清河市民生支出{total}亿元，其中，{listed}，全部按时拨付到位。群众反映良好。"
    document = parse(text, "a.txt", {"title": "报告", "date": date(2021, 1, 20), "place": "清河市"})
    audit = audit_documents([document], rules=load_rules([rules_dir()]))
    claims = {claim.id: claim for claim in audit.claims}
    (finding,) = (one for one in audit.findings if len(one.claims) == 5)
    return card(finding, [claims[id] for id in finding.claims], {"a.txt": document}, lambda claim: None, "zh")


def test_of_many_figures_in_one_sentence_it_stands_beside_the_first() -> None:
    first, *others = shown(310).sides
    whole = "".join((first.passage.before, first.passage.figure, first.passage.after))
    assert "民生支出310亿元" in whole and "拨付到位" in whole and "稳步推进" in first.passage.lead
    for side in others:
        near = f"{side.passage.before}{side.passage.figure}{side.passage.after}"
        assert side.printed in near and len(near) < 50 and not side.passage.lead + side.passage.tail
        assert near.strip("…") in whole


def test_pages_are_counted_on_from_piece_to_piece() -> None:
    pages = Pages(1, "zh")
    assert [pages("<b>"), pages("一\n\u240c\n二"), pages.skip("3\u240c亿元"), pages("三\u240c四\u240c")] == [
        "&lt;b&gt;",
        '一\n<span class="page">第2页</span>二',
        "3\u240c亿元",
        '三<span class="page">第4页</span>四<span class="page">第5页</span>',
    ]

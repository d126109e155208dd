"""Bind a quantity to what it measures, from the words around it: metric, attribute, whole, owner, sign, basis.

Chinese reports put the name of a figure in front of it (减免税费18.5亿元), behind a verb and the number
(完成236个老旧小区改造), or leave it out where it was just said (…773亿元，同比增长1.2%). The words that decide are
data: rules/vocabulary/cues.yaml.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from checker.extract import lists
from checker.extract.cues import cues
from checker.extract.names import (
    begins_name,
    clean,
    edges,
    leading_verb,
    name_before,
    name_behind,
    verb_only,
    without_brackets,
)
from checker.extract.quantities.token import Token

_CLAUSE = re.compile("[，。；：！？,;:!?\n|]| (?! )")
_BREAK = re.compile("[，。；！？,;!?\n|]")
_MULTIPLE = re.compile(r"(?:是|为|相当于|达到?).{0,14}?的$")
_REACHES = re.compile("(?<!达)[到至]$")
_RISES_TO = re.compile(
    "[、，]?(?:增加|提高|上升|增长|下降|降低|扩大|减少|缩小|缩短|提升|升|增|降)[到至](?:了|近|约|超过?)?$"
)
_TOTAL = re.compile("累计|总数|总量|共有|总计")
_COMPARED_RATE = re.compile("(?:高于|快于|好于|低于|慢于)[^，。；]{2,12}$")
_LAST_YEAR = re.compile(r"上年|去年|同期|年初|上季|上月|(?:19|20)\d\d年")
_PREDICATE = re.compile(
    "(?:有所|明显|持续|稳步|平稳|继续|大幅|小幅)?(?:增长|上升|下降|回升|回落|增加|减少)?(?:较快|较多|较慢|加快|放缓|平稳)?$"
)
_TAKEN_OF = re.compile("[，,]?(?:约)?占(?!用|地)(.{2,})$")
_PART_OF = re.compile("的|投向|用于")
_SHARES = ("比重", "占比", "比例")
# How far in front of and behind a figure its words are looked for.
REACH_LEFT, REACH_RIGHT = 60, 40
# A clause that serves as a name is cut to its last characters.
MOST_OF_CLAUSE = 20

PROPORTIONS = ("percent", "doubling")
POINTS = ("point",)
MONEY = (
    *("money", "usd", "hkd", "eur", "jpy", "gbp", "mop", "sdr", "twd", "rub", "krw", "aud", "cad", "nzd", "chf"),
    *("sgd", "thb", "inr", "myr", "vnd", "kzt", "sar", "aed"),
)
# Units of things that figures behind them may belong to (110个项目，累计投资105亿元).
THINGS = ("count", "households", "people", "length")


@dataclass(slots=True)
class Bound:
    """What the words around a quantity say of it.

    `left` and `right` are these words. `fulfils` marks how far a plan was carried out, `is_whole` an amount that a
    share is taken of, `named_behind` a name taken from behind the number.
    """

    metric: str = ""
    attribute: str = "level"
    whole: str | None = None
    owner: str = ""
    negative: bool = False
    basis: str = ""
    fulfils: bool = False
    is_whole: bool = False
    named_behind: bool = False
    left: str = ""
    right: str = ""


@dataclass(slots=True)
class Subject:
    """What a sentence is talking about, for figures that leave their name out.

    `head` is the last thing counted, `listed` the names of the last list, `recent` those of all levels so far; `plan`
    tells that the figure just before was planned.
    """

    metric: str = ""
    head: str = ""
    listed: list[str] = field(default_factory=list)
    recent: list[str] = field(default_factory=list)
    plan: bool = False
    terms: int = 0
    last: Bound | None = None


def bind(text: str, tokens: list[Token], start: int, end: int, subject: Subject) -> list[Bound]:
    """Bind the quantities of one sentence (text[start:end]) in order; `subject` is carried along and updated."""
    bounds: list[Bound] = []
    runs = _runs(text, tokens)
    listed: dict[int, tuple[str, str]] = {}
    for i, token in enumerate(tokens):
        before = tokens[i - 1] if i else None
        after = tokens[i + 1] if i + 1 < len(tokens) else None
        left = without_brackets(_words_left(text, token, before, start, bounds[-1] if bounds else None))
        right = _words_right(text, token, after, end)
        if i in runs and lists.is_list(left, runs[i]):
            names, tail = lists.items(left, runs[i], subject.listed, subject.recent, subject.metric)
            subject.listed = names
            listed.update({i + k: (name, tail) for k, name in enumerate(names)})
        if i in listed:
            left = "".join(listed[i])
        bound = _bind(text, token, left, right, subject)
        bound.metric = bound.metric or _clause_before(text, start, token) or edges(left)
        bounds.append(bound)
        if not _in_brackets(text, start, token.first):
            _move_on(subject, bound, token)
    return bounds


# ---- the words of a figure


def _runs(text: str, tokens: list[Token]) -> dict[int, int]:
    """Where figures follow one another with nothing but 、 or 和 between: index of the first -> how many."""
    runs: dict[int, int] = {}
    first = 0
    for i, token in enumerate(tokens):
        joined = i + 1 < len(tokens) and lists.BETWEEN.fullmatch(text[token.after : tokens[i + 1].before])
        if not joined:
            if i > first and token.kind != "ratio":
                runs[first] = i - first + 1
            first = i + 1
    return runs


def _words_left(text: str, token: Token, before: Token | None, start: int, bound: Bound | None) -> str:
    """The words in front of a figure: back to the figure before it, or to the beginning of the clause."""
    edge = max(start, before.after if before else start, token.before - REACH_LEFT)
    if before and bound:
        if item := _next_item(text, before, token):
            return text[item : token.before]
        between = text[before.after : token.before]
        if before.after == edge and between.startswith("的") and "、" in between:
            # 近400万平方米的修复工程、总长度6.7公里的公园: what follows 的 belongs to the figure before
            edge += between.index("、") + 1
    bracket = max(text.rfind("（", edge, token.before), text.rfind("(", edge, token.before))
    if bracket >= 0 and _in_brackets(text, edge, token.before):
        edge = bracket + 1
    for m in _CLAUSE.finditer(text, edge, token.before):
        if not _in_brackets(text, edge, m.start()):
            edge = m.end()
    taken = before is not None and before.after == edge and bound is not None and bound.named_behind
    if taken and not verb_only(name_behind(_CLAUSE.split(text[token.after : token.after + 8])[0])):
        return ""  # 15个部门117个事项: 部门 is the name of the figure before
    return text[edge : token.before]


def _words_right(text: str, token: Token, after: Token | None, end: int) -> str:
    """The words behind a figure: up to the next figure, or to the end of the clause."""
    if after and (item := _next_item(text, token, after)):
        return text[token.after : item - 1]
    edge = min(end, after.before if after else end, token.after + REACH_RIGHT)
    m = _CLAUSE.search(text, token.after, edge)
    return text[token.after : m.start() if m else edge]


def _next_item(text: str, token: Token, after: Token) -> int:
    """Where the words of the next figure begin, behind the name of this one; 0 if that is unclear.

    运作770个重大项目、完成投资2600亿元: behind the 、, since a verb or a bare head follows it.
    """
    between = text[token.after : after.before]
    cut = between.rfind("、") + 1
    if cut < 3 or _CLAUSE.search(between):
        return 0
    rest = between[cut:]
    return token.after + cut if cues().verb.match(rest) or cues().relational.match(rest) else 0


def _in_brackets(text: str, start: int, at: int) -> bool:
    opened = text.count("（", start, at) + text.count("(", start, at)
    return opened > text.count("）", start, at) + text.count(")", start, at)


def _clause_before(text: str, start: int, token: Token) -> str:
    """The name in the clause before, where it states no figure (中长期贷款增长较快，比年初增加5.0万亿元)."""
    clauses = _BREAK.split(text[start : token.before])
    if len(clauses) < 2 or any(character.isdigit() for character in clauses[-2]):
        return ""
    name = _PREDICATE.sub("", name_before(clauses[-2]))
    return "" if verb_only(name) else name[-MOST_OF_CLAUSE:]


# ---- what they say


def _bind(text: str, token: Token, left: str, right: str, subject: Subject) -> Bound:
    bound = Bound(left=left, right=right)
    if subject.last and _RISES_TO.fullmatch(left):
        # 从54.9%提高到58.8%: the second figure is of what the first one is
        last = subject.last
        bound.metric, bound.attribute, bound.whole, bound.owner = last.metric, last.attribute, last.whole, last.owner
    elif token.kind == "streak":
        _streak(text, token, bound)
    elif token.kind == "rank":
        _rank(bound, subject)
    elif token.kind == "ratio":
        name = name_before(left)
        subject.terms, subject.metric = (1, name) if name else (subject.terms + 1, subject.metric)
        bound.metric, bound.attribute = lists.one_of_three(subject.metric, subject.terms), "share"
    elif token.unit == "倍" and (m := _MULTIPLE.search(left)):
        bound.metric, bound.attribute = name_before(left[: m.start()]) or subject.metric, "multiple"
    elif name := _fulfilled(token, left, subject):
        bound.metric, bound.attribute, bound.whole, bound.fulfils = name + "预算完成", "rate", "预算", True
    elif (m := _TAKEN_OF.match(left)) and right == "的" and token.dimension not in PROPORTIONS:
        bound.metric, bound.is_whole = name_before(m[1]), True
    elif left == "的" and token.dimension == "percent" and subject.last and subject.last.is_whole:
        # 税收收入68.3亿元，占一般公共预算收入98.6亿元的69.3%
        whole = subject.last.metric
        bound.attribute, bound.whole, bound.metric = "share", whole, f"{subject.metric}占{whole}的比重"
    elif change := _change(token, left, right):
        _growth(token, change, subject, bound)
    elif token.dimension in PROPORTIONS or token.dimension in POINTS:
        _proportion(token, subject, bound)
    else:
        _level(text, token, subject, bound)
    return bound


def _streak(text: str, token: Token, bound: Bound) -> None:
    """连续5年荣获…: what has been going on for so long, up to the end of the clause."""
    m = _BREAK.search(text, token.end)
    ongoing = text[token.end : m.start() if m else token.end + REACH_RIGHT][:REACH_RIGHT]
    who = clean(bound.left.removesuffix("连续"))
    bound.metric, bound.attribute, bound.owner = clean(ongoing) or who, "streak", who


def _rank(bound: Bound, subject: Subject) -> None:
    name = clean(bound.left)
    bound.metric, bound.attribute = (name if len(name) > 4 else subject.metric + name), "rank"


def _fulfilled(token: Token, left: str, subject: Subject) -> str:
    """What a percentage of a plan says to be fulfilled (为预算的97.25%, 完成预算5亿元的102.7%)."""
    if token.dimension != "percent":
        return ""
    if left == "的" and subject.plan:
        return subject.metric
    m = cues().fulfilled.search(left)
    return (name_before(left[: m.start()]) or subject.metric) if m else ""


def _change(token: Token, left: str, right: str) -> re.Match[str] | None:
    """The words of growth that a figure stands behind (同比增长, 比年初增加), unless they lead to a level or a name."""
    m = cues().growth.search(left)
    if not m and token.signed and (token.dimension in PROPORTIONS or token.dimension in POINTS):
        m = cues().signed.search(left)
    if not m or _REACHES.search(left):
        return None
    plain = token.dimension not in PROPORTIONS and token.dimension not in POINTS and not m[1]
    return None if plain and token.dimension not in MONEY and begins_name(right) else m


def _growth(token: Token, m: re.Match[str], subject: Subject, bound: Bound) -> None:
    c = cues()
    compared, verb = m[1], m[2]
    name = name_before(c.compared.sub("", edges(bound.left[: m.start()])))
    name = name_before(c.compared.sub("", name))
    bound.basis = next((basis for basis, found in c.bases.items() if found.search(bound.left)), "")
    bound.negative = verb in c.down
    if token.dimension in PROPORTIONS:
        bound.attribute = "change" if verb in c.press and not compared else "growth"
    elif token.dimension in POINTS or compared or (verb in c.amounts if name else subject.metric):
        bound.attribute = "change"
    elif name:
        # 城乡提升50公里: the verb belongs to the name
        bound.negative, name = False, name + verb
    if token.dimension in POINTS and not name and subject.last and subject.last.attribute in ("share", "rate"):
        bound.metric = subject.last.metric
    elif (
        token.dimension in PROPORTIONS and name.endswith(("业", "类")) and (head := c.list_head.search(subject.metric))
    ):
        bound.metric = name + head[0]  # 增加值…，其中批发业增长5.4%
    else:
        bound.metric = _with_subject(name, subject)


def _with_subject(name: str, subject: Subject) -> str:
    """A name, completed by what the sentence is about where it says little by itself (涨幅, 增速, 占比)."""
    if not name or verb_only(name):
        return subject.metric or name
    if len(name) <= 4 and cues().relational.fullmatch(name) and name not in subject.metric:
        return subject.metric + name
    return name


def _proportion(token: Token, subject: Subject, bound: Bound) -> None:
    """A percentage that is no growth: a share of something, a rate, or a difference in points."""
    point = token.dimension in POINTS
    if point and (m := _COMPARED_RATE.search(bound.left)):
        bound.negative = m[0][0] in "低慢"
        bound.attribute, bound.metric = "change", name_before(bound.left[: m.start()]) or _last_metric(subject)
        if not _LAST_YEAR.search(m[0]):
            bound.basis = "相比"  # 低于全国1.2个百分点, 高于目标
        return
    share = None if point else cues().share.search(bound.left)
    if share:
        _share(share, subject, bound)
        return
    name = name_before(bound.left)
    if _PART_OF.match(bound.right) or (verb_only(name) and begins_name(bound.right)):
        # 89.4%的公园实现…, 将财政支出70%投向民生领域
        bound.attribute, bound.metric = "share", name + name_behind(bound.right)
        return
    bound.metric = name if len(name) > 1 and not verb_only(name) else _with_subject(name, subject)
    if point:
        bound.attribute = "change"
    elif leading_verb(name) in cues().press:
        bound.attribute, bound.negative = "change", True  # 压减一般性支出30%
    elif token.unit == "倍":
        bound.attribute = "multiple"
    else:
        is_share = any(word in bound.metric for word in _SHARES) and not cues().rate.search(bound.metric)
        bound.attribute = "share" if is_share else "rate"


def _last_metric(subject: Subject) -> str:
    """The figure just before, share and all: what points are added to (占比56.2%，提高1.5个百分点)."""
    return subject.last.metric if subject.last else subject.metric


def _share(m: re.Match[str], subject: Subject, bound: Bound) -> None:
    bound.attribute = "share"
    whole = clean(name_before(m["whole"] or ""))
    bound.whole = whole or None
    name = name_before(bound.left[: m.start()])
    part = name if name and not verb_only(name) else subject.metric
    named = m["named"] or ""
    if named.startswith("投向"):
        bound.metric = name + named
    elif whole:
        bound.metric = f"{part}占{whole}的比重"
    else:
        bound.metric = part if part.endswith(_SHARES) else part + (named or "占比")


def _level(text: str, token: Token, subject: Subject, bound: Bound) -> None:
    """An amount: its name stands behind a counted number (完成236个老旧小区改造), in front of others."""
    name = name_before(bound.left)
    name = "" if name in ("和", "及", "与", "以及") else name
    behind = name_behind(bound.right) if begins_name(bound.right) or token.implied else ""
    if behind and _named_behind(token, name, bound):
        _take_behind(token, name, behind, bound)
    elif name and not verb_only(name):
        bound.metric = name
    elif (verb := name or clean(bound.left)) and (use := cues().use.match(text, token.after)):
        # 安排3700万元，支持高等院校引进人才
        bound.metric = verb + use[1]
    elif not name and subject.metric and _TOTAL.search(bound.left):
        # 新增公园127座，累计1100座
        verb = leading_verb(subject.metric)
        bound.metric = "累计" + (subject.metric[len(verb) :] if verb.startswith("新") else subject.metric)
    elif name and name not in subject.metric:
        # 惠及2.5万人次, 回迁925万平方米: the verb says what became of what was just named
        bound.metric = subject.metric[len(leading_verb(subject.metric)) :] + name
    else:
        bound.metric = subject.metric or name
    bare = not bound.owner and cues().relational_only.search(bound.metric)
    if bare and subject.head not in bound.metric:
        bound.owner = subject.head


def _named_behind(token: Token, name: str, bound: Bound) -> bool:
    """Whether the words behind a figure name it rather than those in front."""
    if verb_only(name) or bound.left.rstrip().endswith("等"):
        return True
    return token.dimension not in (*MONEY, "percent") and not bound.right.startswith("的")


def _take_behind(token: Token, name: str, behind: str, bound: Bound) -> None:
    bound.named_behind = True
    verb = name if verb_only(name) else leading_verb(name)
    bound.metric = behind if token.implied and not verb else verb + behind
    if name and not verb and not token.implied and not bound.left.rstrip().endswith("等"):
        # 4条生态廊道共184万平方米建设: only a verb is left behind the number. A name there stands for itself.
        if verb_only(behind):
            bound.metric = name + behind
        else:
            bound.owner = name


def _move_on(subject: Subject, bound: Bound, token: Token) -> None:
    """What the sentence is about after this figure."""
    subject.last = bound
    subject.plan = bool(cues().plan_name.search(bound.left))
    if subject.plan and not bound.fulfils:
        bound.metric, bound.fulfils = subject.metric + edges(bound.left).removeprefix("完成"), True
    if (
        not bound.metric
        or bound.fulfils
        or bound.is_whole
        or (subject.metric and bound.attribute not in ("level", "growth", "rate"))
    ):
        return
    subject.metric = bound.metric
    if bound.attribute == "level":
        subject.recent.append(bound.metric)
        if token.dimension in THINGS and not cues().relational_only.search(bound.metric):
            subject.head = bound.metric

"""Bind a quantity to what it measures: metric, attribute, whole, modality, scope, from the words around it.

Chinese reports put the name of a figure in front of it (减免税费18.5亿元), behind a verb and the number (完成236个老旧小区改造),
or leave it out where it was just said (…773亿元，同比增长1.2%). The words that decide are data: rules/vocabulary/cues.yaml.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from checker.extract.numbers import Token
from checker.vocabulary import any_of, words

_CLAUSE = re.compile("[，。；：！？,;:!?\n|]| (?! )")
_BREAK = re.compile("[，。；！？,;!?\n|]")
_SENTENCE = re.compile("[。！？!?\n|]")
_BRACKETS = re.compile(r"[（(][^（()）]*[)）]?|\[\d+\]|［\d+］|\[[^\]]{0,3}$")
_EDGE = re.compile(r"^[\s、，,；;：:的—\-–“”‘’\"'《》●•■◆()（）．.·]+|[\s、，,；;：:—\-–“‘\"'《●•■◆(（]+$")
_TIME = re.compile(
    r"(?:截[至止])?(?:(?:19|20)\d\d年?[-—–－~～至到])?(?:19|20)\d\d年(?:度|\d{1,2}(?:[-—–－~～至到]\d{1,2})?月(?:\d{1,2}日|份|底|末)?|[上下]半年|前\w{1,2}个?月|[一二三四]季度|前三季度|底|末|年底|年末)?(?:以来|期间|全年)?|"
    r"今年以来|去年以来|今年|去年|全年|当年|年内|年末|年底|年初|上半年|下半年|前三季度|前?[一二三四]季度|截[至止]目前|目前|“?十[一二三四]五”?(?:期间|时期|以来)|"
    r"(?:过去|近|这)?[两三四五六七八九十]年(?:来|间)|一年来|\d{1,2}(?:[-—–－~～至到]\d{1,2})?月(?:份|末|底)?|前\d{1,2}个月|本年|上年末?|期末"
)
_LIST = re.compile("分别(?:为|是|达到|达|完成|实现|占|新增|增加|下降|增长)?")
_ORDINALS = re.compile("^(第?[一二三四五六])(?:[、和至](?=第?[一二三四五六](?:产业|季度|次产业)?))")
_SEPARATORS = ("、", "、和", "、和及与", "、和及与以及并")


@dataclass(frozen=True)
class _Cues:
    growth: re.Pattern[str]
    share: re.Pattern[str]
    rate: re.Pattern[str]
    reach: re.Pattern[str]
    lead: re.Pattern[str]
    plans: re.Pattern[str]
    plan_name: re.Pattern[str]
    verbs: frozenset[str]
    verb_head: re.Pattern[str]
    behind: re.Pattern[str]
    estimate: re.Pattern[str]
    target: re.Pattern[str]
    strong: re.Pattern[str]
    done: re.Pattern[str]
    compared: re.Pattern[str]
    scopes: re.Pattern[str]
    scope_of: dict[str, str]
    states: re.Pattern[str]
    not_states: re.Pattern[str]
    bases: dict[str, re.Pattern[str]]
    relational: re.Pattern[str]
    owners: re.Pattern[str]
    relational_head: re.Pattern[str]
    press: frozenset[str]
    down: frozenset[str]


@lru_cache(maxsize=1)
def cues() -> _Cues:
    c = words("cues")
    relational = words("relational")["relational"]
    compared, up, down = any_of(c["compared"]), any_of(c["up"]), any_of(c["down"])
    against = r"(?:比|较|同)(?:19|20)\d\d年末?"
    qualifiers = any_of(w for entry in words("qualifiers").values() for w in entry.get("before", []))
    scope_of = {word: scope for scope, group in c["scopes"].items() for word in group}
    return _Cues(
        growth=re.compile(
            rf"((?:{compared}|{against})*(?=(?:{up}|{down}|{any_of(c['press'])}))|(?:{compared}|{against})+)({up}|{down}|{any_of(c['press'])}|{any_of(c['higher'])}|{any_of(c['lower'])})(了|达到|达|为|约|近|超过|超|率为|率|幅度?为?|均|分别|{qualifiers})*$"
        ),
        share=re.compile(
            rf"(?:占(?P<whole>[^占，。；]*?)(?:的)?(?:比重|比例|份额|比率|比)?|(?P<named>比重|占比|比例|份额|投向[^，。；]*))(?:分别)?(?:为|达到?|是|约|近|超过?|突破|提高到|提升到|提升至|上升到|上升至|提高至|下降到|下降至|降至|降到|达|在|保持在|始终|{qualifiers})*$"
        ),
        rate=re.compile(any_of(c["rate"])),
        reach=re.compile(rf"(?:{any_of(c['reach'])}|{qualifiers})$"),
        lead=re.compile(
            rf"^(?!{any_of(c['lead_keeps'])})(?:{any_of(c['lead'])}|{any_of(c['adverbs'])}(?={any_of([*c['verbs'], *c['adverbs']])}|$))"
        ),
        plans=re.compile(
            rf"(?:完成|为|占|达到?|是|相当于)了?[^，。；]{{0,8}}?{any_of(c['plans'])}(?:合计|收入|支出)?的$"
        ),
        plan_name=re.compile(rf"^(?:完成|为|占)?{any_of(c['plans'])}$"),
        verbs=frozenset(c["verbs"]),
        verb_head=re.compile(rf"({any_of(c['verbs'])})"),
        behind=re.compile(any_of(c["not_names_behind"])),
        estimate=re.compile(any_of(c["estimate"])),
        target=re.compile(any_of(c["target"])),
        strong=re.compile(any_of(c["target_strong"])),
        done=re.compile(any_of(c["done"])),
        compared=re.compile(rf"(?:{compared}|{against})+$"),
        scopes=re.compile(rf"{any_of(scope_of)}(?!{any_of(c['scope_not'])})"),
        scope_of=scope_of,
        states=re.compile(any_of(c["states"])),
        not_states=re.compile(any_of(c["not_states"])),
        bases={basis: re.compile(any_of(cues)) for basis, cues in c["bases"].items()},
        relational=re.compile(any_of(relational) + "$"),
        owners=re.compile(rf"^(?:年度|累计|计划|当年|全年|{any_of(c['verbs'])})*{any_of(relational)}(?:完成|额)?$"),
        relational_head=re.compile(any_of(relational)),
        press=frozenset(c["press"]),
        down=frozenset([*c["down"], *c["lower"]]),
    )


@dataclass(slots=True)
class Bound:
    """What the words around a quantity say of it."""

    metric: str = ""
    attribute: str = "level"
    whole: str | None = None
    owner: str = ""
    negative: bool = False
    basis: str = ""
    fulfils: bool = False
    behind: bool = False
    left: str = ""
    right: str = ""


@dataclass(slots=True)
class Subject:
    """What a sentence is talking about, for figures that leave their name out."""

    metric: str = ""
    head: str = ""
    names: list[str] = field(default_factory=list)
    recent: list[str] = field(default_factory=list)
    plan: bool = False


def bind(text: str, tokens: list[Token], start: int, end: int, subject: Subject) -> list[Bound]:
    """Bind the quantities of one sentence (text[start:end]) in order; `subject` is carried along and updated."""
    bounds: list[Bound] = []
    lists = _lists(text, tokens, start, subject)
    for i, token in enumerate(tokens):
        before = tokens[i - 1] if i else None
        after = tokens[i + 1] if i + 1 < len(tokens) else None
        left = text[_left_edge(text, token, before, start) : token.before]
        if before and (cut := _next_item(text, before, token)):
            left = text[cut : token.before]
        elif (
            before
            and bounds[-1].behind
            and left
            and text[before.end : token.before] == left
            and not _verb_only(_name_behind(text[token.end : token.end + 8]))
        ):
            left = ""  # the name of the figure before
        right = text[
            token.end : (_next_item(text, token, after) - 1)
            if after and _next_item(text, token, after)
            else _right_edge(text, token, after, end)
        ]
        bound = _bind(token, left, right, subject, lists.get(i), text)
        bounds.append(bound)
        if not _inside_brackets(text, token, start):
            _move_on(subject, bound, token)
    return bounds


def _left_edge(text: str, token: Token, before: Token | None, start: int) -> int:
    edge = max(start, before.end if before else start, token.before - 60)
    if before and before.end == edge and text.startswith("的", edge) and "、" in text[edge : token.before]:
        # 近400万平方米的修复工程、总长度6.7公里的公园: what follows 的 belongs to the figure before
        edge = text.index("、", edge) + 1
    bracket = max(text.rfind("（", edge, token.before), text.rfind("(", edge, token.before))
    if bracket >= 0 and _in_brackets(text, edge, token.before):
        edge = bracket + 1
    for m in _CLAUSE.finditer(text, edge, token.before):
        if not _in_brackets(text, edge, m.start()):
            edge = m.end()
    return edge


def _next_item(text: str, token: Token, after: Token) -> int:
    """Where the words of the next figure begin, behind the name of this one (运作770个重大项目、完成投资2600亿元); 0 if unclear."""
    between = text[token.end : after.before]
    cut = between.rfind("、") + 1
    if cut < 3 or _CLAUSE.search(between):
        return 0
    rest = between[cut:]
    return token.end + cut if cues().verb_head.match(rest) or cues().relational_head.match(rest) else 0


def _in_brackets(text: str, start: int, at: int) -> bool:
    return text.count("（", start, at) + text.count("(", start, at) > text.count("）", start, at) + text.count(
        ")", start, at
    )


def _inside_brackets(text: str, token: Token, start: int) -> bool:
    return _in_brackets(text, start, token.first)


def _right_edge(text: str, token: Token, after: Token | None, end: int) -> int:
    edge = min(end, after.before if after else end, token.end + 40)
    m = _CLAUSE.search(text, token.end, edge)
    return m.start() if m else edge


def clean(name: str) -> str:
    """A name without what is not part of it: brackets, periods, comparisons, leading adverbs, edges."""
    c = cues()
    name = _TIME.sub("", _BRACKETS.sub("", name))
    while True:
        trimmed = _EDGE.sub("", name)
        m = c.lead.match(trimmed) or c.scopes.match(trimmed)
        if m and len(trimmed) > m.end() + 1:
            trimmed = trimmed[m.end() :]
        if trimmed == name:
            return name
        name = trimmed


def strip_reach(name: str) -> str:
    """A name without the verbs that lead to its figure (达到, 完成, 约)."""
    c = cues()
    name = _EDGE.sub("", name)
    while m := c.reach.search(name):
        name = _EDGE.sub("", name[: m.start()])
    return name


def _bind(token: Token, left: str, right: str, subject: Subject, listed: tuple[str, str] | None, text: str) -> Bound:
    cues()
    left = _BRACKETS.sub("", left)
    if token.kind == "streak":
        return _streak(token, left, right, text)
    if token.kind == "rank":
        return _rank(left, subject)
    if listed is not None:
        item, tail = listed
        return _from_left(token, item + tail, right, subject, text)
    if token.kind == "ratio":
        return Bound(metric=strip_reach(clean(left)) or subject.metric, attribute="share", left=left, right=right)
    return _from_left(token, left, right, subject, text)


def _streak(token: Token, left: str, right: str, text: str) -> Bound:
    m = _BREAK.search(text, token.end)
    rest = text[token.end : m.start() if m else token.end + 30][:40]
    return Bound(
        metric=clean(rest) or clean(left),
        attribute="streak",
        left=left,
        right=right,
        owner=clean(re.sub("连续?$", "", left)),
    )


def _rank(left: str, subject: Subject) -> Bound:
    name = clean(left)
    return Bound(metric=(name if len(name) > 4 else subject.metric + name), attribute="rank", left=left)


def _from_left(token: Token, left: str, right: str, subject: Subject, text: str) -> Bound:
    c = cues()
    proportion = token.dimension in ("percent", "permille", "times", "tenth", "doubling")
    point = token.dimension in ("point", "basis_point", "permille_point")
    bound = Bound(left=left, right=right)
    growth = c.growth.search(left)
    if token.unit == "倍" and (m := re.search(r"(?:是|为|相当于|达到?)(?P<of>.{0,14}?)的$", left)):
        bound.attribute, bound.metric = "multiple", strip_reach(clean(left[: m.start()])) or subject.metric
        return bound
    counted = not (proportion or point or (growth and growth[1])) and _noun(right, token.dimension != "money")
    if left == "的" and subject.plan:
        # 完成年初预算16.85亿元的102.72%
        bound.attribute, bound.whole, bound.fulfils = "rate", "预算", True
        bound.metric = subject.metric + "预算完成"
        return bound
    if growth and not counted and not re.search("(?<!达)[到至]$", left):
        return _growth(token, left, growth, subject, bound, proportion, point)
    if token.dimension == "percent" and (plan := c.plans.search(left)):
        bound.attribute, bound.whole, bound.fulfils = "rate", "预算", True
        bound.metric = (strip_reach(clean(left[: plan.start()])) or subject.metric) + "预算完成"
        return bound
    if proportion or point:
        share = c.share.search(left)
        if share and not point:
            return _share(left, share, subject, bound)
        name = strip_reach(clean(left))
        bound.attribute = "change" if point else "rate"
        behind = re.sub("^(?:以上|左右|以下|上下)", "", right)
        if (_verb_only(name) and _noun(behind, True)) or re.match("的|投向|用于", behind):
            bound.attribute, bound.metric = "share", name + _name_behind(behind)
        else:
            bound.metric = name if len(name) > 1 and not _verb_only(name) else _with_subject(name, subject)
        if bound.attribute == "rate" and not c.rate.search(bound.metric) and re.search("比重|占比|比例", bound.metric):
            bound.attribute = "share"
        if bound.attribute == "rate" and token.unit == "倍":
            bound.attribute = "multiple"
        return bound
    return _level(token, left, right, subject, bound, text)


def _growth(
    token: Token, left: str, m: re.Match[str], subject: Subject, bound: Bound, proportion: bool, point: bool
) -> Bound:
    c = cues()
    verb = m[2]
    name = left[: m.start()]
    name = strip_reach(clean(c.compared.sub("", _EDGE.sub("", name))))
    name = strip_reach(clean(c.compared.sub("", name)))
    bound.basis = next((basis for basis, found in c.bases.items() if found.search(left)), "")
    bound.negative = verb in c.down
    if proportion:
        bound.attribute = "change" if verb in c.press and not m[1] else "growth"
    else:
        bound.attribute = "change"
        if not point and not m[1] and not name and not subject.metric:
            bound.attribute = "level"
    if (
        not proportion
        and not point
        and name
        and not m[1]
        and verb
        not in (
            "增加",
            "减少",
            "增长",
            "下降",
            "多增",
            "少增",
            "净增",
            "净增加",
            "增收",
            "增支",
            "减收",
            "减支",
            "提高",
            "降低",
        )
    ):
        bound.attribute, bound.negative = "level", False
        name = name + verb
    bound.metric = _with_subject(name, subject) or _EDGE.sub("", left)
    return bound


def _with_subject(name: str, subject: Subject) -> str:
    """A name, completed by what the sentence is about where it says little by itself (涨幅, 增速, 占比)."""
    if not name or _verb_only(name):
        return subject.metric or name
    if len(name) <= 4 and cues().relational.fullmatch(name) and subject.metric and name not in subject.metric:
        return subject.metric + name
    return name


def _share(left: str, m: re.Match[str], subject: Subject, bound: Bound) -> Bound:
    bound.attribute = "share"
    whole = clean(strip_reach(m["whole"] or ""))
    bound.whole = whole or None
    name = strip_reach(clean(left[: m.start()]))
    part = name if name and not _verb_only(name) else subject.metric
    if m["named"] and m["named"].startswith("投向"):
        bound.metric = name + m["named"]
    elif whole:
        bound.metric = f"{part}占{whole}的比重"
    else:
        bound.metric = part if part.endswith(("比重", "占比", "比例")) else part + (m["named"] or "占比")
    return bound


def _level(token: Token, left: str, right: str, subject: Subject, bound: Bound, text: str) -> Bound:
    listing = left.rstrip().endswith("等")
    name = strip_reach(clean(left))
    verb_only = _verb_only(name)
    behind = _name_behind(right) if _noun(right, token.dimension != "money") or token.implied else ""
    countable = token.dimension not in ("money", "usd", "percent")
    if behind and (verb_only or not name or listing or (countable and not right.startswith("的") and len(behind) > 1)):
        bound.behind = True
        verb = name if verb_only else _leading_verb(name)
        bound.metric = behind if token.implied and not verb else verb + behind
        if name and not verb_only and not listing and not verb and not token.implied:
            # 4条生态廊道共184万平方米建设: only a verb is left behind the number. A name there stands for itself.
            if _verb_only(behind):
                bound.metric = name + behind
            else:
                bound.owner = name
    elif name and not verb_only:
        bound.metric = name
    elif (verb := name or clean(left)) and re.match("用于|支持", right):
        bound.metric = verb + _name_behind(right)
    elif verb and (use := re.match("，(支持|用于|推动|保障)[^，。；]{2,24}", text[token.end : token.end + 28])):
        bound.metric = verb + use[0][1:]
    elif name and subject.metric and name not in subject.metric:
        # 惠及2.5万人次, 回迁925万平方米: the verb says what became of what was just named
        bound.metric = subject.metric[len(_leading_verb(subject.metric)) :] + name
    else:
        bound.metric = subject.metric or name
    if not bound.owner and cues().owners.search(bound.metric) and subject.head and subject.head not in bound.metric:
        bound.owner = subject.head
    return bound


def _noun(right: str, eager: bool) -> bool:
    """Whether a name begins directly behind a number."""
    right = right[1:] if right.startswith(("的", "”")) else right
    if len(right) < 2 or cues().behind.match(right) or (not "\u4e00" <= right[0] <= "\u9fff" and right[0] not in "“《"):
        return False
    return eager or right[0] != "，"


def _name_behind(right: str) -> str:
    right = _BRACKETS.sub("", right[1:] if right.startswith("的") else right)
    right = re.split("(?:以及|和|及|并|与|等)$", right)[0]
    return _EDGE.sub("", right)[:24].rstrip("、")


def _verb_only(name: str) -> bool:
    """Whether nothing but verbs is left in a name."""
    c = cues()
    name = name.strip("“”‘’ 、")
    while name:
        if name in c.verbs:
            return True
        m = c.verb_head.match(name)
        if not m or m[1] == name:
            return name in ("了", "的", "着", "过", "好")
        name = name[m.end() :]
    return True


def _leading_verb(name: str) -> str:
    m = cues().verb_head.match(name)
    return m[1] if m else ""


def _move_on(subject: Subject, bound: Bound, token: Token) -> None:
    """What the sentence is about after this figure."""
    subject.plan = bool(cues().plan_name.search(bound.left))
    if subject.plan and not bound.fulfils:
        bound.metric, bound.fulfils = subject.metric + _EDGE.sub("", bound.left).removeprefix("完成"), True
    if bound.metric and bound.attribute in ("level", "growth", "rate") and not bound.fulfils:
        subject.metric = bound.metric
        if bound.attribute == "level":
            subject.recent.append(bound.metric)
        if (
            bound.attribute == "level"
            and token.dimension in ("count", "households", "people", "length")
            and not cues().owners.search(bound.metric)
        ):
            subject.head = bound.metric


def _lists(text: str, tokens: list[Token], start: int, subject: Subject) -> dict[int, tuple[str, str]]:
    """For figures listed behind 分别: the item each belongs to, in order, and the words between items and figures."""
    out: dict[int, tuple[str, str]] = {}
    i = 0
    while i < len(tokens):
        j = i
        while j + 1 < len(tokens) and re.fullmatch("[、和及与]|以及|、和", text[tokens[j].end : tokens[j + 1].before]):
            j += 1
        if j > i:
            left = text[_left_edge(text, tokens[i], tokens[i - 1] if i else None, start) : tokens[i].before]
            m = _LIST.search(left)
            if m or j - i >= 2 or (j > i and not clean(cues().growth.sub("", left))):
                names, tail = _list_items(left, m, j - i + 1, subject)
                for k, name in enumerate(names):
                    out[i + k] = (name, tail)
        i = j + 1
    return out


def _list_items(left: str, m: re.Match[str] | None, count: int, subject: Subject) -> tuple[list[str], str]:
    """`count` names from the words in front of a list of figures; the same name for all where they do not split."""
    head, tail = (left[: m.start()], left[m.end() :]) if m else (left, "")
    if m:
        tail = re.sub("^分别", "", m[0]) + tail
    compared = cues().compared.search(_EDGE.sub("", head))
    bare = strip_reach(clean(cues().compared.sub("", _EDGE.sub("", head))))
    growth = re.search(r"(.*?)(?:同比|比上年|较上年|比.{1,6}年)$", bare)
    bare = growth[1] if growth else bare
    if not bare:
        if len(subject.names) == count:
            return subject.names, tail
        if len(subject.recent) >= count == 2:
            return subject.recent[-count:], (compared[0] if compared else "") + tail
        return [subject.metric] * count, tail
    names = split_names(bare, count)
    if m and len(names) == count:
        subject.names = names
    elif not m and len(names) == count == 1:
        return [], tail
    if len(names) != count:
        names = [bare] * count
    return names, (compared[0] if compared else "") + tail


def split_names(text: str, count: int) -> list[str]:
    """A、B和C as `count` names; what the last one ends with is said of all (金融业、批发业增加值: 金融业增加值)."""
    for separators in _SEPARATORS:
        parts = [part for part in re.split(f"[{separators}]", text) if part]
        if len(parts) == count:
            return _complete(parts)
    return []


def _complete(parts: list[str]) -> list[str]:
    last = parts[-1]
    m = re.search(any_of(words("cues")["list_heads"]) + "$", last)
    head = m[0] if m else ""
    if re.fullmatch("第?[一二三四五六]", parts[0]):
        head = re.sub("^第?[一二三四五六]", "", last)
        return [("" if part.startswith("第") else "第") + part + head for part in parts[:-1]] + [
            last if last.startswith("第") else "第" + last
        ]
    return [part if not head or part.endswith(head) else part + head for part in parts]

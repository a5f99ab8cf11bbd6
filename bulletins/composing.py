"""The words of a bulletin, made from frozen figures: no database, no clock, and no number that is not in the tables or follows from
two of them by a difference, a sum or a share. What was not counted is said to be 无数据, never 0."""

import re
from dataclasses import dataclass, field
from datetime import date

from look.words import percent_words, thousands_words
from rankings.formula import share

FEW, AT_MOST = 3, 5  # units a problem names, and how many where several stand level
LOW_COVERAGE = 0.6  # of the target of visits: below it a unit is named
ENOUGH_FOUND = 10  # rows found without one order or penalty before enforcement is called weak
APART = 8  # points within which places are not to be told apart (the noise of one week, docs/adr/0005-rankings.md)
NUMERALS = "一二三四五六七八九十"
NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?%?")


@dataclass(frozen=True)
class Body:
    """One line of the table that is told: figures by the names of `rankings.figures.COUNTS`; ``coverage`` a share or None."""

    name: str
    rank: int | None
    single: dict
    window: dict
    coverage: float | None = None


@dataclass(frozen=True)
class Facts:
    """What a bulletin is made of. ``place``: 商丘市; ``kin``: what the bodies are called (县（市、区）); ``before``: totals of the period
    before as it was frozen, None where it was not; ``unplaced``: why there are no places, "" where there are."""

    place: str
    office: str
    period: str  # 2026年第46周
    is_week: bool
    first: date
    last: date
    window_first: date
    window_words: str  # 近四周, 近三个月
    review_days: int
    kin: str
    bodies: list
    totals: dict
    before: dict | None = None
    unplaced: str = ""
    band: int = 0
    corrected: tuple = ()  # (title, number, reason) of what this puts right
    told: list = field(default_factory=list)  # of Told

    @property
    def whole(self):
        """全市, 全县, 全区."""
        return f"全{self.place[-1]}" if self.place[-1:] in "市县区" else "全区域"

    @property
    def level(self):
        return self.place[-1] if self.place[-1:] in "市县区" else ""

    @property
    def since(self):
        """The period before, as it is spoken of."""
        return "上周" if self.is_week else "上月"


@dataclass(frozen=True)
class Told:
    """A hazard chosen as a case, as it stood at the cut-off. ``firm``: its name, ``trade`` its line of business; ``why``: what it is told for."""

    place: str
    firm: str
    trade: str
    description: str
    found_on: date
    deadline: date | None
    is_major: bool
    is_open: bool
    reopened_on: date | None
    is_named: bool


def compose(facts):
    """``{section: text}`` for every section of `bulletins.models.SECTIONS`; paragraphs are lines."""
    return {
        "title": f"关于{'更正' if facts.corrected else ''}{facts.period}安全隐患排查整治情况的通报",
        "addressed": _addressed(facts),
        "opening": _opening(facts),
        "overall": _overall(facts),
        "ranking": _ranking(facts),
        "problems": _problems(facts),
        "cases": cases_of(facts.told, facts.last),
        "requirements": _requirements(facts),
        "copies": f"{facts.level}委办公室，{facts.level}政府办公室" if facts.level else "",
    }


def _addressed(facts):
    committee = f"{facts.level}安委会有关成员单位" if facts.level else "安委会有关成员单位"
    return f"各{facts.kin}{'安全生产委员会' if facts.kin.startswith('县') else ''}，{committee}"


def _opening(facts):
    days = _days(facts.first, facts.last)
    if not facts.corrected:
        return f"现将{facts.period}（{days}）{facts.whole}安全隐患排查整治情况通报如下："
    title, number, reason = facts.corrected
    why = f"因{reason.rstrip('。')}，" if reason else ""
    return f"《{title}》（{number}）印发后，{why}有关内容需要更正。现将{facts.period}（{days}）更正后的情况通报如下，此前通报与本通报不一致的，以本通报为准："


def _overall(facts):
    one, before, since = facts.totals, facts.before, facts.since
    due = one["due"] + one["unissued"] + one["refused"]
    found = [
        f"{facts.whole}共检查生产经营单位{_n(one['inspections'])}家次{_against(one, before, 'inspections', since, '家次')}",
        f"发现隐患{_n(one['found'])}条{_against(one, before, 'found', since, '条')}，其中重大隐患{_n(one['found_major'])}条",
        f"销号{_n(one['closed'])}条",
    ]
    lines = ["，".join(found[:2]) + "；" + found[2] + "。" + _enforced(one)]
    if due:
        lines.append(
            f"期内到期隐患{_n(due)}条，整改率{_percent(rate(one))}{_rate_against(one, before, rate, since)}，"
            f"按期整改率{_percent(on_time(one))}{_rate_against(one, before, on_time, since)}。"
        )
    else:
        lines.append("期内没有到期的隐患，整改率、按期整改率无数据。")
    overdue = (
        f"截至{_day(facts.last)}24时，逾期未整改{_n(one['overdue'])}条{_against(one, before, 'overdue', since, '条')}"
    )
    majors = [body for body in facts.bodies if body.single["overdue_major"]]
    if one["overdue_major"]:
        overdue += f"，其中重大隐患{_n(one['overdue_major'])}条"
        overdue += f"，分布在{_each(majors, 'overdue_major', '条', sort=True)}" if majors else ""
    return "\n".join([*lines, overdue + "。"])


def _enforced(one):
    """What was ordered and punished; nothing is said to be nothing."""
    said = [
        f"{words}{_n(one[name])}件"
        for name, words in (("orders", "责令整改"), ("penalties", "行政处罚"), ("suspensions", "责令停产停业整顿"))
        if one[name]
    ]
    if not said:
        return "没有作出责令整改和行政处罚。"
    fined = f"，罚款{_money(one['amount'])}" if float(one["amount"]) else ""
    return f"作出{'、'.join(said)}{fined}。"


def _ranking(facts):
    span = "滚动四周" if facts.is_week and facts.window_words == "近四周" else facts.window_words
    head = f"按{_days(facts.window_first, facts.last)}（{span}）计算，{facts.whole}{len(facts.bodies)}个{facts.kin}"
    if facts.unplaced:
        return f"{head}的统计见下表。{facts.unplaced}。"
    text = f"{head}的得分和名次见下表。"
    placed = [body for body in facts.bodies if body.rank is not None]
    if len(placed) >= 2 * FEW:
        first, last = placed[:FEW], placed[-FEW:]
        text += f"{_names(first)}居前，{_names(last)}居后。"
    if left := [body for body in facts.bodies if body.rank is None]:
        text += f"{_names(left[:AT_MOST])}{'等' if len(left) > AT_MOST else ''}没有检查，也没有到期隐患，不排名次。"
    if facts.is_week:
        text += "周统计供掌握进度，月排名为准。"
    return text + f"得分相差不到{APART}分的不宜区分名次，名次上下浮动{facts.band}位以内属正常波动。"


def _problems(facts):
    total, window, bodies = facts.totals, facts.window_words, facts.bodies
    found = []
    if chosen := worst(bodies, "overdue"):
        of_them = sum(body.single["overdue"] for body in chosen)
        text = f"逾期整改问题突出。{_each(chosen, 'overdue', '条')}，{'合计' + _n(of_them) + '条，' if len(chosen) > 1 else ''}占{facts.whole}逾期隐患的{_percent(share(of_them, total['overdue']))}。"
        if majors := worst(bodies, "overdue_major"):
            text += f"重大隐患逾期未整改：{_each(majors, 'overdue_major', '条')}。"
        found.append(text)
    elif total["overdue"]:
        found.append(
            f"逾期整改问题仍然存在。{facts.whole}逾期未整改{_n(total['overdue'])}条{_most(facts, 'overdue', '')}。"
        )
    found += [
        f"{title}。{said}{_n(total[name])}条{_most(facts, name, lead)}。"
        for name, title, said, lead in (
            ("waiting_to_issue", "下达整改不及时", "登记后超过规定时限仍未下达整改", "较多的有"),
            ("reviews_late", "复查不及时", f"反馈后超过{facts.review_days}天未复查", "较多的有"),
            ("returned", "整改后返潮", "销号后又重新打开", "涉及"),
        )
        if total[name]
    ]
    low = sorted(
        (body for body in bodies if body.coverage is not None and body.coverage < LOW_COVERAGE),
        key=lambda body: body.coverage,
    )
    if low:
        said = "、".join(f"{body.name}{_percent(body.coverage)}" for body in low[:AT_MOST])
        found.append(f"检查覆盖不足。{window}检查企业数未达目标六成的有{said}{_and_more(low)}。")
    if missed := worst(bodies, "missed"):
        found.append(f"检查不深不细。本单位检查过、随后被上级检查发现隐患的企业：{_each(missed, 'missed', '家')}。")
    if soft := [
        body
        for body in bodies
        if body.window["found"] >= ENOUGH_FOUND and not body.window["orders"] + body.window["penalties"]
    ]:
        said = "、".join(f"{body.name}发现{_n(body.window['found'])}条" for body in soft[:AT_MOST])
        found.append(f"执法偏软。{window}发现隐患而没有一件责令整改、行政处罚的有{said}{_and_more(soft)}。")
    late = [body for body in bodies if body.single.get("reports_due", 0) > body.single.get("reports_on_time", 0)]
    if late:
        found.append(f"信息报送不及时。未按时报送的有{_names(late[:AT_MOST])}{_and_more(late)}。")
    if not found:
        return f"本期{facts.whole}没有逾期未整改的隐患，各项统计未见需要通报的问题。"
    return "\n".join(f"（{NUMERALS[place]}）{text}" for place, text in enumerate(found))


def _requirements(facts):
    lines = []
    if chosen := worst(facts.bodies, "overdue"):
        lines.append(
            f"请{_names(chosen)}对逾期隐患逐条明确责任人和完成时间，收到本通报后5个工作日内将整改情况报{facts.office}；逾期仍未整改的，将提请约谈。"
        )
    if majors := [body for body in facts.bodies if body.single["overdue_major"]]:
        lines.append(
            f"{_names(majors[:AT_MOST])}{_and_more(majors)}的负责同志要到重大隐患现场督办，整改到位前落实管控措施。"
        )
    if facts.totals["waiting_to_issue"]:
        lines.append("登记后没有下达整改的隐患，责任单位要立即下达；反馈后没有复查的，要尽快复查。")
    lines.append(
        f"各{facts.kin}、各有关部门要对照附表查找差距，落实整改责任、措施、资金、时限和预案，坚决防范生产安全事故。"
    )
    return "\n".join(lines)


def cases_of(told, last):
    """The section 典型案例 for the chosen cases (`Told`) as they stood at the end of ``last``; "" for none."""
    return "\n".join(_case(one, last) for one in told)


def _case(one, last):
    who = f"{one.place}{one.firm}" if one.is_named else f"{one.place}1家{one.trade}企业"
    description = one.description.strip().rstrip("。；;.")
    if not one.is_named and one.firm:
        description = description.replace(one.firm, "该企业")
    said = f"{who}{'重大隐患' if one.is_major else '隐患'}：{description}。{_day(one.found_on)}检查发现"
    if one.deadline is not None:
        said += f"，整改期限{_day(one.deadline)}"
    if one.reopened_on is not None:
        said += f"，销号后{_day(one.reopened_on)}重新打开"
    return said + (f"，截至{_day(last)}未整改到位。" if one.is_open else "，已整改。")


def worst(bodies, name):
    """The `FEW` bodies with the highest ``name`` above 0, highest first. Who stands level with the last of them is named too, or, where that
    would be more than `AT_MOST`, neither is."""
    some = sorted((body for body in bodies if body.single.get(name)), key=lambda body: -body.single[name])
    if len(some) <= FEW:
        return some
    least = some[FEW - 1].single[name]
    level = [body for body in some if body.single[name] >= least]
    return level if len(level) <= AT_MOST else [body for body in some if body.single[name] > least]


def _most(facts, name, lead):
    """Which bodies have most of it, after ``lead``; where too many stand level how many have any, where it falls to none of them nothing."""
    if chosen := worst(facts.bodies, name):
        return f"，{lead}{_each(chosen, name, '条')}"
    holders = sum(1 for body in facts.bodies if body.single.get(name))
    return f"，分布在{holders}个{facts.kin}" if holders else ""


def rate(one):
    """Rectified ÷ due, of frozen totals; None where nothing was due."""
    return share(one["rectified_of_due"], one["due"] + one["unissued"] + one["refused"])


def on_time(one):
    return share(one["on_time"], one["due"] + one["unissued"] + one["refused"] - one["undated"])


def numbers_in(text):
    """The numbers written in ``text``, each once, in their order: 2,240 and 93.9% as they stand there."""
    return list(dict.fromkeys(NUMBER.findall(text)))


def paragraphs(text):
    """``[(lead, rest), …]`` of a section: the lead is （一）… up to its first full stop, "" elsewhere."""
    found = []
    for line in filter(None, (one.strip() for one in text.split("\n"))):
        head, stop, rest = line.partition("。")
        is_led = re.match(r"（[一二三四五六七八九十]+）", line) and rest
        found.append((head + stop, rest) if is_led else ("", line))
    return found


def numbered(name, place):
    """一、总体情况: the heading of the section that comes at ``place`` (from 0)."""
    return f"{NUMERALS[place]}、{name}"


def date_words(day):
    """2026年6月1日, as papers write days: no leading zeros."""
    return f"{day.year}年{day.month}月{day.day}日"


def _n(value):
    return thousands_words(value)


def _percent(value):
    return percent_words(None if value is None else float(value))


def _money(text):
    """Yuan as papers say them: 22万元 from ten thousand on."""
    amount = float(text)
    return (
        f"{amount / 10_000:,.2f}".rstrip("0").rstrip(".") + "万元"
        if amount >= 10_000
        else f"{amount:,.2f}".rstrip("0").rstrip(".") + "元"
    )


def _day(day):
    return f"{day.month}月{day.day}日"


def _days(first, last):
    if first.year != last.year:
        return f"{date_words(first)}至{date_words(last)}"
    return f"{_day(first)}至{_day(last) if first.month != last.month else f'{last.day}日'}"


def _names(bodies):
    return "、".join(body.name for body in bodies)


def _each(bodies, name, measure, *, sort=False):
    bodies = sorted(bodies, key=lambda body: -body.single[name]) if sort else bodies
    more = _and_more(bodies) if len(bodies) > AT_MOST else ""
    return "、".join(f"{body.name}{_n(body.single[name])}{measure}" for body in bodies[:AT_MOST]) + more


def _and_more(bodies):
    return f"等{len(bodies)}个单位" if len(bodies) > AT_MOST else ""


def _against(one, before, name, since, measure):
    if before is None or before.get(name) is None:
        return ""
    more = one[name] - before[name]
    if not more:
        return f"（与{since}持平）"
    return f"（比{since}{'多' if more > 0 else '少'}{_n(abs(more))}{measure}）"


def _rate_against(one, before, of, since):
    now, then = of(one), before and of(before)
    if now is None or then is None:
        return ""
    points = round(float(now) * 100, 1) - round(float(then) * 100, 1)
    if abs(points) < 0.05:
        return f"（与{since}持平）"
    return f"（比{since}{'提高' if points > 0 else '下降'}{abs(points):.1f}个百分点）"

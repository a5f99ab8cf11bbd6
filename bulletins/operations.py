"""Everything that changes bulletins. Pages and API come through these verbs; docs/adr/0033-bulletins.md says why so."""

import re

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef

from accounts.models import Unit, User
from accounts.roles import RANKING_READERS
from accounts.scope import in_division
from bulletins import composing, frozen
from bulletins.lifecycle import DISCARDED
from bulletins.models import LABELS, NUMBERING, SECTIONS, Addressee, Bulletin, Case, Receipt
from folding.texts import fold
from journal import gate
from journal.gate import day_of
from journal.refusal import Conflict, NotPermitted, Refused
from rankings.models import Freeze

CASES_AT_MOST = 10
WORD = re.compile(r"[\u4e00-\u9fffA-Za-z0-9]+")
NEEDED = ("title", "addressed", "opening", "overall", "ranking", "word")  # a paper without them is none
TAKEN = "本单位已有这一时段的通报；要更正已印发的通报，请从那份通报的页面拟更正通报"
TAKEN_UP = "已有一份更正通报；要再次更正，请更正最后的那一份"
OF_THE_EDGE = "市县区"


@transaction.atomic
def draft_bulletin(*, by, at, freeze, corrects=None):
    """Compose a bulletin of the office of ``by`` from ``freeze``, which must be in force; returns it. ``corrects``: an issued one of the
    same period and office, which it puts right."""
    gate.check_birth(Bulletin, "draft_bulletin", by=by)
    freeze = _in_force(by, freeze)
    if corrects is not None:
        _check_corrected(corrects, freeze, by)
    _check_free(by.unit, freeze, corrects)
    one = Bulletin(
        unit=by.unit,
        division=by.unit.division_code,
        freeze=freeze,
        period=freeze.period,
        corrects=corrects,
        word=word_of(by.unit),
        drafted_by=by,
        drafted_at=at,
    )
    _take_words(one, _composed(freeze, by.unit, corrects))
    changes = {"统计时段": freeze, "更正的通报": corrects and corrects.number}
    try:
        with transaction.atomic():
            gate.create(one, "draft_bulletin", by=by, at=at, changes=changes)
    except IntegrityError as error:  # another one of the office was quicker
        raise Conflict(TAKEN_UP if corrects else TAKEN) from error
    return one


def _in_force(by, freeze):
    """``freeze`` as a bulletin may be written by it: read by ``by``, in force, with a table for the office."""
    if not Freeze.objects.visible_to(by).filter(pk=freeze.pk).exists():
        raise NotPermitted("该时段的统计不存在，或不在您的管辖范围内")
    if not Freeze.objects.in_force().filter(pk=freeze.pk).exists():
        raise Conflict("这一时段的数字已经更正，请按更正后的一次拟稿")
    return Freeze.objects.select_related("formula").get(pk=freeze.pk)


def _check_corrected(corrects, freeze, by):
    gate.see(corrects, by=by)
    if not corrects.is_issued:
        raise Conflict("只有已印发的通报才用更正通报；没有印发的，直接修改")
    if corrects.unit_id != by.unit_id:
        raise NotPermitted("更正通报由印发原通报的安委办拟稿")
    if corrects.period != freeze.period:
        raise Refused("更正通报与原通报须是同一时段")


def _check_free(unit, freeze, corrects):
    kept = Bulletin.objects.exclude(state=DISCARDED)
    if corrects is None and kept.filter(unit=unit, period=freeze.period, corrects=None).exists():
        raise Conflict(TAKEN)
    if corrects is not None and kept.filter(corrects=corrects).exists():
        raise Conflict(TAKEN_UP)


def word_of(unit):
    """What stands before the year in a number of ``unit``: as in its last bulletin, else 商丘安委办通 after its place."""
    last = Bulletin.objects.issued().filter(unit=unit).order_by("-pk").values_list("word", flat=True).first()
    place = Unit.objects.filter(kind=Unit.Kind.GOVERNMENT, division_code=unit.division_code).first()
    name = place.short_name if place else unit.short_name
    return last or f"{name[:-1] if len(name) > 1 and name[-1] in OF_THE_EDGE else name}安委办通"


def _composed(freeze, unit, corrects, cases=None):
    tables = frozen.shown_tables(freeze, unit.division_code)
    if frozen.main_of(tables) is None:
        raise Refused("这一时段没有本级的统计表，不能拟通报")
    told = _told(freeze, unit.division_code, cases or {})
    return composing.compose(frozen.facts_of(freeze, unit, tables=tables, corrects=corrects, told=told))


def _told(freeze, division, cases):
    """``cases`` ({hazard id: whether named}) as they are told, in the order in which they were chosen."""
    found = {one.hazard.pk: one for one in frozen.candidates(freeze, division, only=set(cases))} if cases else {}
    city = len(division) == frozen.CITY
    return [frozen.told_of(found[pk], city=city, is_named=named) for pk, named in cases.items() if pk in found]


def _take_words(one, words):
    for name, text in words.items():
        setattr(one, name, text)
    one.composed = words


def edit_bulletin(bulletin, *, by, at, **texts):
    """Change words of a draft: ``texts`` ({section or ``word``: text}). Returns the event; None when nothing is new."""
    gate.check(bulletin, "edit_bulletin", by=by)
    _check_texts(bulletin, {**{name: getattr(bulletin, name) for name, _ in SECTIONS}, "word": bulletin.word, **texts})
    changed, _ = gate.differences(bulletin, texts)
    if not changed:
        return None
    words = {"改动": "、".join(LABELS.get(name, "发文代字") for name in changed)}
    return gate.move(bulletin, "edit_bulletin", by=by, at=at, changes=words, **changed)


def _check_texts(bulletin, texts):
    """Refuse what cannot go out: blanks, and the name of a firm that was not chosen to be named."""
    if missing := [LABELS.get(name, "发文代字") for name in NEEDED if not texts[name].strip()]:
        raise Refused(f"请填写{'、'.join(missing)}")
    if not WORD.fullmatch(texts["word"].strip()):
        raise Refused("发文代字只用汉字、字母和数字，例如：商安委办通；年份和序号由系统给出")
    hidden = bulletin.chosen.filter(is_told=True, is_named=False) if bulletin.pk else Case.objects.none()
    whole = fold("".join(texts.values()))
    for name in hidden.values_list("hazard__enterprise__name", flat=True):
        if name and fold(name) in whole:
            raise Refused(f"“{name}”没有选择写明企业名称，请在正文中删去，或在“选择案例”中选择写明")


def choose_cases(bulletin, *, by, at, cases):
    """Tell ``cases`` ({hazard id: whether the enterprise is named}) and no others; the section is composed anew. None when nothing is new."""
    gate.check(bulletin, "choose_cases", by=by)
    if len(cases) > CASES_AT_MOST:
        raise Refused(f"典型案例最多选 {CASES_AT_MOST} 条")
    offered = {one.hazard.pk: one for one in frozen.candidates(bulletin.freeze, bulletin.division, only=set(cases))}
    if strange := set(cases) - set(offered):
        raise Refused(f"有 {len(strange)} 条不在本期逾期、重大、返潮的隐患之列，请从候选中选择")
    known, beside, said = {case.hazard_id: case for case in bulletin.chosen.all()}, [], []
    for pk, named in cases.items():
        case = known.pop(pk, None) or Case(bulletin=bulletin, hazard=offered[pk].hazard, is_told=False)
        if (case.is_told, case.is_named) != (True, named):
            case.is_told, case.is_named = True, named
            beside.append(case)
            said.append(f"{offered[pk].hazard}{'（写明企业名称）' if named else '（不写企业名称）'}")
    for case in known.values():
        if case.is_told:
            case.is_told = case.is_named = False
            beside.append(case)
    if not beside:
        return None
    told = _told(bulletin.freeze, bulletin.division, cases)
    text = composing.cases_of(told, bulletin.freeze.last)
    changes = {"案例": "；".join(said) or ("不写案例" if not cases else f"保留 {len(cases)} 条")}
    return gate.move(
        bulletin,
        "choose_cases",
        by=by,
        at=at,
        changes=changes,
        beside=beside,
        cases=text,
        composed=bulletin.composed | {"cases": text},
    )


@transaction.atomic
def recompose_bulletin(bulletin, *, by, at):
    """Write a draft anew from the revision that is in force now, with the same cases; what was typed is given up. Returns the event."""
    gate.check(bulletin, "recompose_bulletin", by=by)
    freeze = Freeze.objects.of(bulletin.freeze.city_code, bulletin.freeze.asked_period)
    cases = dict(bulletin.chosen.filter(is_told=True).order_by("pk").values_list("hazard", "is_named"))
    words = _composed(freeze, bulletin.unit, bulletin.corrects, cases)
    same = freeze.pk == bulletin.freeze_id and all(getattr(bulletin, name) == text for name, text in words.items())
    if same:
        return None
    said = (
        {"统计时段": f"{bulletin.freeze} → {freeze}"} if freeze.pk != bulletin.freeze_id else {"正文": "恢复成文原稿"}
    )
    return gate.move(bulletin, "recompose_bulletin", by=by, at=at, changes=said, freeze=freeze, composed=words, **words)


def submit_bulletin(bulletin, *, by, at):
    """Send a draft to be signed; its words are fixed until it is issued or returned."""
    gate.check(bulletin, "submit_bulletin", by=by)
    _check_texts(bulletin, {"word": bulletin.word, **{name: getattr(bulletin, name) for name, _ in SECTIONS}})
    _check_current(bulletin)
    return gate.move(bulletin, "submit_bulletin", by=by, at=at, submitted_by=by)


def _check_current(bulletin):
    if not Freeze.objects.in_force().filter(pk=bulletin.freeze_id).exists():
        raise Conflict(f"{bulletin.freeze.asked_period.full_words}的数字在拟稿之后作了更正，请退回并“重新成文”后再送签")


@transaction.atomic
def issue_bulletin(bulletin, *, by, at):
    """Sign: give it its number and its day, and send it to every body of its place. Returns the event."""
    gate.check(bulletin, "issue_bulletin", by=by)
    _check_current(bulletin)
    on = day_of(at)
    [serial] = NUMBERING.take(unit=bulletin.unit.code, year=on.year)
    number = f"{bulletin.word}〔{on.year}〕{NUMBERING.parts_of(serial)[2]}号"
    bodies = [Addressee(bulletin=bulletin, unit=unit) for unit in addressees_of(bulletin)]
    return gate.move(
        bulletin, "issue_bulletin", by=by, at=at, changes={"文号": number, "主送": f"{len(bodies)} 个单位"}, beside=bodies, serial=serial,
        number=number, issued_by=by, issued_at=at, issued_on=on,
    )  # fmt: skip


def addressees_of(bulletin):
    """The bodies of its place in which somebody reads such papers, but for the one that issues it. One query."""
    somebody = User.objects.filter(unit=OuterRef("pk"), is_active=True, role__in=RANKING_READERS)
    return (
        Unit.objects.active()
        .filter(in_division(bulletin.division), Exists(somebody))
        .exclude(pk=bulletin.unit_id)
        .order_by("code")
    )


def return_bulletin(bulletin, *, by, at, reason):
    """Give it back to be mended, with the reason."""
    return gate.move(bulletin, "return_bulletin", by=by, at=at, note=reason)


def urge_readers(bulletin, *, by, at):
    """Remind every body of which nobody has opened it; once a day."""
    gate.check(bulletin, "urge_readers", by=by)
    today = day_of(at)
    if bulletin.urged_on == today:
        raise Conflict("今天已经催阅过，明天再催")
    count = unread_of(bulletin).count()
    if not count:
        raise Conflict("所有单位都已阅读，不用催阅")
    return gate.move(bulletin, "urge_readers", by=by, at=at, changes={"催阅": f"{count} 个单位"}, urged_on=today)


def unread_of(bulletin):
    """The addressees of which nobody has opened it."""
    read = Receipt.objects.filter(bulletin=OuterRef("bulletin"), unit=OuterRef("unit"))
    return Addressee.objects.filter(~Exists(read), bulletin=bulletin)


def instruct_readers(bulletin, *, by, at, text):
    """批示: what a leader writes on an issued one; every body of its place reads it there."""
    return gate.move(bulletin, "instruct_readers", by=by, at=at, note=text)


def discard_bulletin(bulletin, *, by, at, reason):
    """Give a draft up; the period is free for another one."""
    return gate.move(bulletin, "discard_bulletin", by=by, at=at, note=reason)


def note_reading(bulletin, *, by, at):
    """Note that ``by`` opened an issued one, the first time; returns whether it was. Who issued it leaves no receipt: it is told who read it."""
    if not bulletin.is_issued or by.unit_id in (None, bulletin.unit_id):
        return False
    if Receipt.objects.filter(bulletin=bulletin, person=by).exists():
        return False
    if not Addressee.objects.filter(bulletin=bulletin, unit=by.unit_id).exists():
        return False
    Receipt.objects.bulk_create(
        [Receipt(bulletin=bulletin, unit_id=by.unit_id, person=by, at=at)], ignore_conflicts=True
    )
    return True

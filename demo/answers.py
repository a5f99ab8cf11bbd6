"""Flags as they were raised Monday by Monday, and what units and the safety office made of them."""

from datetime import datetime, time, timedelta

from demo.handling import Step, uids_from
from demo.people import made_up_uid
from flags.kinds import Kind
from flags.lifecycle import State
from flags.models import Flag
from flags.operations import raise_flags

WEEKS_AGO = (4, 1)  # cut-offs before the last one: what is decided by now, and what is being answered
SAID = {
    Kind.MISSED: "该隐患在本镇检查之后形成：检查当日现场正常，附当日检查记录和照片。",
    Kind.PHOTO: "台账员为省事重复使用了照片，已责成逐条补拍。",
    Kind.FEW: "检查人员抽调参加防汛，检查家次减少，本月起恢复正常频次。",
    Kind.FAR: "部分隐患涉及设备采购，期限按采购周期确定；今后按一般隐患期限下达。",
}
ELSE = "已逐条核对，情况属实，已组织培训并重新核查有关记录。"
REASONS = {True: "说明有材料佐证，予以撤销", False: "说明不能成立，请按要求整改并加强抽查"}


def raise_in_the_past(city):
    """What the task would have raised early on the Mondays some weeks ago and on the last one."""
    last = city.now - timedelta(days=city.today.weekday())
    if last + timedelta(hours=6) >= city.now:
        last -= timedelta(weeks=1)  # this Monday has not dawned
    with uids_from(lambda: made_up_uid(city.rng)):
        for weeks in (*WEEKS_AGO, 0):
            monday = (last - timedelta(weeks=weeks)).date()
            at = datetime.combine(monday, time(6), city.now.tzinfo)
            raise_flags(to=monday - timedelta(days=1), at=at)


def answers(city):
    """Of the oldest flags all but a few are decided, of the others some are answered; generators of `Step`s."""
    first, *_ = Flag.objects.order_by("raised_on").values_list("raised_on", flat=True)[:1] or [None]
    for place, flag in enumerate(Flag.objects.select_related("unit").order_by("raised_on", "pk")):
        ago = (city.today - flag.raised_on).days
        if flag.unit == city.cast.home:
            continue  # the account answers
        if flag.raised_on == first:
            yield _settled(city, flag, ago, place)
        elif place % 3:
            yield _answered(city, flag, max(ago - 2, 1), again=place % 9 == 1)


def _settled(city, flag, ago, place):
    """Answered and decided within two weeks; every fifth without an answer, and one of those upheld is dismissed after all."""
    office, dismissed = city.cast.accounts["safety_office"], place % 3 != 0
    if place % 5:
        yield from _answered(city, flag, ago - 3, again=False)
    else:
        dismissed = False
    yield Step(ago - 11, flag, "decide", office, {"dismissed": dismissed, "reason": REASONS[dismissed]})
    if flag.state == State.UPHELD and place % 10 == 0:
        yield Step(ago - 18, flag, "relent", office, {"reason": "补充材料经核实，情况与当时提示不符"})


def _answered(city, flag, ago, *, again):
    by, text = city.head(flag.unit), SAID.get(flag.kind, ELSE)
    yield Step(ago, flag, "answer", by, {"text": text})
    if again:
        yield Step(max(ago - 1, 1), flag, "supplement", by, {"text": f"{text}补充：核查清单已存档备查。"})

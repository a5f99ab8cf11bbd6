"""What the city's safety office keeps of the ranking: approved staff, a formula on trial and one given up, a revision."""

from datetime import timedelta

from accounts.models import Unit
from demo.people import made_up_uid
from journal import chronicle
from rankings.models import Formula, Freeze, Staff
from rankings.numbers import WORDS
from rankings.operations import make_up, revise
from rankings.operations.ranking import version_for
from workdays.periods import month_of

APPROVED, BASIS = 60, "机构编制文件和在岗人员名册"
TRIAL, GIVEN_UP = {"coverage": 30, "finding": 15}, {"shrinkage": 8}


def keep_the_ranking(cast, rng, now, *, most):
    """Approve staff for some townships, draft two versions, freeze the ``most`` newest periods and revise one of them."""
    office, began = cast.accounts["safety_office"], now - timedelta(days=200)
    _approve(cast, office, rng, began)
    _draft(cast, office, rng, now)
    made = make_up(at=now, most=most)  # the task makes up the rest when it runs
    weeks = [one for one in made.made if one.is_week]
    if len(weeks) > 2:
        revise(
            Freeze.objects.get(pk=weeks[-3].pk), by=office, at=now, reason="个别隐患登记有误，更正后按同一截止时间重算"
        )


def _approve(cast, office, rng, at):
    lives = []
    for unit in Unit.objects.townships().filter(city_code=cast.city).order_by("code")[:APPROVED]:
        one = Staff(uid=made_up_uid(rng), unit=unit, inspectors=rng.randrange(2, 7), since=at.date(), reason=BASIS)
        life = chronicle.Life(one)
        life.happen(
            "approve_staff", by=office, at=at, note=BASIS, changes={"检查人员数": one.inspectors, "自何日起": one.since}
        )
        lives.append(life)
    if lives:
        number = lives[0].record.inspectors + 1
        changes = {"检查人员数": f"{number - 1} → {number}"}
        lives[0].happen(
            "correct_staff", by=office, at=at + timedelta(days=3), note="漏计一人", changes=changes, inspectors=number
        )
    chronicle.write(lives)


def _draft(cast, office, rng, now):
    before, lives = version_for(cast.city, month_of(now.date())), []
    for ago, numbers, reason in ((40, GIVEN_UP, "小单位再从宽"), (3, TRIAL, "加大检查覆盖的分量")):
        facts = {"city_code": cast.city, "reason": reason, "drafted_by": office}
        one = Formula(uid=made_up_uid(rng), numbers=before.numbers | numbers, **facts)
        life, at = chronicle.Life(one), now - timedelta(days=ago, hours=-9)
        changes = {WORDS[name]: f"{before.numbers[name]} → {value}" for name, value in numbers.items()}
        life.happen("propose_formula", by=office, at=at, note=reason, changes=changes)
        lives.append(life)
    given_up, trial = lives
    given_up.happen(
        "discard_formula", by=office, at=now - timedelta(days=38, hours=-10), note="试算后末位变动太大，暂不调整"
    )
    reason = "加大检查覆盖的分量，压减发现的分量"
    trial.happen(
        "amend_formula", by=office, at=now - timedelta(days=2, hours=-10), changes={"修改说明": reason}, reason=reason
    )
    chronicle.write(lives)

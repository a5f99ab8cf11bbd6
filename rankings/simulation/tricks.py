"""The ways to look better without being it, each a change of one township's behaviour."""

from dataclasses import replace
from typing import NamedTuple

# What the visit that a township pays for form's sake comes to, a week.
ONE_A_WEEK = 1


class Trick(NamedTuple):
    """``name`` is its key in reports and tests, ``words`` what a person reads, ``changes`` fields of `Behaviour`."""

    name: str
    words: str
    changes: dict

    def of(self, behaviour):
        """``behaviour`` with the trick."""
        return replace(behaviour, **self.changes)


TRICKS = (
    Trick("never_issues", "只登记不下达", {"issues": False}),
    Trick("far_deadlines", "期限一律定 90 天", {"deadline": 90}),
    Trick("refuse_and_reset", "到期先退回、重定期限", {"on_last_day": "refuse"}),
    Trick("parked_feedback", "到期交空反馈、压着不复查", {"on_last_day": "park", "parked_days": 30}),
    Trick("covered_feedback", "到期交空反馈、改好即复查", {"on_last_day": "park"}),
    Trick("renewed_feedback", "月末交空反馈、过后自己退回", {"on_last_day": "renew"}),
    Trick("one_visit", "一周查一家、查无问题", {"visits": ONE_A_WEEK, "thoroughness": 0}),
    Trick("copied_rows", "每家抄三条、当即销号", {"invented": 3}),
    Trick("invented_rows", "每家编两条、六天后销号", {"invented": 2, "invented_days": 6}),
    Trick("self_inspections", "只靠企业自查", {"visits": 0, "self_reported": 0.4}),
    Trick("claims_others", "把别人查的算作自己的", {"claims_others": True}),
    Trick("registers_firms", "月末多登记六成企业", {"last_day_register": 1.6}),
    Trick("closes_firms", "月末注销一半企业", {"last_day_register": 0.5}),
    Trick("penalty_spam", "逢查必罚", {"punishes_all": True}),
    Trick("split_rows", "一条好改的拆成五条", {"rows_per_easy": 5}),
    Trick("on_the_spot", "全部当场整改销号", {"all_on_the_spot": True}),
    Trick("only_safe", "只查低风险企业", {"only_safe": True}),
    Trick("reports_only", "只报送、不检查", {"visits": 0, "reports": 1}),
    Trick("hides_late", "改不完的不登记", {"hides_late": True}),
    Trick("at_the_limit", "期限一律定 20 天", {"deadline": 20}),
    Trick("on_paper", "一半检查只在纸上", {"on_paper": 0.5}),
)
# What no formula stops, since their rows look like any other: left to flags and to the spot checks of higher bodies. Of a short
# delay the ledger sees nothing when an empty feedback covers it and the review comes within the days that are waited for.
HARD = frozenset({"invented_rows", "hides_late", "covered_feedback"})

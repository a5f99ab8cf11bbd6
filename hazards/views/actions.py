"""The page of one act on one hazard."""

from hazards.models import Hazard
from hazards.views.detail import NEWEST, RELATED, doubts_of, evidence_of, extensions_of, state_words
from hazards.views.handing import is_firm_seen, referrals_of, transfers_of
from hazards.views.major import plan_waiting
from journal.views import ActPage

ANSWERS = ("answer_transfer", "assign_transfer")  # to what somebody asked, which is read on their pages


class HazardAct(ActPage):
    kind, related, template = Hazard, RELATED, "hazards/hazard_act.html"
    home, home_label = "hazards:ledger", "隐患台账"

    def beside(self, record, act, today):
        rounds = list(record.feedbacks.select_related("by").order_by("-round")[:NEWEST])
        sides = evidence_of(record, rounds, today)
        return {
            "hazard": record,
            "is_outside": record.is_outsider(self.request.user),
            "state_words": state_words(record),
            "extensions": extensions_of(record, today) if act.name == "decide_extension" else [],
            "doubts": doubts_of(self.request.user, record, today) if act.name == "decide_void" else [],
            "transfers": transfers_of(record, today) if act.name in ANSWERS else [],
            "referrals": referrals_of(record, today) if act.name == "answer_referral" else [],
            "firm_seen": is_firm_seen(self.request.user, record),
            "plan": plan_waiting(record, today) if act.name == "decide_plan" else None,
            "feedback": next(iter(rounds), None),
            "evidence": sides if any(side["photos"] for pair in sides for side in pair) else [],
        }


act = HazardAct.as_view()

from hazards import operations
from hazards.deciders import PLANS
from hazards.models import Hazard
from hazards.plans import STEAD_CAUTION, FilePlanSerializer, PlanForm
from hazards.rules import stands_for_the_firm
from journal.acts import Act, Notice

act = Act(
    record=Hazard,
    name="revise_plan",
    verb=operations.revise_plan,
    form=PlanForm,
    serializer=FilePlanSerializer,
    words="修订整改方案",
    stead="代企业修订整改方案",
    stead_caution=STEAD_CAUTION,
    stands_in=stands_for_the_firm,
    button="提交修订稿",
    strip="报一个新的版本，重新审批；批准前仍按已批准的版本整改。",
    done="修订整改方案：新的版本已提交，等待主管部门审批",
    icon="edit",
    notices={"revise_plan": Notice("已报整改方案修订稿，请审批", PLANS.told)},
)

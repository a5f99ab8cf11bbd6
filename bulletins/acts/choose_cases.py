from rest_framework import serializers

from bulletins import operations
from bulletins.forms import CasesForm
from bulletins.models import Bulletin
from doors.api import KnownFields
from journal.acts import NOBODY, Act
from journal.api import ActSerializer
from journal.forms import LAST_VERSION


class BulletinCaseSerializer(KnownFields):
    hazard = serializers.IntegerField(min_value=1, max_value=LAST_VERSION)
    named = serializers.BooleanField(default=False, help_text="是否写明企业名称")


class ChooseCasesSerializer(ActSerializer):
    cases = BulletinCaseSerializer(many=True, max_length=operations.CASES_AT_MOST)

    def validate_cases(self, rows):
        """``{hazard id: whether named}``, as the verb takes them."""
        return {row["hazard"]: row["named"] for row in rows}


act = Act(
    record=Bulletin,
    name="choose_cases",
    verb=operations.choose_cases,
    form=CasesForm,
    serializer=ChooseCasesSerializer,
    words="选择案例",
    title="选择典型案例",
    button="写入正文",
    strip="从本期逾期、重大、返潮的隐患中选择；写明企业名称的才点名曝光。",
    done="选择案例已保存，写入正文",
    icon="clipboard-list",
    is_inner=True,
    notices={"choose_cases": NOBODY},
)

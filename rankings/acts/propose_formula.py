from rest_framework import serializers

from journal.acts import Act, Notice
from journal.api import ActSerializer
from rankings import audience, operations
from rankings.formula_forms import FormulaForm, numbers_of
from rankings.models import Formula


class ProposeSerializer(ActSerializer):
    reason = serializers.CharField(max_length=500)
    locals().update(numbers_of(serializers.IntegerField))


act = Act(
    record=Formula,
    name="propose_formula",
    verb=operations.propose_formula,
    form=FormulaForm,
    serializer=ProposeSerializer,
    words="草拟新公式",
    title="草拟排名公式",
    button="保存草稿",
    strip="改动分值、上限和期限；保存后先看近三个月的试算，再由另一人公布。",
    done="已草拟排名公式，请看近三个月的试算",
    icon="edit",
    notices={"propose_formula": Notice("草拟了排名公式，请看试算，由另一人公布", audience.colleagues)},
)

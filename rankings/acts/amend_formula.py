from rest_framework import serializers

from journal.acts import Act, Notice
from journal.api import ActSerializer
from rankings import audience, operations
from rankings.formula_forms import FormulaForm, numbers_of
from rankings.models import Formula


class AmendSerializer(ActSerializer):
    reason = serializers.CharField(max_length=500, required=False)
    locals().update(numbers_of(serializers.IntegerField))


act = Act(
    record=Formula,
    name="amend_formula",
    verb=operations.amend_formula,
    form=FormulaForm,
    serializer=AmendSerializer,
    words="修改",
    title="修改草拟的公式",
    button="保存",
    strip="继续修改草稿。",
    done="已修改草拟公式",
    icon="edit",
    notices={"amend_formula": Notice("修改了草拟的排名公式，请看试算，由另一人公布", audience.colleagues)},
)

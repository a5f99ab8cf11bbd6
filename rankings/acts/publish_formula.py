from rest_framework import serializers

from journal.acts import Act, Notice
from journal.api import ActSerializer
from journal.forms import ActForm
from look.fields import DayField
from rankings import audience, operations
from rankings.models import Formula
from workdays.periods import month_of


class PublishForm(ActForm):
    since = DayField(label="施行日期", help_text="结束日在这一天或以后的周、月按新公式计算；已冻结的不再改动")

    def __init__(self, *args, today, **options):
        options["initial"] = {"since": month_of(today).following().first}
        super().__init__(*args, today=today, **options)


class PublishSerializer(ActSerializer):
    since = serializers.DateField()


act = Act(
    record=Formula,
    name="publish_formula",
    verb=operations.publish_formula,
    form=PublishForm,
    serializer=PublishSerializer,
    words="公布",
    title="公布排名公式",
    button="公布",
    strip="看过试算，没有问题的，由您公布。公布后不能再改。",
    waiting="等另一名市级安委办人员公布",
    done="已公布：{record}，{record.affects}起按这一版计算",
    icon="send",
    looks={"publish_formula": "ok"},
    notices={"publish_formula": Notice("公布排名公式，{affects}起按这一版计算", audience.ranked)},
)

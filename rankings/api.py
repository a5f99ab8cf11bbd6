from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from doors.api import KnownFields
from doors.names import of_form
from rankings.forms import RankingForm
from rankings.kinds import KINDS


class ReadsRankings(BasePermission):
    message = "统计排名供检查人员、安全负责人、安委办和领导查看"

    def has_permission(self, request, view):
        return request.user.reads_rankings


class RankedUnit(KnownFields):
    """One unit; shares are 0…1 with four digits and null where there is nothing to divide."""

    unit = serializers.CharField(help_text="单位代码")
    name = serializers.CharField(help_text="单位名称")
    inspections = serializers.IntegerField(help_text="检查家次")
    found = serializers.IntegerField(help_text="期内发现隐患")
    found_major = serializers.IntegerField(help_text="其中重大")
    closed = serializers.IntegerField(help_text="期内销号")
    rate_found = serializers.FloatField(allow_null=True, help_text="整改率：期内发现的隐患中期末已销号的占比")
    rate_due = serializers.FloatField(
        allow_null=True,
        help_text="整改率：期内到期的隐患中期末已整改的占比；超时未下达的计入到期，待复查 10 天内的计入已整改",
    )
    on_time_rate = serializers.FloatField(allow_null=True, help_text="按期率，按计分期限")
    original_on_time_rate = serializers.FloatField(allow_null=True, help_text="按期率，按原定期限")
    overdue = serializers.IntegerField(help_text="期末逾期未整改")
    reopened = serializers.IntegerField(help_text="期内返潮")
    avg_days = serializers.FloatField(allow_null=True, help_text="期内销号的平均天数")
    flags = serializers.IntegerField(help_text="未了结的异常提示")
    score = serializers.FloatField(allow_null=True, help_text="得分，0 至 100，按计分时段")
    rank = serializers.IntegerField(allow_null=True, help_text="名次")


class RankingTable(KnownFields):
    period = serializers.CharField()
    to = serializers.DateField()
    kind = serializers.ChoiceField(choices=sorted(KINDS))
    division = serializers.CharField(help_text="市（4 位）或县区（6 位）行政区划代码：同一张表，任何人看到的都一样")
    frozen = serializers.BooleanField(help_text="是否已冻结")
    revision = serializers.IntegerField(allow_null=True, help_text="第几次冻结，未冻结为空")
    formula = serializers.IntegerField(help_text="公式版次")
    rows = RankedUnit(many=True)

    def get_fields(self):
        # "from" is a word of the language and cannot be an attribute.
        return super().get_fields() | {"from": serializers.DateField()}


class RankingView(APIView):
    """The ranking of one week or month, the figures of page and command line; at most a city's units, so not paged."""

    permission_classes = [IsAuthenticated, ReadsRankings]
    query_names = of_form(RankingForm)

    @extend_schema(
        operation_id="rankings",
        summary="周统计与月排名",
        parameters=[
            OpenApiParameter("week", str, description="ISO 周，例如 2026-W46；不写为上一个完整的周"),
            OpenApiParameter("month", str, description="月份，例如 2026-11；与 week 二选一"),
            OpenApiParameter(
                "kind", str, enum=sorted(KINDS), description="排名对象，不写时市级为 county，其余为 township"
            ),
            OpenApiParameter(
                "county", str, description="四位市代码或六位县区代码：看哪一级的表；不写时县区、乡镇看本县区的"
            ),
            OpenApiParameter("revision", int, description="第几次冻结；不写为现行的一次"),
        ],
        responses=RankingTable,
    )
    def get(self, request):
        form = RankingForm(request.query_params, user=request.user, today=timezone.localdate())
        if sentences := form.sentences:
            problem = {
                "type": "about:blank",
                "title": "请求无法识别",
                "status": 400,
                "detail": "；".join(sentences),
            }
            return Response(problem, status=400, content_type="application/problem+json")
        one = form.answer(at=timezone.now())
        if one is None:
            raise NotFound("没有这一次冻结")
        return Response(one.as_json())

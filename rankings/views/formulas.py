"""The versions of the formula: all of them, one with what it changes, a draft with what it would have changed, and its acts."""

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.models import Unit
from doors.names import of_form
from journal import acts
from journal.views import ActPage, Pages, RecordPage
from journal.views.birth import BirthPage
from look import cells
from look.filters import replaced
from look.lists import Column, Empty, ListPage
from look.words import NO_DATA
from rankings.filters import FormulaFilter
from rankings.forms import TrialForm
from rankings.kinds import KINDS, TOWNSHIP
from rankings.lifecycle import DRAFT, PUBLISHED
from rankings.models import Formula
from rankings.numbers import GROUPS, WORDS, changed
from rankings.rules import keeps_figures
from rankings.shown import divisions_for
from rankings.simulation.noise import FIGURES
from rankings.simulation.report import GROUPS as TEMPERS
from rankings.trial import months_of, tricks_of
from rankings.views.ranking import NOT_A_READER
from workdays.periods import month_of

PAGE = 20
# Places won in the made-up city beyond which a trick pays, and for those that no formula stops (docs/adr/0031-formula-2.md), of so many.
PAYS, PAYS_HARD, PAYS_OF = 5, 15, 199
NOT_YOURS = "模拟试算由市级安委办使用"
CHOICES = 3  # months for which the page of publishing says from which day to which they are the first


class ReadersOnly:
    """Whoever reads no rankings is told so."""

    def dispatch(self, request, *args, **kwargs):
        if not request.user.reads_rankings:
            raise PermissionDenied(NOT_A_READER)
        return super().dispatch(request, *args, **kwargs)


def may_propose(user):
    return acts.named(Formula, "propose_formula").refusal(user, Formula()) is None


def standing_of(formula, in_force, today):
    """How a version stands today, in words; ``in_force``: that by which the city judges today."""
    if formula.state != PUBLISHED:
        return formula.standing
    if in_force is not None and formula.pk == in_force.pk:
        return "现行"
    return "待施行" if formula.since > today else "已被替代"


class FormulaList(ReadersOnly, ListPage):
    title, label, url_name = "公式版本", "公式版本列表", "rankings:formulas"
    sub = "共 {total} 版。公布后不再改动；每个时段按它最后一天施行的一版计算"
    columns = (
        Column("版次", cells.link("formula", "rankings:formula"), "lead"),
        Column("状态", cells.text("standing")),
        Column("施行日期", cells.day("formula.since"), "num"),
        Column("改了什么", cells.text("changes")),
        Column("修改说明", cells.text("formula.reason")),
    )
    filter_class, fields = FormulaFilter, ()
    empty = Empty("没有公式", "系统初始公式随系统建立。", icon="chart-bar")
    template = "rankings/formulas.html"

    def fetch(self, page):
        """Each with the version it follows: versions are few, and read once for all of them."""
        city = divisions_for(self.request.user)[0]
        seen = Formula.objects.visible_to(self.request.user)
        published = list(seen.published_in(city).order_by("since", "number"))
        in_force = next((one for one in reversed(published) if one.since <= self.today), None)
        return [self._row(one, published, in_force) for one in seen.filter(pk__in=page.ids)]

    def _row(self, formula, published, in_force):
        before = in_force
        if formula.state == PUBLISHED:
            place = published.index(formula)
            before = published[place - 1] if place else None
        words = [f"{label} {old} → {new}" for label, old, new in changes_of(formula, before)]
        return {
            "pk": formula.pk,
            "formula": formula,
            "standing": standing_of(formula, in_force, self.today),
            "changes": "；".join(words),
        }

    def besides(self):
        return {"may_propose": may_propose(self.request.user)}


formula_list = FormulaList.as_view()


class FormulaPages(Pages):
    kind = Formula
    related = ("drafted_by",)
    facts = ("number", "since", "reason", "drafted_by")
    home, home_label = "rankings:formulas", "公式版本"


class FormulaBirth(FormulaPages, BirthPage):
    template = "rankings/formula_birth.html"


class FormulaAct(FormulaPages, ActPage):
    template = "rankings/formula_act.html"

    def beside(self, record, act, today):
        if act.name != "publish_formula":
            return {}
        before = record.compared_with(record.city_code, today)
        return {
            "changes": changes_of(record, before),
            "before": before,
            "firsts": list(_firsts(today)),
        }


def _firsts(today):
    """``[(first day, last day, periods in words), …]``: what the day in force decides, from ``today`` on."""
    month = month_of(today)
    for _ in range(CHOICES):
        yield max(month.first, today), month.last, month.full_words
        month = month.following()


class FormulaPage(FormulaPages, RecordPage):
    """``?kind=…&page=…&tricks=1``: of a draft, in which table it is tried; ``tricks``: on the made-up city, which costs seconds."""

    template = "rankings/formula.html"
    query_names = of_form(TrialForm)

    def get(self, request, pk):
        self.form = TrialForm(request.GET)
        self.today = timezone.localdate()
        response = super().get(request, pk)
        if self.form.errors:
            response.status_code = 400
        return response

    def beside(self, record):
        user, given = self.request.user, self.form.given
        city = record.city_code or divisions_for(user)[0]
        before = record.compared_with(city, self.today)
        in_force = Formula.objects.visible_to(user).in_force(city, self.today)
        keeps = keeps_figures(user, record)
        if given.get("tricks") and not keeps:
            raise PermissionDenied(NOT_YOURS)
        context = {
            "sentences": self.form.sentences,
            "standing": standing_of(record, in_force, self.today),
            "before": before,
            "groups": groups_of(record, before),
            "changes": changes_of(record, before),
            # The house's is what a city begins with, not from any period on.
            "affects": record.affects if record.state == PUBLISHED and record.city_code else "",
            "may_try": keeps,
            "is_alone": record.is_draft and record.drafted_by_id == user.pk and not record.has_second,
            "tricks": _tricks(record, in_force) if given.get("tricks") else None,
            "try_url": replaced(self.request.GET, tricks="1") + "#tricks",
        }
        if record.state == DRAFT:
            context |= trial_of(record, KINDS.get(given.get("kind")), given.get("page") or 1, self.request.GET)
        return context


def changes_of(formula, before):
    """``[(number in words, old, new), …]`` against the version ``before``, None: there is none."""
    differing = changed(before.numbers, formula.numbers) if before else {}
    return [(WORDS[name], *pair) for name, pair in differing.items()]


def groups_of(formula, before):
    """``[{heading, words, lines: [{label, value, old}, …]}, …]``: every number under its heading; ``old`` None: as in ``before``."""
    numbers = formula.constants.as_dict()
    differing = changed(before.numbers, formula.numbers) if before else {}
    return [
        {
            "heading": heading,
            "words": words,
            "lines": [
                {"label": WORDS[name], "value": numbers[name], "old": differing.get(name, (None,))[0]} for name in names
            ],
        }
        for heading, words, names in GROUPS
    ]


def trial_of(formula, kind, number, asked):
    """What ``formula`` would have made of the last frozen months, one page of the units that move most in front; ``kind`` None: where
    to ask for that, which takes seconds."""
    tabs = [
        {"label": one.label, "url": replaced(asked, kind=one.code, page=None) + "#trial", "current": one is kind, "count": None, "red": False}
        for one in KINDS.values()
        if one.scored
    ]  # fmt: skip
    context = {"kind": kind, "kind_tabs": tabs, "trial_url": replaced(asked, kind=TOWNSHIP.code) + "#trial"}
    if kind is None:
        return context
    months = months_of(formula.city_code, formula, kind)
    told = [month for month in months if not month.unreachable]
    names = _names(told, formula.city_code, kind)
    codes = sorted(names, key=lambda code: _most(code, told))
    count = max(1, -(-len(codes) // PAGE))
    number = min(number, count)
    return context | {
        "months": told,
        "trial": [{"month": month, **_summary(month, names)} for month in told],
        "unreachable": [month.unreachable for month in months if month.unreachable],
        "moves": [
            {"name": names[code], "moves": [month.moves.get(code) for month in told]}
            for code in codes[(number - 1) * PAGE : number * PAGE]
        ],
        "unit_count": len(codes),
        "pages": {
            "number": number,
            "count": count,
            "previous": replaced(asked, page=number - 1) if number > 1 else "",
            "next": replaced(asked, page=number + 1) if number < count else "",
        },
    }


def _names(months, city, kind):
    """``{code: name}`` of the units of ``months``; in a table of the whole city every county has a 城关镇."""
    names = {}
    for month in reversed(months):
        names |= month.names
    if kind is not TOWNSHIP:
        return names
    counties = Unit.objects.filter(city_code=city, level=Unit.Level.COUNTY, kind=Unit.Kind.GOVERNMENT)
    within = dict(counties.values_list("division_code", "short_name"))
    return {code: within.get(code[:6], "") + name for code, name in names.items()}


def _most(code, months):
    """What puts a unit in front: the most places it moves in any month, then the most points."""
    moves = [month.moves[code] for month in months if code in month.moves]
    places = max((abs(move.places) for move in moves if move.places is not None), default=0)
    points = max((abs(move.points) for move in moves if move.points is not None), default=0)
    # Ranked by one of the two alone: there is no greater change.
    appears = any((move.rank is None) != (move.new_rank is None) for move in moves)
    return not appears, -places, -points, code


def _summary(month, names):
    ranked = [(code, move) for code, move in month.moves.items() if move.places]
    code, most = max(ranked, key=lambda one: abs(one[1].places), default=(None, None))
    return {
        "most": {"name": names[code], "move": most} if most else None,
        "entering": [names.get(one, one) for one in month.entering],
        "leaving": [names.get(one, one) for one in month.leaving],
    }


def _tricks(formula, in_force):
    """The tables of the made-up city, beside those of the version in force where this is another."""
    found = tricks_of(formula.constants)
    other = tricks_of(in_force.constants) if in_force and in_force.constants != formula.constants else None
    limit = {False: PAYS * found["townships"] / PAYS_OF, True: PAYS_HARD * found["townships"] / PAYS_OF}
    before = {trick["trick"]: trick["gain"] for trick in other["tricks"]} if other else {}
    rows = [
        {
            "words": trick["words"],
            "hard": trick["hard"],
            "gains": [f"{trick['gains'][name]:+.1f}" for name, _ in TEMPERS],
            "gain": f"{trick['gain']:+.1f}",
            "before": f"{before[trick['trick']]:+.1f}" if other else "",
            "pays": trick["gain"] > limit[trick["hard"]],
        }
        for trick in found["tricks"]
    ]
    noise = [
        {
            "words": words,
            "value": _written(found["noise"][name], form),
            "before": _written(other["noise"][name], form) if other else "",
        }
        for name, words, form in FIGURES
    ]
    return {
        "townships": found["townships"],
        "months": found["months"],
        "tempers": [words for _, words in TEMPERS],
        "rows": rows,
        "noise": noise,
        "paying": [row["words"] for row in rows if row["pays"]],
        "other": in_force if other else None,
    }


def _written(number, form):
    return NO_DATA if number is None else format(number, form)

"""The pages of freezes, formula versions and approved staff, with their acts."""

from journal.views import Pages
from rankings.models import Formula, Freeze, Staff


class Freezes(Pages):
    kind = Freeze
    related = ("formula",)
    facts = ("period", "window_first", "first", "last", "cut_off", "revision", "reason", "formula", "figures_digest")
    home, home_label = "rankings:index", "统计排名"


class Formulas(Pages):
    kind = Formula
    facts = ("number", "since", "reason")
    home, home_label = "rankings:index", "统计排名"


class StaffPages(Pages):
    kind = Staff
    related = ("unit",)
    facts = ("unit", "inspectors", "since", "reason")
    home, home_label = "rankings:index", "统计排名"

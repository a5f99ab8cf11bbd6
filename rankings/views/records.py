"""The pages of freezes, with their acts."""

from journal.views import Pages
from rankings.models import Freeze


class Freezes(Pages):
    kind = Freeze
    related = ("formula",)
    facts = ("period", "window_first", "first", "last", "cut_off", "revision", "reason", "formula", "figures_digest")
    home, home_label = "rankings:index", "统计排名"

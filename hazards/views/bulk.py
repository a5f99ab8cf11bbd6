"""The page of one act on several hazards at once, picked in the ledger."""

from hazards.filters import hazard_filter
from hazards.models import Hazard
from hazards.views.ledger import Ledger
from journal.views import BulkPage


class HazardBulk(BulkPage):
    kind, related = Hazard, ("enterprise", "competent_unit", "supervising_unit")
    home, home_label, listing = "hazards:ledger", "隐患台账", Ledger
    template, row_template = "hazards/hazard_bulk.html", "hazards/_bulk_row.html"

    def asked(self):
        return hazard_filter(self.request.GET, user=self.request.user, today=self.today)


bulk = HazardBulk.as_view()

from hazards.views.actions import act
from hazards.views.bulk import bulk
from hazards.views.desk import desk
from hazards.views.detail import detail
from hazards.views.facets import facets
from hazards.views.files import files
from hazards.views.handover import handover
from hazards.views.ledger import export, export_form, ledger
from hazards.views.registration import register
from hazards.views.saved_views import saved_view_drop, saved_views

__all__ = [
    "act", "bulk", "desk", "detail", "export", "export_form", "facets", "files", "handover", "ledger", "register", "saved_view_drop", "saved_views",
]  # fmt: skip

"""The ledger as a change list: twelve columns, names joined, filters and search over what the ledger page is asked for most."""

from django.contrib import admin

from hazards.models import Hazard


@admin.register(Hazard)
class HazardAdmin(admin.ModelAdmin):
    list_display = (
        "number", "enterprise", "description", "level", "state", "found_on", "deadline", "territorial_unit", "competent_unit",
        "supervising_unit", "enterprise_person", "found_by_unit",
    )  # fmt: skip
    list_select_related = ("enterprise", "territorial_unit", "competent_unit", "supervising_unit", "found_by_unit")
    list_filter = ("state", "level", "sector", "found_on")
    search_fields = ("number", "description", "enterprise__name")
    list_per_page = 50

"""The columns of the ledger as resources of django-import-export, which only `make bench-peers` installs."""

from functools import partial

from django.utils import timezone
from import_export import resources, widgets

from hazards.columns import COLUMNS
from hazards.models import Hazard

UNITS = ("territorial_unit", "found_by_unit", "competent_unit", "supervising_unit")


class Export(resources.ModelResource):
    """All columns of the ledger, names in place of keys."""

    class Meta:
        model = Hazard
        fields = [column.named[0] for column in COLUMNS]

    def get_queryset(self):
        return super().get_queryset().select_related("enterprise", "sector", "criterion__standard", *UNITS)


class ReadBack(resources.ModelResource):
    def before_save_instance(self, instance, row, *, importer, **options):
        """What the ledger insists on and a file does not say."""
        instance.division_code = instance.enterprise.division_code
        instance.registered_by, instance.registered_at = importer, timezone.now()
        instance.origin = Hazard.Origin.IMPORT


class Columns:
    """The columns that a row stores; units and sectors are named by code, a firm by its key: not every firm has a code."""

    model = Hazard
    fields = ["enterprise", *(column.stored for column in COLUMNS if "__" not in column.stored)]
    import_id_fields = ["number"]
    widgets = {key: {"field": "code"} for key in (*UNITS, "sector")}


class Import(ReadBack):
    """As its manual begins: each row looked for by its number, each row it names by a query."""

    class Meta(Columns):
        pass


class BulkImport(ReadBack):
    """As its manual makes it fast: names read once, no look for the row, no differences, rows written by the thousand."""

    class Meta(Columns):
        use_bulk = force_init_instance = skip_diff = True

    @classmethod
    def get_fk_widget(cls, field):
        return partial(widgets.CachedForeignKeyWidget, model=field.related_model)

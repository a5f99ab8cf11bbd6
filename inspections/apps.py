from django.apps import AppConfig
from django.apps import apps as all_apps
from django.db.models.signals import post_migrate


class InspectionsConfig(AppConfig):
    name = "inspections"
    verbose_name = "检查"

    def ready(self):
        post_migrate.connect(seed, sender=self, dispatch_uid="inspections.seed")


def seed(*, apps=all_apps, **kwargs):
    """After every migration: the sectors that came with the code. (A migration could not: historical models have no gate.)"""
    from django.utils import timezone

    from inspections.operations import seed_sectors

    try:
        apps.get_model("inspections", "Sector")
    except LookupError:  # migrated back, or another app alone: the table is not there
        return
    # Whole seconds: JSON cuts a moment's microseconds, and tests that commit put back from JSON what a migration left.
    seed_sectors(at=timezone.now().replace(microsecond=0))

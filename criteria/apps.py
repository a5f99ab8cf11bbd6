from django.apps import AppConfig
from django.apps import apps as all_apps
from django.db.models.signals import post_migrate


class CriteriaConfig(AppConfig):
    name = "criteria"
    verbose_name = "判定标准"

    def ready(self):
        post_migrate.connect(seed, sender=self, dispatch_uid="criteria.seed")


def seed(*, apps=all_apps, **kwargs):
    """After every migration: the standards that came with the code, and their items; see `inspections.apps.seed`."""
    from django.utils import timezone

    from criteria.operations import seed_standards

    try:
        apps.get_model("criteria", "Standard")
    except LookupError:  # migrated back, or another app alone: the table is not there
        return
    seed_standards(at=timezone.now().replace(microsecond=0))

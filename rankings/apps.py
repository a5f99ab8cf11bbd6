from django.apps import AppConfig
from django.apps import apps as all_apps
from django.db.models.signals import post_migrate


class RankingsConfig(AppConfig):
    name = "rankings"
    verbose_name = "统计排名"

    def ready(self):
        from flags.missed import provides_days
        from rankings.operations.ranking import missed_days
        from rankings.reports import figures_of_units
        from reporting.figures import provides
        from reporting.terms import Kind

        post_migrate.connect(seed, sender=self, dispatch_uid="rankings.seed")
        provides(Kind.WEEKLY, figures_of_units)
        provides_days(missed_days)


def seed(*, apps=all_apps, **kwargs):
    """After every migration: the formula of the house, which comes with the code and with which every city begins."""
    from django.utils import timezone

    from rankings.operations import seed_formula

    try:
        apps.get_model("rankings", "Formula")
    except LookupError:  # migrated back, or another app alone: the table is not there
        return
    # Whole seconds: JSON cuts a moment's microseconds, and tests that commit put back from JSON what a migration left.
    seed_formula(at=timezone.now().replace(microsecond=0))

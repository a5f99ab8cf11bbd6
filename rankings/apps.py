from django.apps import AppConfig
from django.db.models.signals import post_migrate


class RankingsConfig(AppConfig):
    name = "rankings"
    verbose_name = "统计排名"

    def ready(self):
        post_migrate.connect(seed, sender=self, dispatch_uid="rankings.seed")


def seed(sender, using="default", **kwargs):
    """The formula of the house comes with the code: with every migration, and after the demo has emptied the database."""
    from django.utils import timezone

    from rankings.operations import seed_formula

    seed_formula(at=timezone.now())

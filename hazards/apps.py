from django.apps import AppConfig


class HazardsConfig(AppConfig):
    name = "hazards"
    verbose_name = "隐患"

    def ready(self):
        from accounts.models import open_work_asked
        from folding.fields import refolded
        from inspections.models import Enterprise

        open_work_asked.connect(_open_work, dispatch_uid="hazards.open_work")
        refolded.connect(_renamed, sender=Enterprise, dispatch_uid="hazards.renamed")


def _open_work(*, person, **kwargs):
    from hazards.audience import open_work_of, stand_in_of

    count = open_work_of(person)
    return (count, stand_in_of(person) if count else None)


def _renamed(*, ids, **kwargs):
    """Hazards are found by the name their enterprise has now."""
    from hazards.models import Hazard
    from hazards.models.text import rewrite_texts

    rewrite_texts(Hazard.objects.filter(enterprise__in=ids))

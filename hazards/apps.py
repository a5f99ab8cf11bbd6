from django.apps import AppConfig


class HazardsConfig(AppConfig):
    name = "hazards"
    verbose_name = "隐患"

    def ready(self):
        from accounts.models import Unit, User, open_work_asked
        from folding.fields import refolded
        from hazards.panels import acts_of_person, acts_of_unit, of_enterprise, of_person, of_unit
        from inspections.models import Enterprise
        from look import panels

        open_work_asked.connect(_open_work, dispatch_uid="hazards.open_work")
        refolded.connect(_renamed, sender=Enterprise, dispatch_uid="hazards.renamed")
        panels.register(Enterprise, of_enterprise, place=20)
        for kind, figures, acts in ((Unit, of_unit, acts_of_unit), (User, of_person, acts_of_person)):
            panels.register(kind, figures, place=5)
            panels.register(kind, acts, place=30)


def _open_work(*, person, **kwargs):
    from hazards.leaving import open_work_of, stand_in_of

    count = open_work_of(person)
    return (count, stand_in_of(person) if count else None)


def _renamed(*, ids, **kwargs):
    """Hazards are found by the name their enterprise has now."""
    from hazards.models import Hazard
    from hazards.models.text import rewrite_texts

    rewrite_texts(Hazard.objects.filter(enterprise__in=ids))

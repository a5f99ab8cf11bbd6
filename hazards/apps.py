from django.apps import AppConfig


class HazardsConfig(AppConfig):
    name = "hazards"
    verbose_name = "隐患"

    def ready(self):
        from accounts.models import Unit, User, open_work_asked
        from criteria.models import Standard
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
        panels.register(Standard, _judged)


def _open_work(*, person, **kwargs):
    from hazards.leaving import open_work_of, stand_in_of

    count = open_work_of(person)
    return (count, stand_in_of(person) if count else None)


def _renamed(*, ids, **kwargs):
    """Hazards are found by the name their enterprise has now."""
    from hazards.models import Hazard
    from hazards.models.text import rewrite_texts

    rewrite_texts(Hazard.objects.filter(enterprise__in=ids))


def _judged(request, standard):
    """How many hazards in the ledger of whoever reads the page of ``standard`` were judged by it. One query."""
    from hazards.models import Hazard

    rows = Hazard.objects.ledger_of(request.user).filter(criterion__in=standard.criteria.order_by().values("pk"))
    count = rows.count()
    return {"template": "hazards/_judged.html", "standard": standard, "count": count} if count else None

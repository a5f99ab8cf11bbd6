from django.apps import AppConfig


class HazardsConfig(AppConfig):
    name = "hazards"
    verbose_name = "隐患"

    def ready(self):
        from accounts.models import Unit, User, open_work_asked
        from criteria.models import Standard
        from folding.fields import refolded
        from inspections.models import Enterprise
        from look import panels

        open_work_asked.connect(_open_work, dispatch_uid="hazards.open_work")
        refolded.connect(_renamed, sender=Enterprise, dispatch_uid="hazards.renamed")
        panels.register(Enterprise, _panel("of_enterprise"), place=20)
        for kind, name in ((Unit, "unit"), (User, "person")):
            panels.register(kind, _panel(f"of_{name}"), place=5)
            panels.register(kind, _panel(f"acts_of_{name}"), place=30)
        panels.register(Standard, _judged)


def _panel(name):
    """The panel of `hazards.panels` called ``name``: read when it is drawn, for it reads the table of columns, which whoever starts
    the house may still add to."""

    def show(request, record):
        from hazards import panels

        return getattr(panels, name)(request, record)

    return show


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

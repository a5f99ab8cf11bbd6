from django.apps import AppConfig


class HazardsConfig(AppConfig):
    name = "hazards"
    verbose_name = "隐患"

    def ready(self):
        from accounts.models import open_work_asked

        open_work_asked.connect(_open_work, dispatch_uid="hazards.open_work")


def _open_work(*, person, **kwargs):
    from hazards.audience import open_work_of, stand_in_of

    count = open_work_of(person)
    return (count, stand_in_of(person) if count else None)

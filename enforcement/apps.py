from django.apps import AppConfig


class EnforcementConfig(AppConfig):
    name = "enforcement"
    verbose_name = "执法"

    def ready(self):
        from enforcement.panels import register_panels
        from inspections.models import edit_asked

        edit_asked.connect(_objection, dispatch_uid="enforcement.suspended")
        register_panels()


def _objection(*, enterprise, changed, **kwargs):
    from enforcement.operations import objection

    return objection(enterprise, changed)

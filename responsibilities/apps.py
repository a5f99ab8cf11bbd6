from django.apps import AppConfig


class ResponsibilitiesConfig(AppConfig):
    name = "responsibilities"
    verbose_name = "责任分工"

    def ready(self):
        from accounts.models import Unit, User
        from inspections.models import falls_to
        from look import panels
        from responsibilities.choosing import named_in_line
        from responsibilities.panels import of_person, of_unit

        if named_in_line not in falls_to:
            falls_to.append(named_in_line)
        panels.register(Unit, of_unit, place=10)
        panels.register(User, of_person, place=10)

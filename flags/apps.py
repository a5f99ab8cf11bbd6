from django.apps import AppConfig


class FlagsConfig(AppConfig):
    name = "flags"
    verbose_name = "数据异常提示"

    def ready(self):
        from accounts.models import Unit
        from flags.panels import of_desk, of_unit
        from look.panels import Desk, register

        register(Unit, of_unit, place=20)
        register(Desk, of_desk)

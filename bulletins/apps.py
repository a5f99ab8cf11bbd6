from django.apps import AppConfig


class BulletinsConfig(AppConfig):
    name = "bulletins"
    verbose_name = "通报"

    def ready(self):
        from bulletins.panels import register_panels

        register_panels()

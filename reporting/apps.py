from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "reporting"
    verbose_name = "信息报送"

    def ready(self):
        from reporting.panels import register_panels

        register_panels()

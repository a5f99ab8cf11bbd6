from django.apps import AppConfig


class RankingsConfig(AppConfig):
    name = "rankings"
    verbose_name = "统计排名"

    def ready(self):
        from rankings.reports import figures_of_units
        from reporting.figures import provides
        from reporting.terms import Kind

        provides(Kind.WEEKLY, figures_of_units)

from django.apps import AppConfig


class FoldingConfig(AppConfig):
    name = "folding"
    verbose_name = "文字比对"

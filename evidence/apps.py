from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "evidence"
    verbose_name = "影像资料"

    def ready(self):
        from evidence.audit import photos_of
        from journal import audit

        if photos_of not in audit.WITNESSES:
            audit.WITNESSES.append(photos_of)

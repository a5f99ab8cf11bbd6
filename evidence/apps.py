from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "evidence"
    verbose_name = "影像资料"

    def ready(self):
        from evidence.audit import documents_of, photos_of
        from journal import audit

        for witness in (photos_of, documents_of):
            if witness not in audit.WITNESSES:
                audit.WITNESSES.append(witness)

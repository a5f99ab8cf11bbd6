from django.apps import AppConfig
from django.db.models.signals import post_migrate


class JournalConfig(AppConfig):
    name = "journal"
    verbose_name = "办理记录"

    def ready(self):
        from journal import acts, checks, outbox  # noqa: F401 - checks register themselves

        acts.discover()
        # With the sender it is called once by a migration, not once for each app.
        post_migrate.connect(outbox.install_all, sender=self, dispatch_uid="journal.outbox.install_all")

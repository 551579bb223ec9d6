from django.apps import AppConfig


class ThreadsConfig(AppConfig):
    name = "middleground.threads"
    label = "threads"
    verbose_name = "Threads"

    def ready(self) -> None:
        from middleground.core.changes import leave_untold
        from middleground.threads.models import Reaction

        leave_untold(Reaction)

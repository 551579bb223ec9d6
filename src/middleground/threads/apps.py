from django.apps import AppConfig


class ThreadsConfig(AppConfig):
    name = "middleground.threads"
    label = "threads"
    verbose_name = "Threads"

    def ready(self) -> None:
        from middleground.core.changes import leave_untold
        from middleground.people.bodies.heirs import keep_debts
        from middleground.threads.models import Reaction
        from middleground.threads.posts.taking_part import AdmissionKeeper

        leave_untold(Reaction)
        keep_debts(AdmissionKeeper())

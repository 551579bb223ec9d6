from django.apps import AppConfig


class DialoguesConfig(AppConfig):
    name = "middleground.dialogues"
    label = "dialogues"
    verbose_name = "Dialogues"

    def ready(self) -> None:
        from middleground.core.changes import leave_untold
        from middleground.dialogues.models import (
            DailyCount,
            Participant,
            StatementExposureCount,
            Vote,
            VoteSeal,
        )
        from middleground.dialogues.sealing.source import DialogueSource
        from middleground.publiclog.sources import register

        register(DialogueSource())
        leave_untold(Vote, VoteSeal, Participant, DailyCount, StatementExposureCount)

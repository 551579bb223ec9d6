from django.apps import AppConfig


class DialoguesConfig(AppConfig):
    name = "middleground.dialogues"
    label = "dialogues"
    verbose_name = "Dialogues"

    def ready(self) -> None:
        from middleground.core.changes import leave_untold
        from middleground.dialogues.maps.eligibility import counted_by_statement
        from middleground.dialogues.models import (
            DailyCount,
            Participant,
            StatementExposureCount,
            Vote,
            VoteSeal,
        )
        from middleground.dialogues.sealing.source import DialogueSource
        from middleground.publiclog.sources import register

        register(DialogueSource(counted_by_statement))
        leave_untold(Vote, VoteSeal, Participant, DailyCount, StatementExposureCount)

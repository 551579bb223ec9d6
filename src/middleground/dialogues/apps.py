from django.apps import AppConfig


class DialoguesConfig(AppConfig):
    name = "middleground.dialogues"
    label = "dialogues"
    verbose_name = "Dialogues"

    def ready(self) -> None:
        from middleground.dialogues.sealing.source import DialogueSource
        from middleground.publiclog.sources import register

        register(DialogueSource())

from django.apps import AppConfig


class DialoguesConfig(AppConfig):
    name = "middleground.dialogues"
    label = "dialogues"
    verbose_name = "Dialogues"

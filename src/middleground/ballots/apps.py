from django.apps import AppConfig


class BallotsConfig(AppConfig):
    name = "middleground.ballots"
    label = "ballots"
    verbose_name = "Forms on paper"

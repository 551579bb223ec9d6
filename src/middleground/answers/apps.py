from django.apps import AppConfig


class AnswersConfig(AppConfig):
    name = "middleground.answers"
    label = "answers"
    verbose_name = "Answers"

from django.apps import AppConfig


class ThreadsConfig(AppConfig):
    name = "middleground.threads"
    label = "threads"
    verbose_name = "Threads"

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "middleground.core"
    label = "core"
    verbose_name = "Pages"

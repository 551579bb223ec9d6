from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "middleground.notices"
    label = "notices"
    verbose_name = "Notices"

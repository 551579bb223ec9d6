from django.apps import AppConfig


class PublicLogConfig(AppConfig):
    name = "middleground.publiclog"
    label = "publiclog"
    verbose_name = "Public log"

from django.apps import AppConfig


class OutreachConfig(AppConfig):
    name = "middleground.outreach"
    label = "outreach"
    verbose_name = "Outreach"

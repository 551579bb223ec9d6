from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "middleground.evidence"
    label = "evidence"
    verbose_name = "Evidence"

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "middleground.evidence"
    label = "evidence"
    verbose_name = "Evidence"

    def ready(self) -> None:
        import middleground.evidence.pages.threads  # noqa: F401 -- it registers sources

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "middleground.core"
    label = "core"
    verbose_name = "Pages"

    def ready(self) -> None:
        from middleground.core.changes import watch_connections

        watch_connections()

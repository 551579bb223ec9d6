from django.apps import AppConfig
from django.core.checks import Tags


class DoctorConfig(AppConfig):
    """Registers the doctor's checks, so that ``check --deploy`` finds them also."""

    name = "middleground.config.doctor"
    label = "doctor"

    def ready(self) -> None:
        from middleground.config.doctor.database import check_installation
        from middleground.config.doctor.messages import register_check
        from middleground.config.doctor.variables import check_environment

        register_check(check_environment)
        register_check(check_installation, Tags.database, needs_database=True)

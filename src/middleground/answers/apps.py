from django.apps import AppConfig


class AnswersConfig(AppConfig):
    name = "middleground.answers"
    label = "answers"
    verbose_name = "Answers"

    def ready(self) -> None:
        import middleground.answers.parts.threads  # noqa: F401 -- it registers cases
        from middleground.answers.cases.inheritance import CaseKeeper
        from middleground.answers.commitments.inheritance import CommitmentKeeper
        from middleground.people.bodies.heirs import keep_debts

        keep_debts(CaseKeeper())
        keep_debts(CommitmentKeeper())

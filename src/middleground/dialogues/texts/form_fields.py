"""Forms that say which characters of a text are not stored, before anything is."""

from __future__ import annotations

from typing import Any

from django import forms

from middleground.dialogues.texts.submission import DECEPTIVE
from middleground.texts.normalise import code_points, deceptive_in, without_deceptive


class TellsWhatIsTakenOut(forms.BaseForm):
    """Refuses texts with deceptive characters, and gives them back without."""

    def full_clean(self) -> None:
        found = {name: deceptive_in(text) for name, text in self._typed().items()}
        found = {name: characters for name, characters in found.items() if characters}
        if found:
            data = self.data.copy()  # type: ignore[attr-defined]
            for name in found:
                key = self.add_prefix(name)
                data[key] = without_deceptive(data[key])
            self.data = data
        super().full_clean()
        for name, characters in found.items():
            told = str(DECEPTIVE.message) % {"names": code_points(characters)}
            self.add_error(name, told)

    def _typed(self) -> dict[str, Any]:
        """What was typed into the fields of words."""
        if not self.is_bound:
            return {}
        given = {
            name: self.data.get(self.add_prefix(name))
            for name, field in self.fields.items()
            if isinstance(field, forms.CharField)
        }
        return {name: text for name, text in given.items() if isinstance(text, str)}

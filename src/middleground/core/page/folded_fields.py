"""Long forms show first what a host thinks of, and fold what has a good value from the start."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django import forms

if TYPE_CHECKING:
    _Form = forms.BaseForm
else:
    _Form = object


class FoldsFields(_Form):
    """A form of which ``people/_fields_folded.html`` folds the fields named in ``FOLDED``."""

    FOLDED: ClassVar[frozenset[str]] = frozenset()

    def asked_first(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name not in self.FOLDED]

    def folded(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name in self.FOLDED]

    def is_folded_wrong(self) -> bool:
        """Whether a folded field has an error, so that it has to be seen."""
        return any(field.errors for field in self.folded())

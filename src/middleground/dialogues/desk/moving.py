"""What facilitators can take along to another tool: a dialogue's texts, in the files of Polis.

Votes are not among them, because no role at the desk shows who voted what. Whoever runs the machine
exports them on the command line.
"""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from middleground.core.languages.first import in_first_language
from middleground.core.site_files.canonical import absolute
from middleground.dialogues.exchange.polis import export_texts
from middleground.dialogues.models import Dialogue
from middleground.dialogues.queries import any_dialogue
from middleground.people.permissions import Action, require, staff_only
from middleground.polis import write_texts


@staff_only
@require_safe
@in_first_language
def download_texts(request: HttpRequest, slug: str) -> HttpResponse:
    dialogue = any_dialogue(slug)
    require(request, Action.FACILITATE, dialogue)
    headers = {"Content-Disposition": f'attachment; filename="{slug}-statements.zip"'}
    return HttpResponse(_zipped(dialogue), content_type="application/zip", headers=headers)


def _zipped(dialogue: Dialogue) -> bytes:
    content = BytesIO()
    with TemporaryDirectory() as place, zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
        folder = Path(place)
        write_texts(export_texts(dialogue, absolute(dialogue.get_absolute_url())), folder)
        for path in sorted(folder.iterdir()):
            file.write(path, path.name)
    return content.getvalue()

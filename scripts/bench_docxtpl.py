"""Renders a Word brief with docxtpl alone, from texts and pictures that are already computed.

    python scripts/bench_docxtpl.py CONTEXT TARGET

`bench_bulk.keep_context` writes the file CONTEXT.
"""

from __future__ import annotations

import pickle
import sys
from io import BytesIO
from pathlib import Path

from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage

template, context, pictures = pickle.loads(Path(sys.argv[1]).read_bytes())  # noqa: S301 - our own
document = DocxTemplate(template)
charts = [
    {"caption": words, "picture": InlineImage(document, BytesIO(content), width=Mm(150))}
    for words, content in pictures
]
document.render(context | {"charts": charts, "photos": []}, autoescape=True)
document.save(sys.argv[2])

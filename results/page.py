"""Pages that are one HTML file: style, script and pictures inside, and nothing fetched from anywhere."""

import base64
import hashlib
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_TEMPLATES = Path(__file__).parent / "templates"
_NUM_COLOURS = 256  # of a plot in a page: a third of the bytes or less, and no difference to the eye
_SCALE = 0.75  # from dots to CSS pixels, so that plots are sharp on dense screens and their text has the size of the page's


def render_page(template: str, **content: Any) -> str:
    """Fill a template of `results/templates`; all text in `content` is escaped.

    The page forbids itself every address and every script but its own, so that a name or message that found its way
    around the escaping could do nothing.

    Args:
        template: its file name; it extends `base.html`.
        content: what the template names; a missing name is an error.
    """
    script = (_TEMPLATES / "page.js").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return _fill(template, content | {"page_script": script, "page_script_digest": digest}, escaped=True)


def render_text(template: str, **content: Any) -> str:
    """Fill a template of `results/templates` that is plain text: nothing is escaped."""
    return _fill(template, content, escaped=False)


def _fill(template: str, content: dict[str, Any], *, escaped: bool) -> str:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=escaped, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, keep_trailing_newline=True,
    )
    return environment.get_template(template).render(content)


@dataclass(frozen=True)
class Picture:
    """A plot inside a page.

    Args:
        address: holds all its bytes.
        width, height: on a screen, in CSS pixels.
    """

    address: str
    width: int
    height: int


def embed_picture(path: Path | str) -> Picture:
    """Return a PNG as a part of a page, with fewer colours."""
    from PIL import Image

    packed = io.BytesIO()
    with Image.open(path) as picture:
        width, height = (round(_SCALE * side) for side in picture.size)
        reduced = picture.convert("RGB").quantize(_NUM_COLOURS, method=Image.Quantize.MAXCOVERAGE)
        reduced.save(packed, format="PNG", optimize=True)
    return Picture(f"data:image/png;base64,{base64.b64encode(packed.getvalue()).decode()}", width, height)

"""Opens HTML pages in a real browser, as narrow as a phone or as wide as a desktop."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "chrome"))), None)


def measure_in_browser(page: Path, width: int, measure: str, tmp_path: Path) -> dict[str, Any]:
    """Open a page in a browser window of a width; return what a piece of JavaScript returns.

    ``measure`` is the body of a function that returns an object; it runs when the page is loaded.
    The test is skipped if the computer has no Chromium.
    """
    if BROWSER is None:
        pytest.skip("no Chromium on this computer")
    probed = tmp_path / f"{width}.html"
    frame = tmp_path / f"frame-{width}.html"
    probe = f"""<script>
addEventListener("load", () => {{
  const found = (() => {{ {measure} }})();
  document.body.innerHTML = "<pre id=found></pre>";
  document.getElementById("found").textContent = JSON.stringify(found);
}});
</script>"""
    probed.write_text(page.read_text(encoding="utf-8") + probe, encoding="utf-8")
    # A window has a least width of its own; a frame is as narrow as a phone.
    frame.write_text(
        f'<iframe id="f" src="{probed.name}" width="{width}" height="800" frameborder="0"></iframe>'
        '<pre id="out"></pre><script>addEventListener("load", () => setTimeout(() => {'
        'document.getElementById("out").textContent = '
        'document.getElementById("f").contentDocument.getElementById("found").textContent}, 200))'
        "</script>",
        encoding="utf-8",
    )
    ran = subprocess.run(
        [
            BROWSER, "--headless", "--no-sandbox", "--disable-gpu",
            "--allow-file-access-from-files", f"--user-data-dir={tmp_path / 'profile'}",
            "--virtual-time-budget=5000", "--window-size=1400,900", "--dump-dom", frame.as_uri(),
        ],
        capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    found = re.search(r'<pre id="out">(.+?)</pre>', ran.stdout, re.DOTALL)
    assert found, ran.stdout[-2000:] + ran.stderr[-2000:]
    read: dict[str, Any] = json.loads(found[1].replace("&lt;", "<").replace("&amp;", "&"))
    return read

"""Completes the package's metadata at build time: addresses, and a README for package indexes.

Hatchling calls ``PackageMetadata``. Everything follows from one setting in pyproject.toml, the
address of the repository: package indexes show neither relative links nor relative pictures.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

_RELATIVE_LINK = re.compile(r"(?P<image>!?)\[(?P<text>[^\]]*)\]\((?P<path>[^):#][^):]*)\)")


class PackageMetadata(MetadataHookInterface):
    """The hook of ``[tool.hatch.metadata.hooks.custom]``; ``repository`` is its setting."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Add ``urls`` and ``readme`` to the ``[project]`` table."""
        repository, tag = self.config["repository"], f"v{metadata['version']}"
        text = (Path(self.root) / "README.md").read_text(encoding="utf-8")
        metadata["urls"] = project_urls(repository, tag)
        metadata["readme"] = {
            "content-type": "text/markdown",
            "text": readme_for_index(text, repository, tag),
        }


def project_urls(repository: str, tag: str) -> dict[str, str]:
    """Return the labelled addresses of a release; none while the repository is unknown."""
    if not repository:
        return {}
    return {
        "Repository": repository,
        "Documentation": f"{repository}/tree/{tag}/docs",
        "中文说明": f"{repository}/blob/{tag}/README.zh-CN.md",
        "Changelog": f"{repository}/blob/{tag}/CHANGELOG.md",
        "Issues": f"{repository}/issues",
    }


def readme_for_index(text: str, repository: str, tag: str) -> str:
    """Return the README with absolute links and pictures.

    While the repository is unknown, links become the names of the files, and pictures are left out.
    """

    def absolute(link: re.Match[str]) -> str:
        image, words, path = link["image"], link["text"], link["path"]
        if repository:
            kind = "raw" if image else "blob"
            return f"{image}[{words}]({repository}/{kind}/{tag}/{path})"
        if image:
            return ""
        return words if words == path else f"{words} ({path})"

    return _RELATIVE_LINK.sub(absolute, text)

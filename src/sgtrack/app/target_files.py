"""The use cases of ``init`` and ``targets``: create a workspace, check and draft target files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sgtrack.app.context import AppContext
from sgtrack.checks.contract_arithmetic import advice_on
from sgtrack.model.errors import Problem, Refused
from sgtrack.outputs import check_outputs, write_outputs
from sgtrack.privacy.office_encryption import ReadPassword
from sgtrack.targets.loading import is_valid_slug, load_folder, require_valid
from sgtrack.targets.lookup import find_project
from sgtrack.targets.open_points import open_points
from sgtrack.tender.contract_draft import ContractDraft
from sgtrack.tender.documents import read_content, read_document
from sgtrack.tender.draft_builder import build_drafts
from sgtrack.tender.draft_writer import to_yaml
from sgtrack.workspace import Workspace, make_workspace, packaged, warn_of_readers


@dataclass(frozen=True, slots=True)
class DraftResult:
    """The drafts of target files, their YAML texts, and the paths of the written files, if any."""

    drafts: tuple[ContractDraft, ...]
    texts: tuple[str, ...]
    paths: tuple[Path, ...]


def init_workspace(folder: Path, community: str | None) -> tuple[Workspace, str]:
    """Create a workspace with the packaged targets and templates.

    ``community`` becomes the default community unless it is None.

    Returns:
        The workspace, and a warning if other users can read it; otherwise an empty text.

    Raises:
        Refused: there is no such community, or the workspace cannot be created.
    """
    slug = None
    if community is not None:
        slug = find_project(require_valid(load_folder(packaged("targets"))), community).slug
    workspace = make_workspace(folder, slug)
    return workspace, warn_of_readers(workspace)


def check_targets(context: AppContext) -> tuple[list[Problem], tuple[Problem, ...]]:
    """Check all target files; return advice on valid files, and the problems of invalid files."""
    loaded = load_folder(context.workspace.targets)
    # The set removes duplicates, as communities that share clauses get the same advice.
    advice = {
        contract.problem(advice.code, advice.keys, advice.message, advice.hint)
        for project, contract in zip(loaded.projects, loaded.written, strict=True)
        for advice in advice_on(project)
        if not contract.is_settled(advice.code)
    }
    advice.update(point for contract in loaded.written for point in open_points(contract))
    return sorted(advice), loaded.problems


def draft_targets(
    context: AppContext,
    source: Path | bytes,
    read_password: ReadPassword,
    *,
    package: int | None,
    output: Path | None,
    review: Callable[[ContractDraft], ContractDraft] | None = None,
) -> DraftResult:
    """Draft a target file for each package of a tender document.

    ``source`` is the path of the document, or pasted text as bytes. ``package`` is the number of
    the only package to draft, counted from 1; None drafts all packages.
    ``read_password`` asks for the password of the document if it has one.

    The drafts are written to ``output`` unless it is None. If there are several drafts, their
    numbers are added to the file name. If ``review`` is given, each draft passes through it, after
    the names of the files were checked and before the draft is written.

    Raises:
        Refused: the document cannot be read, has no such package, or a file cannot be written.
    """
    if isinstance(source, bytes):
        document = read_content(source, "粘贴的文字")
    else:
        document = read_document(source, read_password)
    drafts = build_drafts(document, context.today)
    if package is not None:
        if not 1 <= package <= len(drafts):
            raise Refused(
                f"没有第 {package} 个采购包，只有 {len(drafts)} 个", list_packages(drafts)
            )
        drafts = [drafts[package - 1]]
    if review is not None:
        if output is not None:
            planned = _output_paths(output, len(drafts))
            check_outputs(context.workspace, planned, are_targets=True)
        drafts = [review(draft) for draft in drafts]
    texts = tuple(to_yaml(draft) for draft in drafts)
    paths = () if output is None else _write_drafts(context.workspace, texts, output)
    return DraftResult(tuple(drafts), texts, paths)


def list_packages(drafts: list[ContractDraft] | tuple[ContractDraft, ...]) -> str:
    """Return a message that lists each package with the option to choose it."""
    return "；".join(f"--package {n}：{draft.title}" for n, draft in enumerate(drafts, start=1))


def _output_paths(output: Path, number: int) -> list[Path]:
    if output.suffix not in (".yaml", ".yml") or not is_valid_slug(output.stem):
        raise Refused(
            f"{output} 不能当目标文件的名字",
            "只用小写字母、数字和短横，以 .yaml 结尾，如 targets/xincun.yaml",
        )
    if number == 1:
        return [output]
    return [output.with_name(f"{output.stem}-{n}{output.suffix}") for n in range(1, number + 1)]


def _write_drafts(workspace: Workspace, texts: tuple[str, ...], output: Path) -> tuple[Path, ...]:
    paths = _output_paths(output, len(texts))
    contents = (text.encode("utf-8") for text in texts)
    write_outputs(workspace, dict(zip(paths, contents, strict=True)), are_targets=True)
    return tuple(paths)

"""``targets draft``: a proposed target file from a tender document."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sgtrack.cli.options import app_context
from sgtrack.model.errors import Refused, reason_of

if TYPE_CHECKING:
    from sgtrack.tender.document_blocks import Document
    from sgtrack.tender.draft_builder import ContractDraft


def draft(
    ctx: typer.Context,
    file: Annotated[
        str,
        typer.Argument(
            metavar="文件", help=".docx 或 .txt；写 - 就读粘贴进来的文字", show_default=False
        ),
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="文件",
            help="存成目标文件；有几个采购包就存成 名字-1.yaml、名字-2.yaml",
            show_default=False,
        ),
    ] = None,
    package: Annotated[
        int | None,
        typer.Option("--package", metavar="第几个", help="只要第几个采购包", show_default=False),
    ] = None,
    report: Annotated[
        bool, typer.Option("--report", help="左右对照：合同原文和读成的指标")
    ] = False,
) -> None:
    """从招标文件或合同读出目标文件的草稿；拿不准的地方写着“待核对”。

    例：sgtrack targets draft 采购需求.docx -o targets/xincun.yaml

    例：sgtrack targets draft 服务要求.txt --report

    不写 -o 就显示在屏幕上。存好以后逐条核对，再运行 sgtrack targets check。
    """
    from sgtrack.tender.draft_builder import build_drafts

    document = _read(file)
    drafts = _chosen(build_drafts(document, app_context(ctx).today), package)
    if output is not None:
        _write(drafts, output)
    elif not report:
        _show(drafts)
    if report:
        _compare(drafts)


def _read(file: str) -> Document:
    from sgtrack.tender.documents import read_content, read_document

    if file == "-":
        return read_content(sys.stdin.buffer.read(), "粘贴的文字")
    return read_document(Path(file))


def _chosen(drafts: list[ContractDraft], package: int | None) -> list[ContractDraft]:
    if package is None:
        return drafts
    if not 1 <= package <= len(drafts):
        raise Refused(f"没有第 {package} 个采购包，只有 {len(drafts)} 个", _listed(drafts))
    return [drafts[package - 1]]


def _listed(drafts: list[ContractDraft]) -> str:
    from sgtrack.screen.tender_view import title_of

    return "；".join(f"--package {n}：{title_of(one)}" for n, one in enumerate(drafts, start=1))


def _show(drafts: list[ContractDraft]) -> None:
    from sgtrack.tender.draft_writer import to_yaml

    if len(drafts) > 1:
        raise Refused(
            f"文件里有 {len(drafts)} 个采购包，一次只能显示一个",
            f"加 -o targets/new.yaml 存成 new-1.yaml 等文件，或选一个。{_listed(drafts)}",
        )
    typer.echo(to_yaml(drafts[0]), nl=False)


def _write(drafts: list[ContractDraft], output: Path) -> None:
    from sgtrack.screen.tender_view import title_of
    from sgtrack.tender.draft_writer import is_valid_name, to_yaml

    if output.suffix not in (".yaml", ".yml") or not is_valid_name(output.stem):
        raise Refused(
            f"{output} 不能当目标文件的名字",
            "只用小写字母、数字和短横，以 .yaml 结尾，如 targets/xincun.yaml",
        )
    paths = [output]
    if len(drafts) > 1:
        paths = [
            output.with_name(f"{output.stem}-{n}{output.suffix}") for n in range(1, len(drafts) + 1)
        ]
    for path in paths:
        if path.exists():
            raise Refused(f"已经有文件 {path}", "换一个名字；要重新读就先把它移到别处")
    texts = [to_yaml(one) for one in drafts]
    try:
        for path, text in zip(paths, texts, strict=True):
            path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Refused(f"{path} 写不了（{reason_of(error)}）", "换一个能写的文件夹") from None
    for path, one in zip(paths, drafts, strict=True):
        typer.echo(f"已存成 {path}  {title_of(one)}")
    typer.echo("打开文件，按“待核对”逐处看一遍，再运行 sgtrack targets check")


def _compare(drafts: list[ContractDraft]) -> None:
    from sgtrack.screen.console import out
    from sgtrack.screen.tender_view import draft_table, outside_lines

    console = out()
    for one in drafts:
        console.print(draft_table(one))
        for line in outside_lines(one):
            console.print(line, markup=False, highlight=False)

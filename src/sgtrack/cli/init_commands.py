"""``init`` makes a workspace; ``demo`` shows the main job in a throw-away one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def init(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="文件夹", help="新工作文件夹；不写就是现在的文件夹", show_default=False
        ),
    ] = Path(),
    community: Annotated[
        str | None,
        typer.Option(
            "--community", "-c", metavar="社区", help="默认社区的代号", show_default=False
        ),
    ] = None,
) -> None:
    """新建一个工作文件夹，放入自带的目标文件和模板。

    例：sgtrack init 社工站台账

    例：sgtrack init 三里台账 -c sanli
    """
    from sgtrack.targets.loading import load_folder, require_valid
    from sgtrack.targets.lookup import find_project
    from sgtrack.workspace import make_workspace, packaged, warn_of_readers

    slug = None
    if community is not None:
        slug = find_project(require_valid(load_folder(packaged("targets"))), community).slug
    made = make_workspace(folder, slug)
    typer.echo(f"已建立 {made.root}")
    if warning := warn_of_readers(made):
        typer.echo(f"注意：{warning}", err=True)
    typer.echo(
        "先打开 targets 里的目标文件，按合同填上期限和单位名称，再运行 sgtrack targets check"
    )


def demo() -> None:
    """在临时文件夹里演示：记半年的活动（示例数据），看进度，出简报。

    例：sgtrack demo

    例：sgtrack demo > 演示.txt
    """
    from typer.main import get_command

    from sgtrack.app.demo import run_demo
    from sgtrack.cli.main import program

    everything = get_command(program())
    run_demo(lambda words: everything.main(words, prog_name="sgtrack", standalone_mode=False))

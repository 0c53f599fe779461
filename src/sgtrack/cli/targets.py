"""``targets``: what the contract asks for, and whether its files are sound."""

from __future__ import annotations

import typer

from sgtrack.cli.door import Door, Plain
from sgtrack.cli.drafting import draft
from sgtrack.cli.options import AsJson, Community
from sgtrack.cli.session import session

app = typer.Typer(
    cls=Door,
    name="targets",
    help="看合同的全部指标；检查目标文件。",
    invoke_without_command=True,
    rich_markup_mode=None,
)


@app.callback()
def targets(ctx: typer.Context, as_json: AsJson = False, community: Community = None) -> None:
    """按服务类别列出条款原文和指标。

    例：sgtrack targets -c 三里

    例：sgtrack targets check

    例：sgtrack --home 社工站台账 targets check
    """
    if ctx.invoked_subcommand is not None:
        return
    from sgtrack.screen.console import out, print_json
    from sgtrack.screen.progress import target_tree
    from sgtrack.units import number

    projects = session(ctx).projects(community)
    if as_json:
        print_json(
            [
                {
                    "community": project.slug,
                    "category": category.name,
                    "clause": clause.code,
                    "text": clause.text,
                    "item": item.code,
                    "name": item.name,
                    "unit": indicator.unit,
                    "kind": indicator.kind.value,
                    "target": None if indicator.target is None else number(indicator.target),
                    "per": indicator.per.value if indicator.per else None,
                    "part_of": item.part_of,
                    "due_day": indicator.due_day,
                    "types": list(indicator.types),
                    "each": {unit: number(least) for unit, least in item.each},
                    "once_per_person": item.once_per_person,
                }
                for project in projects
                for category, clause, item, indicator in project.indicators()
            ]
        )
        return
    console = out()
    for n, project in enumerate(projects):
        if n:
            console.print()
        console.print(target_tree(project))


@app.command("check", cls=Plain)
def check(ctx: typer.Context) -> None:
    """检查全部目标文件，一次列出所有问题；没有问题就不说话。

    例：sgtrack targets check

    例：sgtrack --home 社工站台账 targets check
    """
    from sgtrack.targets.loading import load_folder

    loaded = load_folder(session(ctx).workspace.targets)
    for problem in loaded.problems:
        typer.echo(str(problem), err=True)
    if loaded.problems:
        typer.echo(f"共 {len(loaded.problems)} 处问题", err=True)
        raise typer.Exit(1)


@app.command("schema", cls=Plain)
def schema() -> None:
    """输出目标文件的 JSON Schema，供编辑器边写边查。

    例：sgtrack targets schema

    例：sgtrack targets schema > targets.schema.json
    """
    from sgtrack.screen.console import print_json
    from sgtrack.targets.file_format import json_schema

    print_json(json_schema())


app.command("draft", cls=Plain)(draft)

"""``targets``: what the contract asks for, and whether its files are sound."""

from __future__ import annotations

import typer

from sgtrack.cli.error_handling import ChineseCommand, RefusalGroup
from sgtrack.cli.options import AsJson, Community, app_context
from sgtrack.cli.tender_command import draft

app = typer.Typer(
    cls=RefusalGroup,
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
    from sgtrack.model.units import number
    from sgtrack.screen.console import out, print_json
    from sgtrack.screen.status_view import changes_json
    from sgtrack.screen.targets_view import target_tree

    projects = app_context(ctx).projects(community)
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
                    **changes_json(indicator),
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


@app.command("check", cls=ChineseCommand)
def check(ctx: typer.Context) -> None:
    """检查全部目标文件，一次列出所有问题。

    合同自己对不上、没有写明的地方也列出来，作为提示：“其中”合起来比总数多，节奏和总数、项目期
    对不上，条款没有数量。提示不影响使用。

    例：sgtrack targets check

    例：sgtrack --home 社工站台账 targets check
    """
    from sgtrack.checks.contract_arithmetic import advice_on
    from sgtrack.targets.loading import load_folder

    loaded = load_folder(app_context(ctx).workspace.targets)
    # What communities share is said once.
    advice = {
        contract.problem(one.code, one.keys, one.message, one.hint)
        for project, contract in zip(loaded.projects, loaded.written, strict=True)
        for one in advice_on(project)
    }
    for known in sorted(advice):
        typer.echo(f"{known.file}:{known.line}  {known.message}\n    提示：{known.remedy}")
    for problem in loaded.problems:
        typer.echo(str(problem), err=True)
    if loaded.problems:
        typer.echo(f"共 {len(loaded.problems)} 处问题", err=True)
        raise typer.Exit(1)


@app.command("schema", cls=ChineseCommand)
def schema() -> None:
    """输出目标文件的 JSON Schema，供编辑器边写边查。

    例：sgtrack targets schema

    例：sgtrack targets schema > targets.schema.json
    """
    from sgtrack.screen.console import print_json
    from sgtrack.targets.file_format import json_schema

    print_json(json_schema())


app.command("draft", cls=ChineseCommand)(draft)

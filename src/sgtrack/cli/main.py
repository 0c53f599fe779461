"""The program: its commands and the options that stand before them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from sgtrack import __version__
from sgtrack.cli import backups, brief, evidence, people, report, targets
from sgtrack.cli.checking import check, verify
from sgtrack.cli.door import Door, LooseCommand, Plain
from sgtrack.cli.dossier import dossier
from sgtrack.cli.entries import amend, void
from sgtrack.cli.forgetting import forget
from sgtrack.cli.listing import list_entries, show
from sgtrack.cli.log import log
from sgtrack.cli.merging import bundle, merge, resolve
from sgtrack.cli.progress import due, explain, status
from sgtrack.cli.session import Session
from sgtrack.cli.setup import demo, init
from sgtrack.cli.sheets import export, import_sheet, sheet


class Front(Door):
    """The program's own group, which lists its commands in the order they are needed."""

    order = (
        *("log", "status", "brief", "due", "list", "show", "explain", "amend", "void"),
        *(
            "evidence",
            "people",
            "import",
            "sheet",
            "export",
            "check",
            "verify",
            "report",
            "dossier",
            "forget",
        ),
        *("bundle", "merge", "resolve"),
        *("backup", "restore", "recover"),
        *("targets", "init", "demo"),
    )

    def get_params(self, ctx: Any) -> list[Any]:
        """The options; the one that sets up completion answers in Chinese."""
        params = super().get_params(ctx)
        for param in params:
            if param.name == "install_completion":
                param.callback = _install_completion  # type: ignore[assignment]
        return params

    def list_commands(self, ctx: Any) -> list[str]:
        """What is typed every day first; typer itself would put the groups last."""
        return sorted(super().list_commands(ctx), key=self.order.index)


app = typer.Typer(
    cls=Front,
    name="sgtrack",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"]},
)

# An amount may be mistyped as -5人次; it must reach the reader of amounts, which says so.
_AMOUNTS = {"ignore_unknown_options": True}

app.command("log", cls=LooseCommand, context_settings=_AMOUNTS)(log)
app.command("amend", cls=LooseCommand, context_settings=_AMOUNTS)(amend)
app.command("void", cls=Plain)(void)
app.command("status", cls=Plain)(status)
app.command("due", cls=Plain)(due)
app.command("explain", cls=Plain)(explain)
app.command("list", cls=Plain)(list_entries)
app.command("show", cls=Plain)(show)
app.command("check", cls=Plain)(check)
app.command("verify", cls=Plain)(verify)
app.command("dossier", cls=Plain)(dossier)
app.command("export", cls=Plain)(export)
app.command("sheet", cls=Plain)(sheet)
app.command("import", cls=Plain)(import_sheet)
app.command("forget", cls=Plain)(forget)
app.command("bundle", cls=Plain)(bundle)
app.command("merge", cls=Plain)(merge)
app.command("resolve", cls=Plain)(resolve)
app.command("restore", cls=Plain)(backups.restore)
app.command("recover", cls=Plain)(backups.recover)
app.command("init", cls=Plain)(init)
app.command("demo", cls=Plain)(demo)
for group in (backups, brief, evidence, people, report, targets):
    app.add_typer(group.app)


def _install_completion(ctx: typer.Context, param: object, wanted: bool) -> None:
    if not wanted or ctx.resilient_parsing:
        return
    from typer.completion import install  # type: ignore[attr-defined]

    shell, path = install()
    typer.echo(f"已给 {shell} 装好补全（{path}），重新打开终端后按 Tab 键试试")
    raise typer.Exit


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"sgtrack {__version__}")
        raise typer.Exit


@app.callback()
def sgtrack(
    ctx: typer.Context,
    home: Annotated[
        Path | None,
        typer.Option("--home", metavar="文件夹", help="工作文件夹", show_default=False),
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", help="显示版本", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """社工站合同指标管家：做完活动记一笔，随时看进度，每月25日前出简报。

    例：sgtrack log 5.1 3人次        记一次活动

    例：sgtrack status              看各项指标的完成情况

    例：sgtrack brief               写当月简报

    总体完成率是所有指标完成率的平均数，每个指标最多算 100%。
    """
    ctx.obj = Session(home)


def main() -> None:
    """Run the program; what a terminal's code page cannot show is replaced, not fatal."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")
    app(prog_name="sgtrack")

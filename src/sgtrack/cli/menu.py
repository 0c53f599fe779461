"""``menu``: the everyday commands as a numbered menu, for an officer who types no commands.

Each choice asks for what its command needs, and runs the same command line as if it were typed.
"""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import typer

from sgtrack.app.context import COMMUNITY_VARIABLE, AppContext
from sgtrack.cli.error_handling import INTERRUPTED, complain, guarded
from sgtrack.cli.field_prompts import dropped_files, split_words
from sgtrack.cli.launcher import launch
from sgtrack.cli.prompts import Declined, ask, ask_choice, can_ask
from sgtrack.entry.text_cleaning import clean_reason
from sgtrack.model.errors import Refused
from sgtrack.workspace import set_default_community

FORM = "活动登记表.xlsx"
"""The name of a new entry form in the workspace."""
RETURN = "返回菜单"
_PROGRAM = re.compile(r"(?:\.[\\/])?sgtrack(?:\.exe)?", re.IGNORECASE)


class BackToMenu(typer.Exit):
    """Raised to return to the menu at once, without waiting for Enter."""


def menu(ctx: typer.Context) -> None:
    """打开菜单：按数字选择，不用记命令。

    双击 sgtrack.exe 打开的就是它。中途按 Ctrl-C 返回菜单。

    例：sgtrack menu

    例：sgtrack --home 社工站台账 menu
    """
    if not can_ask():
        raise Refused("菜单要在终端里用", "在脚本里直接写命令；用 sgtrack --help 看全部命令")
    first = ctx.ensure_object(AppContext)
    home = first.home = first.home and first.home.absolute()  # the current folder changes below
    while True:
        context = AppContext(home)  # new, as the day or a target file may have changed
        try:
            choice = _choose(context)
        except Refused as refused:
            complain(refused)
            _pause("改好以后按回车再试")
            continue
        if choice is None:
            return
        _attempt(choice, context)


def _choose(context: AppContext) -> Callable[[AppContext], None] | None:
    """Show the menu, and return what the officer chooses; None means that she leaves.

    Raises:
        Refused: the workspace cannot be made or read.
        typer.Abort: she pressed Ctrl-C.
    """
    _settle_community(context)
    os.chdir(context.workspace.root)  # file names without a folder refer to the workspace
    names = "、".join(project.name for project in context.projects(None))
    typer.echo(f"\n社工站合同指标管家    {names}    {context.today}")
    typer.echo(f"工作文件夹：{context.workspace.root}\n")
    number = ask_choice("请选择", [name for name, _ in CHOICES], none="退出")
    return CHOICES[number][1] if number >= 0 else None


def _settle_community(context: AppContext) -> None:
    """Ask once for the community of the workspace, and store the answer in its settings."""
    workspace = context.workspace
    if os.environ.get(COMMUNITY_VARIABLE) or workspace.default_community() is not None:
        return
    projects = context.every_project()
    if len(projects) == 1:
        return
    typer.echo(f"\n第一次使用。工作文件夹：{workspace.root}\n您做的是哪个社区的项目？")
    names = [project.full_name for project in projects]
    number = ask_choice("社区", names, none="都不是")
    if number < 0:
        raise Refused(
            "还没有您的社区的指标",
            f"请维护人员用 sgtrack targets draft 从招标文件读出来，放进 {workspace.targets}",
        )
    set_default_community(workspace, projects[number].slug)
    typer.echo(
        f"记住了。合同期限、单位名称等写在 {workspace.targets / projects[number].slug}.yaml，"
        "可以用记事本打开来填；不填也能用，显示为“待填”"
    )


def _pause(words: str) -> None:
    ask(words, lambda answer: None)


def _attempt(choice: Callable[[AppContext], None], context: AppContext) -> None:
    """Perform a choice; show its error, if any."""

    def perform() -> None:
        choice(context)
        _pause(f"按回车{RETURN}")

    with suppress(typer.Exit):
        guarded(perform)
    _obey_interrupts()


def _obey_interrupts() -> None:
    """Make Ctrl-C raise KeyboardInterrupt again; a command that ends ignores it."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _run(context: AppContext, *words: str) -> int:
    """Run a command line in the same workspace, and return its exit code.

    Raises:
        BackToMenu: the officer pressed Ctrl-C.
    """
    from sgtrack.cli.main import called, program  # avoids an import cycle

    home = [] if context.home is None else ["--home", str(context.home)]
    command = typer.main.get_command(program(called(words)))
    code = command.main([*home, *words], prog_name="sgtrack", standalone_mode=False)
    _obey_interrupts()
    if code == INTERRUPTED:
        raise BackToMenu
    return code if isinstance(code, int) else 0


def _log(context: AppContext) -> None:
    ways = ["逐项询问", "写一句话，自动读出日期、地点和数量", "粘贴一篇汇报，可以有几次活动"]
    way = ask_choice("怎样记", ways, none=RETURN)
    if way < 0:
        raise BackToMenu
    if way == 0:
        _run(context, "log")
    elif way == 1:

        def check(typed: str) -> None:
            if not typed:
                raise Refused("还没有写", f"不记了就按 Ctrl-C {RETURN}")

        sentence = ask("一句话", check, hint="例：3月12日在社区广场开展惠民殡葬宣讲，服务80人次")
        _run(context, "log", "--", sentence)
    else:
        _run(context, "log", "--paste")


def _show_status(context: AppContext) -> None:
    _run(context, "status")
    while which := ask(f"看哪一类、哪一项（回车{RETURN}）", lambda answer: None, hint="如 7、殡葬"):
        _run(context, "status", "--", which)
    raise BackToMenu


def _write_brief(context: AppContext) -> None:
    from sgtrack.app.issue_preview import check_early  # loads jinja2
    from sgtrack.app.month_texts import choose_window

    project = context.project(None)

    def check(typed: str) -> None:
        choose_window(context, project, typed)

    due = choose_window(context, project, None).label
    month = ask("哪个月的简报", check, default=due, hint="回车就是该交的这一期；如 2026-03、3")
    window = choose_window(context, project, month)
    if _run(context, "brief", "--month", window.label):
        return
    steps = ["打开 Word 稿查看、修改", "正式发出：数字不再变动，记为已提交"]
    while True:
        typer.echo("\n在 Word 里改好、保存、关掉以后再发出，发出的就是改过的这份。")
        step = ask_choice("接着", steps, none=RETURN)
        if step < 0:
            raise BackToMenu
        if step == 0:
            _run(context, "open", "brief", "--month", window.label)
            continue
        early = []
        try:
            check_early(window, context.today, None)
        except Refused as refused:
            typer.echo(f"{refused.message}。")
            try:
                reason = ask("提前发出的原因", _check_reason, decline="不发出")
            except Declined:
                continue
            early = ["--early", reason]
        _run(context, "brief", "--month", window.label, "--issue", *early)


def _check_reason(typed: str) -> None:
    clean_reason(typed, "提前发出", "街道要求提前报送")


def _import(context: AppContext) -> None:
    typer.echo("把 Excel 文件拖进这个窗口；没有就直接回车，做一张空的登记表，填好再导入。")
    typed = ask("文件", lambda answer: _find_file(answer) if answer else None)
    if typed:
        _run(context, "import", "--", str(_find_file(typed)))
        return
    form = context.workspace.root / FORM
    if not form.exists() and _run(context, "sheet", str(form)):
        return
    typer.echo(f"空的登记表：{form}")
    launch(form)


def _find_file(typed: str) -> Path:
    """Return the path of a file that was typed or dragged into the window.

    Raises:
        Refused: there is no such file.
    """
    dragged = dropped_files(typed.removeprefix("& "))  # PowerShell puts & before the quotes
    for path in (Path(typed), *dragged[:1]):
        if path.is_file():
            return path
    raise Refused(f"没有文件 {typed}", "把文件拖进来，或写完整的路径；直接回车做一张空的登记表")


def _open_folder(context: AppContext) -> None:
    _run(context, "open")


def _back_up(context: AppContext) -> None:
    _run(context, "backup")


def _type_command(context: AppContext) -> None:
    def check(typed: str) -> None:
        if not _command_words(typed):
            raise Refused("还没有写命令", f"不写了就按 Ctrl-C {RETURN}")

    typed = ask("命令", check, hint="例：due；文件可以拖进来；写 --help 列出全部命令")
    _run(context, *_command_words(typed))


def _command_words(typed: str) -> list[str]:
    """Return the words of a typed command line, without the name of the program."""
    words = split_words(typed)
    return words[1:] if words and _PROGRAM.fullmatch(words[0]) else words


CHOICES: tuple[tuple[str, Callable[[AppContext], None]], ...] = (
    ("记一次活动", _log),
    ("看进度", _show_status),
    ("写简报", _write_brief),
    ("导入 Excel", _import),
    ("打开文件夹", _open_folder),
    ("备份", _back_up),
    ("输入命令", _type_command),
)
"""The choices of the menu in their order, and what each one does."""

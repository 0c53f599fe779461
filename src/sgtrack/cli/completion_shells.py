"""Completion in Bash, Zsh, Fish and PowerShell: suggestions, scripts and installation."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import typer

from sgtrack.files import check_writable, unwritable
from sgtrack.model.errors import Refused, reason_of

VARIABLE = "_SGTRACK_COMPLETE"
"""The environment variable with which the scripts ask for completions."""
POWERSHELLS = ("powershell", "pwsh")
SHELLS = ("bash", "zsh", "fish", *POWERSHELLS)
_LONGEST_MEANING = 24
"""Maximum number of characters of a meaning in Bash."""
_ZSH = r"""#compdef sgtrack
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
_sgtrack_completion() {
  local -a values shown
  local line typed="${words[1,$CURRENT]}"
  local found="$(env _TYPER_COMPLETE_ARGS="$typed" _SGTRACK_COMPLETE=complete_zsh sgtrack)"
  for line in ${(f)found}; do
    values+=("${line%%$'\t'*}")
    shown+=("${line/$'\t'/  }")
  done
  if (( ! $#values )); then
    _files
    return
  fi
  # Values that begin otherwise than what was typed replace it one by one, as Tab is pressed again.
  [[ ${values[1]} == "$PREFIX"* ]] || compstate[insert]=menu
  compadd -U -l -V sgtrack -d shown -a values
}
compdef _sgtrack_completion sgtrack
"""
_FISH = r"""function __sgtrack_completion
    set -lx _TYPER_COMPLETE_ARGS (commandline -cp)
    set -l lines (env _SGTRACK_COMPLETE=complete_fish sgtrack)
    if test (count $lines) -gt 0
        printf '%s\n' $lines
    else
        __fish_complete_path (commandline -ct)
    end
end
complete --command sgtrack --no-files --keep-order --arguments '(__sgtrack_completion)'
"""
Pairs = Sequence[tuple[str, str]]
"""Completions: the values and their meanings."""


def complete(program: Any) -> str:
    """Return the completions for the shell that asks, in the form that its script reads.

    The result is empty if anything fails, because a message would disturb the typed line.
    """
    from typer import _completion_classes as classes  # Typer has no public interface for this

    readers: dict[str, type[Any]] = {
        "bash": classes.BashComplete,
        "zsh": classes.ZshComplete,
        "fish": classes.FishComplete,
        "powershell": classes.PowerShellComplete,
        "pwsh": classes.PowerShellComplete,
    }
    shell = os.environ[VARIABLE].removeprefix("complete_")
    with suppress(Exception):
        reader = readers[shell](program, {}, "sgtrack", VARIABLE)
        args, typed = reader.get_completion_args()
        found = [
            (str(item.value), " ".join((item.help or "").split()))
            for item in reader.get_completions(args, typed)
        ]
        return "\n".join(_FORMS[shell](found, typed))
    return ""


def _for_bash(found: Pairs, typed: str) -> list[str]:
    """Return a line with the meaning for each value; a single value gets no meaning.

    Bash inserts a single line at once, and replaces the typed text by the common beginning of
    several lines. If a value does not begin with the typed text, a last line with another beginning
    prevents this replacement.
    """
    if len(found) == 1:
        return [found[0][0]]
    lines = [f"{value}  {_short(meaning)}".rstrip() for value, meaning in found]
    if all(value.startswith(typed) for value, _ in found):
        return lines
    return [*lines, f"→ “{typed}”可以指 {len(found)} 个，写前面的一个"]


def _short(meaning: str) -> str:
    return re.split("[。；：]", meaning)[0][:_LONGEST_MEANING]


def _for_zsh(found: Pairs, typed: str) -> list[str]:
    return [f"{value}\t{meaning}".rstrip() for value, meaning in found]


def _for_fish(found: Pairs, typed: str) -> list[str]:
    """Return values with their meanings; Fish drops values that do not contain the typed text.

    If only the meaning contains the typed text, the meaning becomes the value. If neither does, as
    with pinyin initials, a single value is shown beside the typed text, which stays as it is.
    """
    lines = []
    for value, meaning in found:
        if typed in value:
            lines.append(f"{value}\t{meaning}".rstrip())
        elif typed in meaning:
            lines.append(f"{meaning}\t{value}")
        elif len(found) == 1:
            lines.append(f"{typed}\t{value} {meaning}")
    return lines


def _for_powershell(found: Pairs, typed: str) -> list[str]:
    return [f"{value}:::{meaning or ' '}" for value, meaning in found]


_FORMS: dict[str, Callable[[Pairs, str], list[str]]] = {
    "bash": _for_bash,
    "zsh": _for_zsh,
    "fish": _for_fish,
    "powershell": _for_powershell,
    "pwsh": _for_powershell,
}


def complete_shell(ctx: typer.Context, incomplete: str) -> list[str]:
    """Suggest the shells that completion supports."""
    return list(SHELLS)


def completion_script(shell: str) -> str:
    """Return the script that a shell runs to complete command lines of sgtrack."""
    from typer.completion import get_completion_script  # type: ignore[attr-defined]

    own = {"zsh": _ZSH, "fish": _FISH}.get(shell)
    if own is not None:
        return own
    script = get_completion_script(prog_name="sgtrack", complete_var=VARIABLE, shell=shell)
    return f"{script}\n"


def choose_shell(typed: str) -> str:
    """Return the shell that was typed, or the one that runs the program if nothing was typed.

    Raises:
        Refused: the shell is unknown, or completion does not support it.
    """
    import shellingham

    shell = typed.lower().removesuffix(".exe")
    if not shell:
        try:
            shell = shellingham.detect_shell()[0]
        except (RuntimeError, OSError):  # ``ShellDetectionFailure`` is an ``OSError``
            raise Refused(
                "认不出现在用的是哪个终端",
                f"写明终端，如 sgtrack --install-completion bash；可以写 {'、'.join(SHELLS)}",
            ) from None
    if shell not in SHELLS:
        hint = f"可以写 {'、'.join(SHELLS)}"
        if shell == "cmd":
            hint = "在 PowerShell 里运行 sgtrack --install-completion powershell"
        raise Refused(f"终端“{shell}”不能补全", hint)
    return shell


def install_completion(shell: str) -> Path:
    """Write the script of a shell, and let the shell's start-up file load it; return its path.

    A start-up file gets one more line at its end, and only once.

    Raises:
        Refused: PowerShell is not found, or a file cannot be written.
    """
    home = Path.home()
    path, start_up, line = home / f".sgtrack-completion.{shell}", None, ""
    if shell == "bash":
        start_up, line = home / ".bashrc", "source ~/.sgtrack-completion.bash"
    elif shell == "zsh":
        start_up = Path(os.environ.get("ZDOTDIR") or home) / ".zshrc"
        line = "source ~/.sgtrack-completion.zsh"
    elif shell == "fish":
        config = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config")
        path = config / "fish" / "completions" / "sgtrack.fish"
    else:
        path = home / ".sgtrack-completion.ps1"
        start_up, line = _find_profile(shell), '. "$HOME/.sgtrack-completion.ps1"'
    check_writable([path, *([start_up] if start_up else [])])
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(completion_script(shell), encoding="utf-8", newline="\n")
        if start_up is not None:
            _add_line(start_up, line)
    except OSError as error:
        raise unwritable(start_up or path, error) from error
    return path


def _add_line(path: Path, line: str) -> None:
    """Append a line to a file unless it is there; the bytes before it stay as they are."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content = path.read_bytes() if path.exists() else b""
    if line.encode() not in (written.strip() for written in content.splitlines()):
        gap = "" if not content or content.endswith(b"\n") else "\n"
        with path.open("ab") as file:
            file.write(f"{gap}{line}\n".encode())


def _find_profile(shell: str) -> Path:
    """Ask PowerShell for the path of its start-up file."""
    import subprocess

    ask = "[Console]::OutputEncoding = [Text.Encoding]::UTF8; $PROFILE"
    try:
        output = subprocess.run(  # noqa: S603 - one of the names in SHELLS
            [shell, "-NoProfile", "-NonInteractive", "-Command", ask],
            capture_output=True,
            timeout=60,
            check=True,
        ).stdout
    except (OSError, subprocess.SubprocessError) as error:
        reason = reason_of(error) if isinstance(error, OSError) else "没有回答"
        raise Refused(
            f"没有找到 {shell}（{reason}）", "在 PowerShell 里运行，或换一个终端：bash、zsh、fish"
        ) from None
    return Path(output.decode("utf-8-sig", "replace").strip())

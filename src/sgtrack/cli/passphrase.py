"""The passphrase of a sealed file: from the environment, or asked for without showing it."""

from __future__ import annotations

import getpass
import os
import sys

from sgtrack.model.errors import Refused
from sgtrack.privacy.encryption import check_passphrase

VARIABLE = "SGTRACK_PASSPHRASE"


def passphrase(*, twice: bool) -> str:
    """The passphrase; ``twice`` where a mistyped one would lock the officer out.

    Raises:
        Refused: there is nobody to ask, it is too short, or it was not typed the same twice.
    """
    told = os.environ.get(VARIABLE)
    if told:
        return check_passphrase(told)
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise Refused("没有密码", f"在终端里运行，或把密码放进环境变量 {VARIABLE}")
    typed = check_passphrase(getpass.getpass("密码（不显示）：", stream=sys.stderr))
    if twice and getpass.getpass("再输一次：", stream=sys.stderr) != typed:
        raise Refused("两次输入的密码不一样", "再运行一次")
    return typed

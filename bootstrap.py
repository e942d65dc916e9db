"""Set everything up and run a command: the whole of `make run` and `make test`, for any system.

Needs nothing but Python 3.11 or newer; the first time it needs the network, later it does not.

    python bootstrap.py run     the app (options after it go to `tsunagi run`)
    python bootstrap.py test    every test (options after it go to pytest)
    python bootstrap.py lint    format, lint, types: before every commit
    python bootstrap.py check   the same, unit tests, known vulnerabilities
    python bootstrap.py cover   every test, and which branches none of them takes
    python bootstrap.py bench   the benchmark
    python bootstrap.py docs    write what is generated: data dictionary, template, sample workbooks
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
LOCK = ROOT / "requirements.lock"
DEV_LOCK = ROOT / "requirements-dev.lock"
OLDEST = (3, 11)

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
PACKAGES = ("chromium", "fonts-noto-cjk")

LINT = (("ruff", "format", "--check", "."), ("ruff", "check", "."), ("mypy",))
# Two at a time, each with a database of its own: a test waits for a server or a browser more than
# it works.
TEST = ("pytest", "-n", "2", "--dist", "worksteal")
QUICKER_STARTS = ("tools.make_start_cache",)

STEPS: dict[str, tuple[Path, tuple[tuple[str, ...], ...]]] = {
    "run": (LOCK, (("tsunagi", "run"),)),
    "test": (DEV_LOCK, (QUICKER_STARTS, TEST)),
    "lint": (DEV_LOCK, LINT),
    "check": (DEV_LOCK, (*LINT, ("tools.audit_packages",), (*TEST, "-q", "tests/unit"))),
    "cover": (DEV_LOCK, (QUICKER_STARTS, (*TEST, "--cov", "--cov-report", "term"))),
    "bench": (DEV_LOCK, (("bench",),)),
    "docs": (
        DEV_LOCK,
        (
            ("tools.write_data_dictionary",),
            ("tools.write_templates",),
            ("sample.make_workbooks",),
            ("tools.write_architecture",),
            ("sphinx", "-q", "-W", "docs", "build/docs"),
        ),
    ),
}


def main() -> int:
    """Set up what the command needs and run it; the exit code of the first step that failed."""
    name = sys.argv[1] if len(sys.argv) > 1 else ""
    if name not in STEPS:
        print(__doc__)
        return 2
    if sys.version_info < OLDEST:
        print("Python 3.11 以上が必要です。 / Python 3.11 or newer is needed.")
        return 2
    lock, steps = STEPS[name]
    install(lock)
    if name in {"test", "cover"}:
        install_browser()
    for step in steps:
        extra = sys.argv[2:] if step is steps[-1] else []
        code = call([str(PYTHON), "-m", *step, *extra])
        if code:
            return code
    return 0


def install(lock: Path) -> None:
    """Make the virtual environment hold exactly the locked versions; does nothing when it does."""
    if any(_stamp(candidate).exists() for candidate in {lock, DEV_LOCK}):
        return
    print((ROOT / "NOTICE.md").read_text(encoding="utf-8").split("## Python packages")[0])
    if not PYTHON.exists():
        make_environment()
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    require([*pip, "--require-hashes", "-r", str(lock)])
    require([*pip, "--no-deps", "--no-build-isolation", "-e", str(ROOT)])
    for stamp in VENV.glob("installed-*"):
        stamp.unlink()
    _stamp(lock).touch()


def make_environment() -> None:
    """Make the virtual environment, whole or not at all: one without pip would pass for made."""
    try:
        venv.create(VENV, with_pip=True)
    except BaseException as error:  # Ctrl-C too: the first start takes a while
        shutil.rmtree(VENV, ignore_errors=True)
        if not isinstance(error, subprocess.CalledProcessError):
            raise
        sys.exit(
            "仮想環境を作れません。Debian・Ubuntu では python3-venv を入れてください。\n"
            "Cannot make a virtual environment. On Debian or Ubuntu install python3-venv."
        )


def install_browser() -> None:
    """Install Chromium and Japanese fonts from the distribution, where it has a package manager."""
    if any(shutil.which(browser) for browser in BROWSERS) or os.environ.get("TSUNAGI_BROWSER"):
        return
    apt = shutil.which("apt-get")
    if apt is None:
        sys.exit(
            "Chromium か Chrome を入れるか、TSUNAGI_BROWSER にその場所を書いてください。\n"
            "Install Chromium or Chrome, or name it in TSUNAGI_BROWSER."
        )
    allowed = not hasattr(os, "geteuid") or os.geteuid() == 0
    as_root = [] if allowed else ["sudo"]
    quiet = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    require([*as_root, apt, "update", "-qq"], quiet)
    require([*as_root, apt, "install", "-y", "-qq", *PACKAGES], quiet)


def require(command: Sequence[str], environment: dict[str, str] | None = None) -> None:
    """Run a command; end with its exit code when it fails."""
    code = call(command, environment)
    if code:
        sys.exit(code)


def call(command: Sequence[str], environment: dict[str, str] | None = None) -> int:
    """Run a command from the project's folder and return its exit code."""
    try:
        return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode  # noqa: S603
    except KeyboardInterrupt:
        return 130


def _stamp(lock: Path) -> Path:
    wanted = lock.read_bytes() + (ROOT / "pyproject.toml").read_bytes()
    return VENV / f"installed-{lock.stem}-{hashlib.sha256(wanted).hexdigest()[:16]}"


if __name__ == "__main__":
    sys.exit(main())

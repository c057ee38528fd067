"""The source tree as the house tests see it."""

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("regions", "products", "trace")
MADE = {"var", ".git", "node_modules", "__pycache__", ".pytest_cache", ".ruff_cache", ".mypy_cache", ".hypothesis"}
PACKAGES = ("gi_registry", *ROOMS)


def tracked(*suffixes: str) -> list[Path]:
    """Files of the repository with one of these endings, as git lists them (also those not yet committed)."""
    try:
        told = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT,
            capture_output=True,
            check=True,
            text=True,
        )
        names = told.stdout.split("\0")
    except (FileNotFoundError, subprocess.CalledProcessError):  # an unpacked archive, or a machine without git
        files = (file.relative_to(ROOT) for file in ROOT.rglob("*"))
        names = [str(file) for file in files if not MADE.intersection(file.parts)]
    return [ROOT / name for name in sorted(set(names)) if name.endswith(suffixes) and (ROOT / name).is_file()]


def sources() -> list[Path]:
    """Our Python, without migrations and tests."""
    return [
        file
        for file in tracked(".py")
        if file.relative_to(ROOT).parts[0] in PACKAGES and "migrations" not in file.relative_to(ROOT).parts
    ]


def functions(file: Path) -> Iterator[tuple[str, ast.FunctionDef, ast.ClassDef | None]]:
    """Every function of a file with its dotted name and, for a method, its class."""
    module = ast.parse(file.read_text(encoding="utf-8"))
    for node in ast.walk(module):
        holder = node if isinstance(node, ast.ClassDef) else None
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.FunctionDef):
                yield (f"{holder.name}.{child.name}" if holder else child.name), child, holder


def length(function: ast.FunctionDef) -> int:
    """Lines of a function, its docstring not counted."""
    total = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        total -= (first.end_lineno or first.lineno) - first.lineno + 1
    return total

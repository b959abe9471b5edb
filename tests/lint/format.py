"""C++ files look as clang-format 14 with .clang-format leaves them."""

import os
import subprocess

import repo


def check(root):
    files = repo.files(root, ".h", ".cc")
    if not files:
        return [], []
    command = [os.environ.get("CLANG_FORMAT", "clang-format"), "--dry-run", "-Werror", "--style=file"]
    try:
        done = subprocess.run(command + files, cwd=root, capture_output=True, text=True)
    except FileNotFoundError:
        return ["clang-format is not installed"], []
    if done.returncode == 0:
        return [], []
    places = sorted({line.split(":")[0] for line in done.stderr.splitlines() if ": error:" in line})
    return [f"{path}: not formatted; run clang-format -i" for path in places] or [done.stderr], []

# SPDX-License-Identifier: GPL-3.0-or-later
"""Packages that cannot be installed beside others, or should not be: downloaded and unpacked."""

import contextlib
import os
import pathlib
import shutil
import subprocess
import tempfile

DOWNLOAD_SECONDS = 60


def unpacked(cache, packages):
    """The directory with the packages' files, downloaded once; None where that cannot be done."""
    cache = pathlib.Path(cache)
    if cache.exists():
        return cache
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    cache.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache.parent) as scratch:
        try:
            _download(pathlib.Path(scratch), packages)
        except (subprocess.SubprocessError, OSError):
            return None
        # Another run may have been faster; its files are the same.
        with contextlib.suppress(OSError):
            (pathlib.Path(scratch) / "root").rename(cache)
    return cache


def _download(scratch, packages):
    subprocess.run(["apt-get", "download", "-q", *packages], cwd=scratch, check=True,
                   capture_output=True, timeout=DOWNLOAD_SECONDS)
    for package in scratch.glob("*.deb"):
        subprocess.run(["dpkg", "-x", package, scratch / "root"], check=True)
    (scratch / "root").chmod(0o755)


def libraries(root):
    """The directories of a root that hold libraries, for LD_LIBRARY_PATH."""
    return ":".join(sorted({str(path.parent) for path in pathlib.Path(root).glob("usr/lib/**/*.so*")
                            if "modules" not in str(path)}))

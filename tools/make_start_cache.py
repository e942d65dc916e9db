"""Make the start cache before the tests: they start the database some hundred times.

    python -m tools.make_start_cache

The tests use it and never make it (TSUNAGI_START_CACHE=use). Without it they only take longer.
"""

from __future__ import annotations

from graph.engine.provision import provide_jars
from graph.engine.start_cache import make_start_cache
from graph.folders import choose_cache_dir


def main() -> None:
    """Download the database where it is missing, and make the cache where it is."""
    cache_dir = choose_cache_dir()
    make_start_cache(cache_dir, provide_jars(cache_dir))


if __name__ == "__main__":
    main()

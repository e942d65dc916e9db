"""How near and how fast the address matcher is.

    python -m bench.addresses

Real office addresses with coordinates of their own (WAM NET, March 2025, offices in Saitama) are
read from ``data/wamnet_202503_saitama`` in the folder TSUNAGI_SHARED names (else ``../shared``
beside the repository). Some of these coordinates are wrong by kilometres, and some addresses
name no town; both are counted. Without the files only the speed on generated addresses is told.

Beside the matcher stands what a user would do without it, the municipality's own point, and the
floor of any matcher: bringing each address into one spelling and nothing else.
"""

from __future__ import annotations

import csv
import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from statistics import median
from typing import Final

from graph.places import AddressMatch, Coordinates, distance_m
from loaders.places.addresses import address_book, match_address
from loaders.places.gazetteer import find_municipality, municipalities
from loaders.places.sources import read_towns
from loaders.places.spellings import fold, normalize

_ROOT: Final = Path(__file__).resolve().parent.parent
_COUNT: Final = 10_000
_SHARED: Final = Path(os.environ.get("TSUNAGI_SHARED", _ROOT.parent / "shared"))


def main() -> None:
    """Print the figures, one per line."""
    started = time.perf_counter()
    book = address_book()
    print(f"names and municipalities, first use            {_since(started):8.3f} s")
    offices = list(dict.fromkeys(_read_offices(_SHARED / "data" / "wamnet_202503_saitama")))
    addresses = [address for address, _ in offices] or _generate_addresses()
    started = time.perf_counter()
    matches = [match_address(address) for address in addresses]
    print(f"first pass with reading the towns              {_since(started):8.3f} s")
    if offices:
        _print_distances(matches, [point for _, point in offices])
    repeated = (addresses * (_COUNT // len(addresses) + 1))[:_COUNT]
    floor = _time(lambda text: fold(normalize(text)), repeated)
    matched = _time(match_address, repeated)
    print(f"{_COUNT} addresses into one spelling (floor)      {floor:8.3f} s")
    print(f"{_COUNT} addresses matched                        {matched:8.3f} s")
    started = time.perf_counter()
    for code in book.places:
        book.towns(code)
    print(f"index of all towns of Japan (not needed above)  {_since(started):7.3f} s")


def _print_distances(matches: list[AddressMatch], points: list[Coordinates]) -> None:
    pairs = list(zip(matches, points, strict=True))
    _print_row("municipality's own point", [_to_municipality(m, p) for m, p in pairs])
    _print_row("matched, all", [_to_match(m, p) for m, p in pairs])
    _print_row("  that name a known town", [_to_match(m, p) for m, p in pairs if m.town])
    for accuracy in ("block", "town", "municipality", "unknown"):
        chosen = [_to_match(m, p) for m, p in pairs if m.accuracy == accuracy]
        if chosen:
            _print_row(f"  {accuracy}", chosen)


def _print_row(name: str, distances: list[float]) -> None:
    near = [sum(d <= limit for d in distances) / len(distances) for limit in (1000, 3000)]
    print(
        f"{name:28}{len(distances):6} addresses: median {median(distances):6.0f} m,"
        f" {near[0]:6.1%} within 1 km, {near[1]:6.1%} within 3 km"
    )


def _to_match(match: AddressMatch, point: Coordinates) -> float:
    if match.latitude is None or match.longitude is None:
        return float("inf")
    return distance_m(point, (match.latitude, match.longitude))


def _to_municipality(match: AddressMatch, point: Coordinates) -> float:
    place = find_municipality(match.municipality_code)
    return distance_m(point, (place.latitude, place.longitude)) if place else float("inf")


def _read_offices(folder: Path) -> Iterable[tuple[str, Coordinates]]:
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                address = row["事業所住所（市区町村）"] + row["事業所住所（番地以降）"]
                if row["事業所緯度"] and row["事業所経度"]:
                    yield address, (float(row["事業所緯度"]), float(row["事業所経度"]))


def _generate_addresses() -> list[str]:
    return [
        f"{place.full_name}{town.name}１−２−３"
        for place in municipalities()
        if place.prefecture_code in ("11", "12")
        for town in read_towns(place.code)
    ][:_COUNT]


def _time(function: Callable[[str], object], addresses: list[str]) -> float:
    """Return the median of five runs in seconds."""
    times = []
    for _ in range(5):
        started = time.perf_counter()
        for address in addresses:
            function(address)
        times.append(_since(started))
    return median(times)


def _since(started: float) -> float:
    return time.perf_counter() - started


if __name__ == "__main__":
    main()

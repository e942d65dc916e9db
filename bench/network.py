"""First paint of the whole network in headless Chromium, beside pyvis' own default page.

    python -m bench.network [longest seconds to wait for pyvis]

For networks of 300 and 2,000 agencies: how long their places and the picture take in Python, and
how long a browser takes from opening the page until there is ink on the canvas: our stand-alone
page, the component in a Streamlit app (warm), and the page of pyvis with its defaults, whose
physics runs first. The floor is a Streamlit app that shows one line. Beside the seconds of the
clock stand those that the page's main thread worked, which a busy machine changes less. All
pages are opened without a network; the seed and so the networks are always the same.
"""

from __future__ import annotations

import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Route, sync_playwright
from pyvis.network import Network as PyvisNetwork

from bench.apps import run_app
from graph.pictures.model import EcomapTie
from graph.pictures.network import (
    Network,
    NetworkAgency,
    make_network_page,
    make_network_picture,
)
from graph.pictures.network_layout import place_agencies
from graph.pictures.notation import FIELDS
from texts import say

GOALS_S: Final = {300: 2.0, 2_000: 5.0}
RUNS: Final = 3
PORT: Final = 8699
BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
FLAGS: Final = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]

# The moment the canvas has ink, in ms since the page was opened.
WATCH: Final = """
const findCanvas = (root) => {
  for (const element of root.querySelectorAll("*")) {
    if (element.tagName === "CANVAS" && element.closest(".vis-network")) return element;
    const inside = element.shadowRoot && findCanvas(element.shadowRoot);
    if (inside) return inside;
  }
};
const watch = setInterval(() => {
  if (document.body?.innerText.includes("only this line")) {
    globalThis.painted = performance.now();
    clearInterval(watch);
    return;
  }
  const canvas = findCanvas(document);
  if (!canvas?.width) return;
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  for (let at = 3; at < data.length; at += 4) {
    if (data[at]) {
      globalThis.painted = performance.now();
      clearInterval(watch);
      return;
    }
  }
}, 40);
"""
APP: Final = """
import streamlit as st
from bench.network import make_network
from graph.pictures.network import make_network_picture
from texts import say
from views.network.component import show_network

@st.cache_resource
def draw(count):
    return make_network_picture(make_network(count), say)

if count := int(st.query_params["count"]):
    show_network(draw(count), key="map", on_choose=lambda: None)
else:
    st.text("only this line")
"""


@dataclass(frozen=True, slots=True)
class Paint:
    """Seconds from opening a page to its first ink, and of work of its main thread till then."""

    seconds: float
    worked: float


def make_network(count: int) -> Network:
    """Return a network of so many agencies: hubs and their followers, two ties each."""
    chance = random.Random(count)  # noqa: S311 - the same network every time, no secret
    fields = sorted(FIELDS)
    agencies = tuple(
        NetworkAgency(
            f"o{number:04}", f"若葉野{number}地域支援センター", None, chance.choice(fields)
        )
        for number in range(count)
    )
    ends = [0]
    ties = []
    for number in range(1, count):
        for other in {chance.choice(ends) for _ in range(2)}:
            quality = chance.choice(("good",) * 8 + ("stressful", "broken"))
            strength = chance.choice(("strong", "normal", "normal", "weak"))
            flow = chance.choice(("out", "in", "both", None))
            ties.append(EcomapTie(f"o{number:04}", f"o{other:04}", strength, quality, flow))
            ends += [number, other]
    return Network("速さ", date(2022, 10, 4), agencies, tuple(ties), "internal")


def make_pyvis_page(network: Network) -> str:
    """Return what a user of pyvis gets without choosing anything but inline scripts."""
    made = PyvisNetwork(cdn_resources="in_line")
    for agency in network.agencies:
        made.add_node(agency.organization_id, label=agency.name)
    for tie in network.ties:
        made.add_edge(tie.source_id, tie.target_id)
    return str(made.generate_html())


def measure_paint(browser: Browser, address: str, longest_s: float) -> Paint | None:
    """Return when the canvas has ink; None when it takes longer than `longest_s`."""
    page = browser.new_page(viewport={"width": 1920, "height": 1080})
    page.route("**/*", _stay_local)
    page.add_init_script(WATCH)
    meter = page.context.new_cdp_session(page)
    meter.send("Performance.enable", {"timeDomain": "threadTicks"})
    until = time.monotonic() + longest_s
    try:
        page.goto(address, wait_until="commit")
        # Asked from here: the policy of our page stops what playwright would poll with.
        while not (painted := page.evaluate("globalThis.painted ?? 0")):
            if time.monotonic() > until:
                return None
            time.sleep(0.1)
        metrics = meter.send("Performance.getMetrics")["metrics"]
        worked = next(each["value"] for each in metrics if each["name"] == "TaskDuration")
        return Paint(painted / 1000, float(worked))
    finally:
        page.close()


def _stay_local(route: Route) -> None:
    if route.request.url.startswith(("file:", "blob:", "data:", f"http://127.0.0.1:{PORT}")):
        route.continue_()
    else:
        route.abort()


def main() -> None:
    """Print a line per size and way."""
    longest_s = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    found = os.environ.get("TSUNAGI_BROWSER") or next(filter(None, map(shutil.which, BROWSERS)))
    with (
        tempfile.TemporaryDirectory() as folder,
        run_component(Path(folder)) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        for count, goal in GOALS_S.items():
            network = make_network(count)
            measure_python(network)
            ours, pyvis = Path(folder) / "ours.html", Path(folder) / "pyvis.html"
            ours.write_text(make_network_page(network, say), encoding="utf-8")
            pyvis.write_text(make_pyvis_page(network), encoding="utf-8")
            app = f"{address}/?count={count}"
            measure_paint(browser, app, longest_s)  # the first one draws the picture
            ways = [("floor: Streamlit", f"{address}/?count=0", RUNS),
                    ("stand-alone page", ours.as_uri(), RUNS), ("in the app", app, RUNS),
                    ("pyvis' defaults", pyvis.as_uri(), 1)]  # fmt: skip
            for way, where, runs in ways:
                times = [measure_paint(browser, where, longest_s) for _ in range(runs)]
                print_paint(count, way, times, goal, longest_s)
        browser.close()


def measure_python(network: Network) -> None:
    """Print how long places and picture take, each anew."""
    ids = [agency.organization_id for agency in network.agencies]
    begun = time.perf_counter()
    places = place_agencies(ids, ((tie.source_id, tie.target_id) for tie in network.ties))
    placed = time.perf_counter()
    make_network_picture(replace(network, places=places), say)
    drawn = time.perf_counter()
    print(f"network {len(ids):>5} agencies {len(network.ties):>5} ties  python: "
          f"places {placed - begun:.2f} s, picture {drawn - placed:.2f} s")  # fmt: skip


def print_paint(
    count: int, way: str, times: list[Paint | None], goal: float, longest_s: float
) -> None:
    """Print the times of one way, those that took too long as such."""
    told = ", ".join(
        f"> {longest_s:g}" if each is None else f"{each.seconds:.2f} ({each.worked:.2f} worked)"
        for each in times
    )
    print(f"network {count:>5} {way:<17} first paint {told} s  goal ≤ {goal:g}", flush=True)


@contextmanager
def run_component(folder: Path) -> Iterator[str]:
    """Run the component in an app of its own and give its address."""
    script = folder / "app.py"
    script.write_text(APP, encoding="utf-8")
    command = ("streamlit", "run", str(script), f"--server.port={PORT}",
               "--server.headless=true", "--server.fileWatcherType=none")  # fmt: skip
    with run_app(command, PORT) as address:
        yield address


if __name__ == "__main__":
    main()

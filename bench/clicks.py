"""From a click on an agency of the ecomap to its details, beside the app's smallest rerun.

    python -m bench.clicks [pairs]

The app runs as a user has it, with the sample, in a browser with two tabs. In the one an agency is
clicked; in the other the smallest page changes between its two parts. Both are done in turn, so
that a busy spell of the machine hits both alike. The clock runs in the browser, from the click
until the name of the agency stands in the panel, and from the other click until the script has
ended. Goal: at most twice the smallest rerun, at the median.
"""

from __future__ import annotations

import os
import shutil
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Page, sync_playwright

from bench.apps import run_app
from graph.engine import server

BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
FLAGS: Final = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PORT: Final = 8698
FEWEST_PAIRS: Final = 15
GOAL: Final = 2.0

CLICK: Final = """
(place) => new Promise((resolve) => {
  const find = (root) => [...root.querySelectorAll("*")].reduce(
    (found, each) => found ?? each.shadowRoot?.querySelector("svg.ecomap") ?? null,
    root.querySelector("svg.ecomap"));
  const title = () => document.querySelector(".st-key-ecomap_panel h3")?.textContent;
  const before = title();
  const cards = [...find(document).querySelectorAll(".card")];
  const begun = performance.now();
  const watch = new MutationObserver(() => {
    if (!title() || title() === before) return;
    watch.disconnect();
    resolve(performance.now() - begun);
  });
  watch.observe(document.body, { subtree: true, childList: true, characterData: true });
  cards[place % cards.length].dispatchEvent(
    new MouseEvent("click", { bubbles: true, composed: true }));
})
"""
# The other of the two parts of 取り込み: a page of a few words, and one choice of it changed.
RERUN: Final = """
() => new Promise((resolve) => {
  const app = document.querySelector("[data-testid=stApp]");
  const parts = document.querySelectorAll("[data-testid=stButtonGroup]")[1];
  window.turn = 1 - (window.turn ?? 0);
  const begun = performance.now();
  let ran = false;
  const watch = new MutationObserver(() => {
    const running = app.dataset.testScriptState === "running";
    ran ||= running;
    if (running || !ran) return;
    watch.disconnect();
    resolve(performance.now() - begun);
  });
  watch.observe(app, { attributes: true });
  parts.querySelectorAll("button")[window.turn].click();
})
"""


def main() -> None:
    """Print the smallest rerun, the click, and their ratio, all in milliseconds."""
    pairs = max(FEWEST_PAIRS, int(sys.argv[1]) if len(sys.argv) > 1 else 0)
    found = os.environ.get("TSUNAGI_BROWSER") or next(filter(None, map(shutil.which, BROWSERS)))
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        run_sample(Path(folder)) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        floor = open_page(browser, f"{address}/upload?date=2022-10-04")
        ecomap = open_page(browser, f"{address}/?date=2022-10-04")
        ecomap.locator("svg.ecomap").wait_for()
        times = measure_pairs(ecomap, floor, pairs)
        browser.close()
    click, rerun = (statistics.median(each) for each in zip(*times, strict=True))
    ratio = statistics.median(one / other for one, other in times)
    worst = max(one for one, _ in times)
    print(f"clicks {len(times)} pairs  click to panel {click:.0f} ms (worst {worst:.0f})  "
          f"smallest rerun {rerun:.0f} ms  ratio {ratio:.2f}  goal ≤ {GOAL:g}")  # fmt: skip


def measure_pairs(ecomap: Page, floor: Page, pairs: int) -> list[tuple[float, float]]:
    """Return milliseconds of a click and of a rerun, pair by pair, after two of each."""
    times: list[tuple[float, float]] = []
    for number in range(pairs + 2):
        ecomap.bring_to_front()
        click = float(ecomap.evaluate(CLICK, number))
        wait_until_ready(ecomap)
        times.append((click, rerun(floor)))
    return times[2:]


def rerun(page: Page) -> float:
    """Run a page again and return the milliseconds."""
    page.bring_to_front()
    taken = float(page.evaluate(RERUN))
    wait_until_ready(page)
    return taken


def open_page(browser: Browser, address: str) -> Page:
    """Open a page of the app and wait until it stands."""
    page = browser.new_page(viewport={"width": 1920, "height": 1080})
    page.goto(address)
    page.locator("[data-testid=stApp]").wait_for()
    wait_until_ready(page)
    return page


def wait_until_ready(page: Page) -> None:
    """Wait until the script has ended and a moment more, for what follows a click by itself."""
    page.wait_for_timeout(300)
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()


@contextmanager
def run_sample(folder: Path) -> Iterator[str]:
    """Run the app with the sample in a folder of its own and give its address."""
    command = ("tsunagi", "run", "--port", str(PORT))
    try:
        with run_app(command, PORT, TSUNAGI_DATA_DIR=str(folder)) as address:
            yield address
    finally:
        server.stop(folder, force=True)


if __name__ == "__main__":
    main()

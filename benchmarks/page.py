"""Time the page with levers in Chromium: `python -m benchmarks.page`.

Wall-clock time; of the answer to a slider also the processor time of the page's thread, which is steadier.
"""

import shutil
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import pujiang

MOVES = 60
MOVE = """
async (moves) => {
  const slider = document.getElementById("lever-exit_window");
  const taken = [];
  for (let k = 0; k < moves; k++) {
    const start = performance.now();
    slider.value = (k % 50) / 50;
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    await new Promise((done) => requestAnimationFrame(() => {
      const channel = new MessageChannel(); // its message comes after the frame is drawn
      channel.port1.onmessage = done;
      channel.port2.postMessage(0);
    }));
    taken.push(performance.now() - start);
  }
  slider.dispatchEvent(new Event("change", { bubbles: true }));
  return taken;
}
"""


def main() -> None:
    """Print size, first fan, answers to a slider, fans of two cases."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    assert chromium is not None, "no Chromium here"
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        file = Path(folder) / "page.html"
        file.write_text(pujiang.page(), encoding="utf-8")
        print(f"file: {file.stat().st_size / 1e6:.2f} MB")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        start = time.perf_counter()
        page.goto(file.as_uri())
        _wait(page)
        print(f"opened, 200 members of the baseline: {time.perf_counter() - start:.2f} s")
        _moves(page)
        for first, second in (("new_core", "talent_first"), ("exit_drought", "fifteenth_plan")):
            page.evaluate("(link) => { location.hash = link; }", f"scenario={first}&against.scenario={second}")
            start = time.perf_counter()
            page.wait_for_timeout(50)
            _wait(page)
            print(f"200 members of two new cases: {time.perf_counter() - start:.2f} s")
        browser.close()


def _moves(page: Any) -> None:
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.evaluate(MOVE, MOVES)
    _wait(page)
    before = _thread_seconds(session)
    taken = page.evaluate(MOVE, MOVES)
    spent = 1000 * (_thread_seconds(session) - before) / MOVES
    print(f"answer to a slider: median {statistics.median(taken):.1f} ms, longest {max(taken):.0f} ms, ", end="")
    print(f"processor time of the page {spent:.1f} ms")
    _wait(page)


def _thread_seconds(session: Any) -> float:
    found = {metric["name"]: metric["value"] for metric in session.send("Performance.getMetrics")["metrics"]}
    return float(found["TaskDuration"])


def _wait(page: Any) -> None:
    page.wait_for_timeout(150)
    page.locator("#progress-bar").wait_for(state="hidden", timeout=120_000)


if __name__ == "__main__":
    main()

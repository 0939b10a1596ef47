"""Takes the README's picture of the session's page: `python tests/page/pictures.py`."""

import sys
import tempfile
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1]))

from browsing import FLAGS, SESSION
from playwright.sync_api import sync_playwright
from served import Served

FOLDER = Path(__file__).parents[2] / ".github"


def main() -> None:
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        served = Served(Path(home))
        served.passed_safety()
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=list(FLAGS))
        page = browser.new_page(viewport={"width": 1280, "height": 720}, color_scheme="dark", reduced_motion="reduce")
        page.goto(served.address("/stretch?routine=wall-calf-single"))
        page.click("#start")
        page.wait_for_selector(SESSION)
        served.pass_s(20)
        page.wait_for_selector("body[data-kind=hold]")
        page.wait_for_timeout(600)  # the colour of the background fades over
        page.screenshot(path=FOLDER / "page-session.png")
        browser.close()
        served.stop()


if __name__ == "__main__":
    main()

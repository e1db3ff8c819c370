"""The page as a browser has it: no request, no error, no barrier; keyboard, phone and print.

Needs Chromium on the path. Where there is none these are skipped, but not where `CI` is set.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from sim.api import Run, Sweep
from sim.report.page import write_page
from sim.report.page.explore import write_explorer

AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
WIDTHS = {"desktop": 1120, "phone": 390}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        missing = f"none of {', '.join(BROWSERS)} is on the path"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    with sync_playwright() as driver:
        yield driver.chromium.launch(executable_path=found, args=["--no-sandbox"])


@pytest.fixture(scope="module")
def address(hostile: Run) -> str:
    return write_page(hostile).as_uri()


@contextmanager
def opened(browser: Browser, address: str) -> Iterator[Page]:
    """A page on a wide screen, without network; whatever it asks for or complains of fails."""
    page = browser.new_page(viewport={"width": WIDTHS["desktop"], "height": 900})
    page.context.set_offline(True)
    noticed: list[str] = []
    page.on("request", lambda one: noticed.append(f"asks for {one.url}"))
    page.on("console", lambda one: noticed.append(f"says {one.text}"))
    page.on("pageerror", lambda one: noticed.append(f"fails: {one}"))
    page.goto(address)
    yield page
    assert noticed == [f"asks for {address}"]
    page.close()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    with opened(browser, address) as page:
        yield page


@pytest.fixture
def explorer(browser: Browser, tried: Sweep) -> Iterator[Page]:
    with opened(browser, write_explorer(tried).as_uri()) as page:
        yield page


def barriers(page: Page, width: int) -> list[str]:
    """What axe finds at a width, and text that runs out of the side."""
    page.set_viewport_size({"width": width, "height": 900})
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    wide = page.evaluate("document.documentElement.scrollWidth")
    page.context.new_cdp_session(page).send("Page.setBypassCSP", {"enabled": True})
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run()")
    assert len(found["passes"]) > 15
    told = [f"{one['id']}: {one['nodes'][0]['html']}" for one in found["violations"]]
    return told + ([f"{wide} wide"] if wide != width else [])


def test_hostile_words_do_nothing(page: Page):
    assert page.evaluate("window.struck") is None
    assert page.locator("img").count() == 0
    assert "window.struck = 1" in page.locator("header").inner_text()


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
def test_nobody_is_kept_out_and_no_text_runs_out_of_the_side(
    page: Page, explorer: Page, width: int
):
    assert barriers(page, width) == []
    assert barriers(explorer, width) == []


def test_a_table_is_sorted_by_the_keyboard_and_says_so(page: Page):
    table = page.locator("#completion table[data-sorts]")
    head = table.locator("th[scope=col]").nth(1)
    head.get_by_role("button").focus()

    page.keyboard.press("Enter")
    rising = table.locator("tbody tr td:nth-child(2)").all_inner_texts()
    up = head.get_attribute("aria-sort")
    page.keyboard.press("Enter")
    falling = table.locator("tbody tr td:nth-child(2)").all_inner_texts()

    assert (up, head.get_attribute("aria-sort")) == ("ascending", "descending")
    assert rising == falling[::-1]
    assert [float(one) for one in rising] == sorted(float(one) for one in rising)


def test_a_search_leaves_the_rows_that_hold_it_and_counts_them(page: Page):
    section = page.locator("#rests")
    section.locator("summary").click()

    section.get_by_role("searchbox").fill("nowhere to be found")

    assert section.locator("output").inner_text() == "0 of 2 rows"
    assert not section.locator("tbody tr").first.is_visible()


def test_a_quarter_is_read_off_by_the_arrow_keys(page: Page):
    field = page.locator(".reader input")
    field.focus()
    before = page.locator(".reader output").inner_text()

    page.keyboard.press("ArrowRight")

    after = page.locator(".reader output").inner_text()
    assert before.startswith("End of March 2029: committed ")
    assert after.startswith("End of June 2029: committed ")


def test_it_prints_on_at_most_eight_pages(page: Page):
    printed = page.pdf(prefer_css_page_size=True)

    assert 1 <= len(re.findall(rb"/Type\s*/Page\b", printed)) <= 8


def test_an_explorer_answers_for_the_levels_chosen_and_keeps_them_in_its_address(explorer: Page):
    assert explorer.locator("#where").inner_text() == "This is the base."
    assert explorer.locator("#command").inner_text().endswith("config.yaml")

    explorer.locator("input[type=range]").nth(1).focus()
    explorer.keyboard.press("ArrowLeft")

    assert explorer.url.endswith("#1,0")
    assert explorer.locator("#where").inner_text().startswith("Compared with the base")
    words = explorer.locator("#answers tbody td:nth-child(5)").all_inner_texts()
    changes = explorer.locator("#answers tbody td:nth-child(4)").all_inner_texts()
    assert set(words) <= {"clear", "undecided", "equal"}
    assert [one == "equal" for one in words] == [one == "0" for one in changes]
    assert (
        explorer.locator("#command")
        .inner_text()
        .endswith("""config.yaml --set 'capacity.facilities.jbic={"desks":1}'""")
    )
    assert explorer.locator("figure svg circle").count() == 2
    assert explorer.evaluate("window.struck") is None
    explorer.get_by_role("button", name="Back to the base").click()
    assert explorer.locator("#where").inner_text() == "This is the base."

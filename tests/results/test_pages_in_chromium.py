"""Pages as a browser shows them. Without Chromium these tests skip and say so."""

import pytest

from car_classifier.base.files import write_json
from results.comparison_page import write_comparison_page
from results.search_report import write_search_report
from tests.results.chromium import PROGRAM, Chromium
from tests.results.synthetic_run import make_run
from tests.results.synthetic_search import make_search
from tests.results.test_comparison_page import content
from tests.results.test_run_report import write

pytestmark = [pytest.mark.slow, pytest.mark.skipif(PROGRAM is None, reason="Chromium is not installed")]
KINDS = ("run", "search", "comparison")


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    with Chromium(tmp_path_factory.mktemp("profile")) as browser:
        yield browser


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """Folder of each kind of page; that of the run has 196 classes."""
    folders = {kind: tmp_path_factory.mktemp(kind) for kind in KINDS}
    write(make_run(folders["run"], num_classes=196, num_pictures=600), folders["run"])
    write_search_report(make_search(50), folders["search"])
    write_json(folders["comparison"] / "comparison.json", content(0.018, distinguishable=True))
    write_comparison_page(folders["comparison"])
    return {kind: folder / "report.html" for kind, folder in folders.items()}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("width", [400, 1200])
def test_page_opens_without_complaint_and_is_no_wider_than_the_screen(browser, pages, kind, width):
    browser.open(pages[kind], width=width)
    assert browser.messages == []
    assert browser.run("document.documentElement.scrollWidth") <= width


def test_every_picture_shows(browser, pages):
    browser.open(pages["run"])
    shown = browser.run(
        "Promise.all([...document.images].map((image) => { image.loading = 'eager'; return image.decode(); }))"
        ".then(() => [...document.images].filter((image) => image.naturalWidth > 1).length)"
    )
    assert shown == browser.run("document.images.length") > 60


def test_a_click_sorts_and_another_turns_the_order_around(browser, pages):
    browser.open(pages["run"])
    table = "[...document.querySelectorAll('table.sortable')].find((table) => table.rows.length > 190)"
    keys = f"[...{table}.tBodies[0].rows].map((row) => Number(row.cells[1].dataset.key)).filter(Number.isFinite)"
    orders = []
    for expected in ("ascending", "descending"):
        browser.run(f"{table}.tHead.rows[0].cells[1].firstElementChild.click()")
        orders.append(browser.run(keys))
        assert browser.run(f"{table}.tHead.rows[0].cells[1].ariaSort") == expected
    assert orders[0] == sorted(orders[0]) and orders[1] == sorted(orders[1], reverse=True) and orders[0] != orders[1]


def test_the_field_finds_a_class(browser, pages):
    browser.open(pages["run"])
    browser.run("(() => { const field = document.querySelector('.filter'); field.value = 'model 195 SEDAN';"
                " field.dispatchEvent(new Event('input')); })()")
    rows = "[...document.querySelectorAll('table.sortable tbody tr')].filter((row) => row.closest('.tall') && !row.hidden)"
    assert browser.run(f"{rows}.map((row) => row.cells[0].textContent)") == ["Make 6 Model 195 Sedan 2012"]


def test_paper_shows_what_is_folded_on_the_screen(browser, pages):
    browser.open(pages["run"])
    assert browser.run("document.querySelectorAll('details[open]').length") == 0
    assert len(browser.ask("Page.printToPDF", preferCSSPageSize=True)["data"]) > 10_000
    assert browser.run("document.querySelectorAll('details:not([open])').length") == 0


def test_dark_is_dark(browser, pages):
    colours = []
    for dark in (False, True):
        browser.open(pages["run"], dark=dark)
        colours.append(browser.run("getComputedStyle(document.body).backgroundColor"))
    assert colours[0] == "rgb(246, 247, 248)" and colours[1] == "rgb(16, 20, 23)"

# SPDX-License-Identifier: MIT
"""report_page.py CHROMIUM REPORT FOLDER [SOLIDS]: opens a page of report_program in Chromium and clicks
through it, and through a page of wrong_solids.py's predictions. Prints TAP; screenshots go to the folder."""
import sys
import tempfile

from chromium import Chromium

VISIBLE = "document.querySelectorAll('.case:not([hidden])').length"
ALL = "document.querySelectorAll('.case').length"
IDS = "[...document.querySelectorAll('.case:not([hidden])')].map(e => e.dataset.id)"
AGREEMENT = "[...document.querySelectorAll('.case:not([hidden])')].map(e => +e.dataset.agreement)"

FOCUS = "document.activeElement.dataset.id"

count = 0
failed = False


def check(name, holds, *more):
    global count, failed
    count += 1
    print("ok" if holds else "not ok", count, "-", name, flush=True)
    if not holds:
        failed = True
        for line in more:
            print("#", line)


def choose(browser, name, value):
    """What picking it from the list ends in."""
    browser.value("""(() => {
        const select = document.getElementById('filters').elements[%r];
        select.value = %r;
        select.dispatchEvent(new Event('input', {bubbles: true}));
    })()""" % (name, value))


def clear(browser):
    browser.click("#filters button[type=reset]")
    browser.value("new Promise(done => setTimeout(done, 20))")


def check_load(browser):
    check("cases are shown", browser.value(VISIBLE) == browser.value(ALL) > 20)
    check("and counted", browser.value("shown.textContent") == "%d cases" % browser.value(ALL))
    check("pictures are there", browser.value("""(async () => {
        const image = document.querySelector('.case img');
        await image.decode();
        return image.naturalWidth > 100 && document.querySelector('img.curves').naturalWidth > 100;
    })()"""))
    check("overlays are drawn",
          browser.value("document.querySelector('svg .truth:not(.hidden)').getBBox().width") > 10)
    agreement = browser.value(AGREEMENT)
    check("the worst come first", agreement == sorted(agreement))


# Names and values of filters, and what they let through.
DRAWN = (
    ("by family", "plate", "groupsOf(e).get('family') === 'plate'"),
    ("reading", "exact", "e.dataset.reading === 'exact'"),
    ("reading", "not-valid", "['program', 'unread'].includes(e.dataset.reading)"),
    ("error", "unread", "e.dataset.reading === 'unread'"),
    ("set", "random", "e.dataset.sets.includes('random')"))
SOLID = (
    ("by kind", "extrudes", "groupsOf(e).get('kind') === 'extrudes'"),
    ("reading", "exact", "e.dataset.reading === 'exact'"),
    ("error", "no-solid", "e.dataset.reading === 'program'"),
    ("error", "silent", "e.querySelector('.mark').textContent === 'no prediction'"))


def check_filters(browser, filters):
    everything = browser.value(ALL)
    for name, value, holds in filters:
        choose(browser, name, value)
        visible = browser.value(VISIBLE)
        right = browser.value(
            "[...document.querySelectorAll('.case')].every(e => e.hidden !== (%s))" % holds)
        check("%s: %s" % (name, value), 0 < visible < everything and right, visible)
        choose(browser, name, "")
    choose(browser, "reading", "exact")
    clear(browser)
    check("Clear shows all again", browser.value(VISIBLE) == everything)


def check_groups(browser):
    everything = browser.value(ALL)
    check("a select for every group",
          browser.value("document.querySelectorAll('#more-filters select').length") == 3)
    browser.value("""(() => {
        const select = document.querySelectorAll('#more-filters select')[2];
        select.selectedIndex = 1;
        select.dispatchEvent(new Event('input', {bubbles: true}));
    })()""")
    check("which filters", 0 < browser.value(VISIBLE) < everything)
    clear(browser)


def check_picks(browser):
    everything = browser.value(ALL)
    key = browser.value("document.querySelector('.digits .pick').dataset.error")
    browser.click(".digits .pick")
    check("a click on a confusion filters", 0 < browser.value(VISIBLE) < everything)
    check("to cases with it", browser.value(
        "[...document.querySelectorAll('.case:not([hidden])')]"
        ".every(e => e.dataset.errors.split(' ').includes('%s'))" % key), key)
    check("and is pressed",
          browser.value("document.querySelector('.digits .pick').ariaPressed") == "true")
    check("and says so in the list", browser.value("filters.elements.error.value") == key)
    browser.screenshot(sys.argv[3] + "/picked.png")
    browser.click(".digits .pick")
    check("a second click takes it back", browser.value(VISIBLE) == everything)
    browser.click(".kinds .pick")
    check("a click on a missed shape filters", 0 < browser.value(VISIBLE) < everything)
    browser.click(".by .pick")
    check("a click on a group, too", browser.value("filters.elements['by family'].value") ==
          browser.value("document.querySelector('.by .pick').dataset.is"))
    clear(browser)
    browser.value("document.querySelector('.digits .pick').focus()")
    browser.press("ArrowDown")
    check("arrows go from digit to digit", browser.value(
        "document.activeElement.matches('.digits .pick') &&"
        " document.activeElement !== document.querySelector('.digits .pick')"))


def check_fault_picks(browser):
    everything = browser.value(ALL)
    key = browser.value("document.querySelector('.faults .pick').dataset.error")
    browser.click(".faults .pick")
    check("a click on a fault filters", 0 < browser.value(VISIBLE) < everything)
    check("to cases with it", browser.value(
        "[...document.querySelectorAll('.case:not([hidden])')]"
        ".every(e => e.dataset.errors.split(' ').includes('%s'))" % key), key)
    check("as many as the table says", browser.value(VISIBLE) ==
          browser.value("+document.querySelector('.faults .pick').textContent"))
    browser.click(".faults .pick")
    check("a second click takes it back", browser.value(VISIBLE) == everything)
    browser.click(".by .pick")
    check("a click on a group filters, too", 0 < browser.value(VISIBLE) < everything)
    clear(browser)


def check_folds(browser):
    choose(browser, "error", "numbers")
    place = "document.querySelector('.case:not([hidden]) .diff details')"
    check("equal lines are folded away", browser.value(place + ".open") is False)
    browser.click(".case:not([hidden]) .diff details summary")
    check("a click shows them", browser.value(
        place + ".querySelector('li').getBoundingClientRect().height") > 5)
    clear(browser)


def check_search(browser, word):
    some_id = browser.value(IDS)[3]
    browser.value("document.activeElement.blur()")
    browser.press("/", "Slash")
    check("/ goes to the search", browser.value("document.activeElement.name") == "text")
    browser.type(some_id)
    check("an id finds its case", browser.value(IDS) == [some_id], browser.value(IDS))
    browser.press("Escape")
    browser.value("new Promise(done => setTimeout(done, 20))")
    check("Escape clears", browser.value(VISIBLE) == browser.value(ALL))
    browser.click("#filters input")
    browser.type(word)
    check("so does a word of programs or reasons", 0 < browser.value(VISIBLE) < browser.value(ALL))
    clear(browser)
    browser.click("#filters input")
    browser.type("no such text")
    check("what is nowhere finds nothing", browser.value(VISIBLE) == 0)
    clear(browser)


def check_order(browser):
    choose(browser, "order", "best")
    agreement = browser.value(AGREEMENT)
    check("best first", agreement == sorted(agreement, reverse=True))
    choose(browser, "order", "id")
    ids = browser.value(IDS)
    check("by id", ids == sorted(ids))
    choose(browser, "order", "random")
    check("random order is another", browser.value(IDS) not in (ids, ids[::-1]))
    check("of the same cases", sorted(browser.value(IDS)) == ids)
    clear(browser)
    agreement = browser.value(AGREEMENT)
    check("the worst first again", agreement == sorted(agreement))


def check_keys(browser):
    browser.value("document.activeElement.blur()")
    browser.press("j", "KeyJ")
    browser.press("j", "KeyJ")
    check("j goes on by a case", browser.value(FOCUS) == browser.value(IDS)[1])
    browser.press("k", "KeyK")
    check("k goes back", browser.value(FOCUS) == browser.value(IDS)[0])
    browser.press("Enter")
    check("Enter enlarges the drawing",
          browser.value("large.open && large.firstChild.tagName") == "IMG")
    browser.screenshot(sys.argv[3] + "/enlarged.png")
    browser.press("Escape")
    check("Escape closes it", browser.value("large.open") is False)
    browser.click(".case .zoom")
    check("so does a click", browser.value("large.open") is True)
    browser.click("#large")
    check("which closes it, too", browser.value("large.open") is False)


def luminance(browser):
    colour = browser.value("getComputedStyle(document.body).backgroundColor")
    return sum(int(part) for part in colour[4:-1].split(",")) / 3


def check_looks(browser, folder):
    """folder: with the beginning of the files' names."""
    browser.value("scrollTo(0, 0)")
    check("light", luminance(browser) > 200)
    browser.screenshot(folder + "light.png")
    browser.dark(True)
    check("dark", luminance(browser) < 60)
    browser.screenshot(folder + "dark.png")
    browser.value("document.getElementById('cases').scrollIntoView()")
    browser.screenshot(folder + "dark-cases.png")
    browser.dark(False)
    browser.screenshot(folder + "light-cases.png")
    for width in (1400, 420):
        browser.resize(width, 900)
        browser.value("new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
        check("nothing is wider than %d pixels" % width,
              browser.value("document.documentElement.scrollWidth") <= width)
        check("a case has room at %d pixels" % width,
              browser.value("document.querySelector('.views').getBoundingClientRect().width") > 300)
    browser.screenshot(folder + "narrow-cases.png")
    browser.value("scrollTo(0, 0)")
    browser.screenshot(folder + "narrow.png")


def check_access(browser):
    check("every input has a label", browser.value(
        "[...document.querySelectorAll('input, select')].every(e => e.labels.length === 1)"))
    check("every button has a name", browser.value(
        "[...document.querySelectorAll('button')]"
        ".every(e => e.textContent.trim() || e.ariaLabel)"))
    check("every id is one", browser.value(
        "(ids => new Set(ids).size === ids.length)("
        "[...document.querySelectorAll('[id]')].map(e => e.id))"))
    check("links lead somewhere", browser.value(
        "[...document.querySelectorAll('nav a')]"
        ".every(e => document.querySelector(e.getAttribute('href')))"))


def check_page(browser, filters, picks, word, names):
    check_load(browser)
    check_filters(browser, filters)
    for pick in picks:
        pick(browser)
    check_search(browser, word)
    check_order(browser)
    check_keys(browser)
    check_looks(browser, names)
    check_access(browser)
    check("the browser complains of nothing", not browser.complaints, *browser.complaints[:10])


def main():
    program, report, folder = sys.argv[1:4]
    with tempfile.TemporaryDirectory() as profile, Chromium(program, profile) as browser:
        browser.open("file://" + report, 1400, 900)
        check_page(browser, DRAWN, [check_groups, check_picks], "POLYGON", folder + "/")
        for solids in sys.argv[4:]:
            browser.open("file://" + solids, 1400, 900)
            check_page(browser, SOLID, [check_fault_picks, check_folds], "EXPECTED",
                       folder + "/solids-")
        # The gathering of complaints sees what there is.
        browser.value("setTimeout(() => { throw new Error('seen') })")
        browser.value("fetch('http://localhost:1/').catch(() => 0)")
        browser.value("new Promise(done => setTimeout(done, 50))")
        check("it would", any("seen" in line for line in browser.complaints) and
              any("Content Security Policy" in line for line in browser.complaints),
              *browser.complaints)
    print("1..%d" % count)
    return failed


sys.exit(main())

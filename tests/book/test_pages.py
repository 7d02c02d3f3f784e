"""The rendered book as a reader has it: opened from the disk in a browser, in both themes, without network."""

import re

import pytest

pytest.importorskip("playwright")

from small_book import NASTY, RUN

LOWEST_CONTRAST = 4.5

# The lowest contrast of visible text to what lies behind it, by WCAG's formula, and the text that has it.
CONTRAST = """() => {
  const parse = (text) => { const n = text.match(/[\\d.]+/g).map(Number); return n.length < 4 ? [...n, 1] : n; };
  const light = (c) => c.slice(0, 3).map(v => v / 255).map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
  const over = (top, below) => top.slice(0, 3).map((v, i) => v * top[3] + below[i] * (1 - top[3]));
  const behind = (node) => {
    const layers = [];
    for (let n = node; n; n = n.parentElement) {
      const colour = parse(getComputedStyle(n).backgroundColor);
      if (colour[3]) layers.push(colour);
      if (colour[3] === 1) break;
    }
    return layers.reverse().reduce((below, top) => over(top, below), [255, 255, 255]);
  };
  let worst = [99, ''];
  const walker = document.createTreeWalker(document.querySelector('.bd-article'), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement, text = walker.currentNode.textContent.trim();
    if (!text || !node.checkVisibility({opacityProperty: true, visibilityProperty: true})) continue;
    if (node.closest('svg, script, style, .headerlink, mjx-container, button.copybtn')) continue;
    const ground = behind(node), ink = over(parse(getComputedStyle(node).color), ground);
    const [a, b] = [light(ink), light(ground)].sort((x, y) => y - x), ratio = (a + .05) / (b + .05);
    if (ratio < worst[0]) worst = [ratio, text.slice(0, 60)];
  }
  return worst;
}"""


class Reader:
    """A browser tab on the book that notes errors, and every request that leaves the disk."""

    def __init__(self, browser, book, theme="light", width=1280):
        self.book, self.page = book, browser.new_page()
        self.page.set_viewport_size({"width": width, "height": 800})
        self.page.add_init_script(f"localStorage.setItem('mode', '{theme}'); localStorage.setItem('theme', '{theme}')")
        self.errors, self.outside = [], []
        self.page.on("console", lambda note: self.errors.append(note.text) if note.type == "error" else None)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("dialog", lambda box: (self.errors.append(f"dialog {box.message}"), box.dismiss()))
        self.page.on("requestfailed", self.note_failure)
        self.page.on("request", self.note)

    def note(self, request):
        if not request.url.startswith(("file:", "data:", "blob:")):
            self.outside.append(request.url)

    def note_failure(self, request):
        if request.failure != "net::ERR_ABORTED":  # a page that one left before it was loaded
            self.errors.append(f"{request.failure}: {request.url[:100]}")

    def open(self, name):
        self.page.goto((self.book / f"{name}.html").as_uri())
        return self.page


@pytest.fixture
def reader(browser, book):
    opened = []

    def make(**options):
        opened.append(Reader(browser, book, **options))
        return opened[-1]

    yield make
    for each in opened:
        each.page.close()


@pytest.fixture
def page(reader):
    """The page of a run, whose errors are looked at when the test is over."""
    read = reader()
    yield read.open(RUN)
    assert read.errors == []
    assert read.outside == []


def sounding(page, number=0):
    return page.locator(".vgsnb-player").nth(number)


def time_of(player):
    return float(player.get_attribute("data-time"))


def wait_until(page, player, condition):
    page.wait_for_function(f"(root) => {{ const time = Number(root.dataset.time), playing = 'playing' in root.dataset;"
                           f" return {condition}; }}", arg=player.element_handle(), timeout=5000)  # fmt: skip


def test_no_page_has_an_error_or_asks_for_anything_outside(reader, book):
    read = reader()
    names = [path.relative_to(book).with_suffix("").as_posix() for path in sorted(book.rglob("*.html"))]
    names = [name for name in names if not name.startswith("_static/")]  # a template of the theme lies there
    assert {"index", "search", "book/hearing", RUN} <= set(names)
    read.open("index")
    read.page.wait_for_url("**/introduction.html")
    for name in set(names) - {"index"}:
        read.open(name)
    read.page.wait_for_timeout(200)
    assert read.errors == []
    assert read.outside == []


def test_the_search_finds_pages_without_a_server(reader, book):
    read = reader()
    read.page.goto((book / "search.html").as_uri() + "?q=attention")
    read.page.get_by_role("link", name="Hearing words: four architectures").last.wait_for()
    read.page.wait_for_timeout(300)
    assert read.errors == []


def test_formulas_are_drawn(reader):
    page = reader().open("book/hearing")
    page.wait_for_selector("mjx-container svg")
    page.wait_for_function(
        "document.querySelectorAll('.math').length <= document.querySelectorAll('mjx-container').length"
    )
    assert page.locator("[data-mml-node=merror]").count() == 0
    assert page.locator(".eqno").count() == 5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", [RUN, "book/hearing", "book/introduction", "book/measuring", "book/glossary"])
def test_text_can_be_read_in_both_themes(reader, theme, name):
    page = reader(theme=theme).open(name)
    assert page.evaluate("document.documentElement.dataset.theme") == theme
    for details in page.locator("details").all():
        details.evaluate("node => node.open = true")
    ratio, text = page.evaluate(CONTRAST)
    assert ratio >= LOWEST_CONTRAST, text


def test_player_and_page_are_dark_together(reader):
    grounds = {}
    for theme in ("light", "dark"):
        page = reader(theme=theme).open(RUN)
        grounds[theme] = sounding(page).evaluate("node => getComputedStyle(node).backgroundColor")
        page.evaluate("document.documentElement.dataset.theme = 'dark'")
        assert sounding(page).evaluate("node => getComputedStyle(node).backgroundColor") == "rgb(23, 27, 33)"
    assert grounds == {"light": "rgb(255, 255, 255)", "dark": "rgb(23, 27, 33)"}


@pytest.mark.parametrize("name", [RUN, "book/introduction", "book/corpus", "book/hearing", "book/localisation"])
def test_on_a_phone_nothing_sticks_out(reader, name):
    page = reader(width=390).open(name)
    page.wait_for_timeout(300)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_clicked_word_plays_from_its_start_and_stops_at_its_end(page):
    player = sounding(page)
    player.get_by_role("button", name="dog").click()
    wait_until(page, player, "playing && time > 1.02")
    assert 1.0 <= time_of(player) <= 1.4
    wait_until(page, player, "!playing")
    assert time_of(player) == pytest.approx(1.4, abs=0.02)


def test_with_shift_it_plays_on(page):
    player = sounding(page)
    player.get_by_role("button", name="dog").click(modifiers=["Shift"])
    wait_until(page, player, "playing && time > 1.5")


def test_the_strip_and_the_waveform_play_from_where_they_are_clicked(page):
    player = sounding(page)
    for part in (".vgsnb-wave", ".vgsnb-strip"):
        box = player.locator(part).bounding_box()
        player.locator(part).click(position={"x": box["width"] * 0.5, "y": 3})
        wait_until(page, player, "playing && time > 1.32")
        assert time_of(player) < 2.0
        player.get_by_role("button", name="Pause").click()
        held = time_of(player)
        page.wait_for_timeout(120)
        assert time_of(player) == held


def test_one_player_at_a_time(page):
    first, second = sounding(page), sounding(page, 1)
    first.get_by_role("button", name="Play").click()
    wait_until(page, first, "playing && time > 0.02")
    second.get_by_role("button", name="Play").click()
    wait_until(page, second, "playing && time > 0.02")
    assert first.get_attribute("data-playing") is None


def test_everything_can_be_done_with_keys(page):
    player = sounding(page)
    player.get_by_role("slider").focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    assert player.get_by_role("slider").get_attribute("aria-valuenow") == "0.50"
    assert "black" in player.get_by_role("slider").get_attribute("aria-valuetext")
    page.keyboard.press("Enter")
    wait_until(page, player, "playing && time > 0.52")
    page.keyboard.press("Enter")
    wait_until(page, player, "!playing")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "a"
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.textContent") == "dog"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Space")
    wait_until(page, player, "playing && time > 1.02 && time < 1.4")


def test_the_keyword_chosen_is_shown(page):
    player = sounding(page)
    assert "in the word “dog”: right" in player.locator(".vgsnb-report").text_content()
    assert player.locator(".vgsnb-word.is-keyword").text_content() == "dog"
    place = player.locator(".vgsnb-place")
    assert "is-right" in place.get_attribute("class")
    word = player.get_by_role("button", name="dog").bounding_box()
    assert place.bounding_box()["x"] == pytest.approx(word["x"], abs=2)
    player.get_by_role("combobox").select_option(label="black")
    assert "“black”, detection score 0.60" in player.locator(".vgsnb-report").text_content()
    assert "in the word “dog”: wrong" in player.locator(".vgsnb-report").text_content()
    assert "is-right" not in place.get_attribute("class")


def test_the_strip_is_fullest_where_the_scores_are_highest(page):
    fullest = sounding(page).locator(".vgsnb-strip").evaluate(
        """svg => [...svg.children].sort((a, b) => b.getAttribute('fill-opacity') - a.getAttribute('fill-opacity'))[0]
          .getAttribute('x') / svg.viewBox.baseVal.width"""
    )  # fmt: skip
    assert fullest * 2.6 == pytest.approx(1.2, abs=0.03)


def test_the_sound_is_where_the_words_say(page):
    onsets = sounding(page).evaluate(
        """async (root) => {
          await root.vgsnb.sound();
          const sound = root.vgsnb.samples, values = sound.getChannelData(0), found = [];
          for (let i = 0, last = -1e9; i < values.length; i++) if (Math.abs(values[i]) > .2) {
            if (i - last > .03 * sound.sampleRate) found.push(i / sound.sampleRate - root.vgsnb.lead);
            last = i;
          }
          return found;
        }"""
    )
    assert onsets == pytest.approx([0.30, 0.40, 1.00, 1.45, 2.0], abs=0.01)


def test_nothing_of_a_corpus_becomes_markup(page):
    player = sounding(page)
    assert player.locator(".vgsnb-title").text_content() == f"Utterance {NASTY}"
    assert player.locator(".vgsnb-word").last.text_content() == NASTY
    assert player.locator("img").count() == 1


def test_the_table_says_the_same(page):
    table = sounding(page).locator("details")
    table.locator("summary").click()
    rows = [re.sub(r"\s+", " ", row) for row in table.locator("tr").all_text_contents()]
    assert "dog1.001.40" in rows
    assert "dog0.9001.201.001.40dog" in rows


def test_pictures_have_words(page):
    texts = page.locator(".bd-article img").evaluate_all("images => images.map(image => image.alt)")
    assert set(texts) == {"A blue square", "Loss by epoch"}


def test_without_script_sound_and_table_remain(reader, book):
    text = (book / f"{RUN}.html").read_text()
    (book / f"{RUN}-quiet.html").write_text(re.sub(r"<script\b.*?</script>", "", text, flags=re.S))
    page = reader().open(f"{RUN}-quiet")
    assert sounding(page).locator("audio").is_visible()
    sounding(page).locator("summary").click()
    assert sounding(page).get_by_text("Keywords").is_visible()

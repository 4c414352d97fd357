"""The page needs nothing but itself, the figures say what they show, the words say the truth."""

import io
import json
import re
from dataclasses import replace
from pathlib import Path

import altair as alt
import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from rich.console import Console
from typer.testing import CliRunner

from sim.commands.program import app
from sim.config.loading import load
from sim.evidence.facts import load_facts
from sim.experiments.assumptions import assumptions
from sim.operator.discovery import LEVERS
from sim.report import answer, embedding, outcomes, own_words, slides, style, tables
from sim.report.figures import GALLERY, exhibits
from sim.report.interactive import Drawing
from sim.report.page import SECTIONS, Beside, rendered, write_page
from sim.report.palette import REFERENCE_COLOUR, looks
from sim.report.reading import read_comparison
from sim.report.terminal import comparison_table
from sim.report.words import LANGUAGES, Words, texts
from sim.store.runs import ResultsError, verify, whole_folder
from tests.comparison_example import STRATEGIES
from tests.shipped import SHIPPED
from tests.stored_comparison import write_comparison

EN, ZH = Words("en"), Words("zh")
CHURN = "churn_rate_365d"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("results") / "compare" / "baseline-0"
    return write_comparison(place, title="A <title> & more")


@pytest.fixture(scope="module")
def page(folder):
    return write_page(folder).read_text(encoding="utf-8")


def text_of(folder, words=EN):
    """The page without the slides, which take long."""
    comparison = read_comparison(folder)
    made = exhibits(comparison, words)
    return rendered(comparison, made, words, Beside({exhibit.name for exhibit in made}))


def own_text(page):
    """What the page says, without the library it carries."""
    return re.sub(r"<script>.*?</script>", "", page, flags=re.S)


def drawings(page):
    found = re.search(r'<script type="application/json" id="drawings">(.*?)</script>', page, re.S)
    return json.loads(found[1])["drawings"]


def test_page_is_self_contained(page):
    text = own_text(page)
    links = re.findall(r'(?:src|href)="([^"]*)"', text)
    assert links
    assert all(link.startswith(("data:", "#")) for link in links)
    assert not re.search(r"https?://|url\(|@import", text)
    assert page.count("window.vegaEmbed=") == 1
    assert len(page) < 5_000_000


def test_captions_name_the_slides_that_lie_beside_the_page(page, folder):
    there = {path.stem for path in (folder / "figures").glob("*.png")}
    assert set(re.findall(r"figures/(\w+)\.png", own_text(page))) == there
    comparison = read_comparison(folder)
    few = own_text(rendered(comparison, exhibits(comparison, EN), EN, Beside({"levels"})))
    assert set(re.findall(r"figures/(\w+)\.png", few)) == {"levels"}
    assert few.count(EN("page.no_slides")) == len(there) - 1


def test_an_interval_of_a_share_ends_at_none_and_all():
    assert EN.level(0.1, -0.02, 0.22, "share") == ("10.0%", "0.0 to 22.0%")
    assert EN.level(0.9, 0.7, 1.1, "share")[1] == "70.0 to 100.0%"
    assert EN.level(0.1, -0.02, 0.22, "yuan") == ("0.10", "−0.02 to 0.22")
    assert EN.level(0.1, float("nan"), float("nan"), "share") == ("10.0%", "")


def test_library_is_taken_out_once_and_made_again_when_torn(page, tmp_path, monkeypatch):
    monkeypatch.setenv("REPURCHASE_CACHE", str(tmp_path))
    script = embedding.library.__wrapped__()
    assert script in page
    (kept,) = (tmp_path / "page").iterdir()
    whole = kept.read_bytes()
    with monkeypatch.context() as patched:
        patched.setattr("vl_convert.javascript_bundle", lambda: pytest.fail("it was there"))
        assert embedding.library.__wrapped__() == script
    for torn in (whole[: len(whole) // 2], whole[:-1] + b"?", b""):
        kept.write_bytes(torn)
        assert embedding.library.__wrapped__() == script
        assert kept.read_bytes() == whole


def test_page_needs_no_place_to_keep_the_library(page, tmp_path, monkeypatch):
    (tmp_path / "page").write_text("in the way")
    monkeypatch.setenv("REPURCHASE_CACHE", str(tmp_path))
    assert embedding.library.__wrapped__() in page


def test_every_number_is_in_the_page_once(page):
    for drawing in drawings(page):
        assert "datasets" not in drawing["spec"]
        assert drawing["data"]["rows"]["rows"], drawing["id"]
    assert len(own_text(page)) < 1_500_000


def test_every_figure_is_there_and_lies_beside_as_png_and_svg(folder, page):
    names = {make.__name__ for make in GALLERY}
    assert {name for figures, _ in SECTIONS.values() for name in figures} == names
    shown = {drawing["id"].rsplit("-", 1)[0] for drawing in drawings(page)}
    assert shown == names
    for name in names:
        assert (folder / "figures" / f"{name}.svg").read_text().rstrip().endswith("</svg>")
        assert (folder / "figures" / f"{name}.png").read_bytes().startswith(b"\x89PNG")
    assert len(list((folder / "figures").iterdir())) == 2 * len(names)


def test_page_and_figures_stand_outside_the_manifest_and_leave_it_as_it_was(folder, page):
    verify(folder)
    manifest = json.loads((folder / "manifest.json").read_text())
    assert not [
        name for name in manifest["files"] if not name.endswith((".csv", ".parquet", ".json"))
    ]


def test_same_tables_give_the_same_page_and_figures(folder, page, tmp_path):
    assert text_of(folder) == page
    comparison = read_comparison(folder)
    made = [exhibit for exhibit in exhibits(comparison, EN) if exhibit.name == "money"]
    slides.write(made, comparison, EN, tmp_path)
    for path in tmp_path.iterdir():
        assert path.read_bytes() == (folder / "figures" / path.name).read_bytes()


def test_page_starts_with_the_answer_and_ends_with_the_origin(page):
    text = own_text(page)
    body = text[text.index("<body>") :]
    assert body.index("integrated is best") < body.index("<table") < body.index("<figure")
    assert body.rindex("</table") < body.index("Where this comes from</h2>")
    assert "20,000 (town)" in body


def test_page_escapes_what_users_wrote(page):
    assert "A &lt;title&gt; &amp; more" in page
    assert "population=&lt;town&gt;" in page
    assert "<title> &" not in page


@pytest.mark.parametrize("words", [EN, ZH], ids=lambda words: words.language)
def test_figures_have_titles_axes_units_and_captions(folder, words):
    made = exhibits(read_comparison(folder), words)
    assert len(made) == len(GALLERY)
    for exhibit in made:
        assert len(exhibit.caption) > 35, exhibit.name
        for panel in exhibit.panels:
            assert panel.title, exhibit.name
            assert panel.x or exhibit.form == "network", exhibit.name
            assert panel.y or exhibit.form not in ("lines", "scatter", "cells"), exhibit.name


@pytest.mark.parametrize("words", [EN, ZH], ids=lambda words: words.language)
def test_drawings_are_valid_vega_lite(folder, words):
    comparison = read_comparison(folder)
    looks = {words.strategy(name): comparison.looks[name] for name in comparison.names}
    drawing = Drawing(looks, words.strategy("baseline"), words)
    for exhibit in exhibits(comparison, words):
        for panel in exhibit.panels:
            spec = drawing.spec(exhibit, panel)
            alt.LayerChart.from_dict(spec, validate=True)
            fields = set(re.findall(r'"field": "([^"]+)"', json.dumps(spec)))
            known = {*panel.rows, *(() if panel.links is None else panel.links)}
            assert fields <= known, exhibit.name


def test_slides_keep_their_labels_inside(folder, tmp_path):
    comparison = read_comparison(folder)
    looks = {EN.strategy(name): comparison.looks[name] for name in comparison.names}
    for exhibit in exhibits(comparison, EN):
        with style.applied():
            figure = slides.Slide(looks, "baseline").draw(exhibit)
            figure.draw_without_rendering()
            box, tight = figure.bbox, figure.get_tightbbox().transformed(figure.dpi_scale_trans)
        assert tight.x0 >= box.x0 - 2, exhibit.name
        assert tight.x1 <= box.x1 + 2, exhibit.name


def test_slides_show_every_strategy_also_beside_a_panel_without_the_reference(folder):
    comparison = read_comparison(folder)
    looks = {EN.strategy(name): comparison.looks[name] for name in comparison.names}
    value = next(exhibit for exhibit in exhibits(comparison, EN) if exhibit.name == "value")
    assert value.panels[-1].rows["strategy"].nunique() == len(looks) - 1  # differences
    with style.applied():
        axes = slides.Slide(looks, "baseline").draw(value).axes
    assert all(abs(np.subtract(*each.get_ylim())) > len(looks) - 0.3 for each in axes)


def test_names_of_settings_break_behind_dots_and_underscores(page):
    assert "operator.<wbr>coupons.<wbr>strength" in own_text(page)


def test_menus_offer_no_segment_of_nobody(folder, page):
    option = '<option value="stage: newborn">'
    assert option in page
    full = read_comparison(folder)
    levels = full.levels.copy()
    rates = levels["unit"] != "yuan"  # sums of nobody are zero, not missing
    levels.loc[(levels["segment"] == "newborn") & rates, "mean"] = np.nan
    empty = replace(full, levels=levels)
    assert option not in rendered(empty, exhibits(empty, EN), EN)


def test_facts_are_told_without_names_of_code(page):
    table = re.search(r'<table id="table-facts".*?</table>', page, re.S)[0]
    assert "_" not in re.sub(r"<[^>]+>", "", table)


def test_slides_without_intervals_are_drawn(tmp_path):
    comparison = read_comparison(write_comparison(tmp_path / "one", seeds=range(1)))
    names = ("levels", "money", "won_lost")
    made = [exhibit for exhibit in exhibits(comparison, EN) if exhibit.name in names]
    slides.write(made, comparison, EN, tmp_path)
    assert {path.stem for path in tmp_path.glob("*.png")} == set(names)


def test_slide_keeps_one_layout_for_both_files(folder, tmp_path, monkeypatch):
    found = []
    execute = ConstrainedLayoutEngine.execute
    monkeypatch.setattr(
        ConstrainedLayoutEngine, "execute", lambda *words: (found.append(1), execute(*words))
    )
    comparison = read_comparison(folder)
    made = [exhibit for exhibit in exhibits(comparison, EN) if exhibit.name == "money"]
    slides.write(made, comparison, EN, tmp_path)
    assert len(found) == 1


def test_slides_are_english_where_no_font_has_chinese(folder, monkeypatch):
    monkeypatch.setattr(slides, "FONTS", {"no-such-file": "No Such Font"})
    assert slides.readable(ZH).language == "en"
    assert slides.readable(EN) is EN
    comparison = read_comparison(folder)
    text = rendered(comparison, exhibits(comparison, ZH), ZH, Beside(english_slides=True))
    assert ZH("page.english_slides") in text
    assert ZH("page.english_slides") not in text_of(folder, ZH)


def test_labels_beside_do_not_cover_each_other():
    rng = np.random.default_rng(1)
    for _ in range(50):
        wanted = np.sort(rng.random(9) ** 3)
        got = slides.spread(wanted, 0.06)
        assert np.diff(got).min() >= 0.06 - 1e-12
    apart = np.array([0.1, 0.5, 0.9])
    assert slides.spread(apart, 0.06) == pytest.approx(apart)


def test_a_strategy_has_one_colour_everywhere():
    few = looks(["baseline", "membership"], "baseline")
    many = looks([*STRATEGIES, "mine", "yours"], "baseline")
    assert few["membership"] == many["membership"]
    assert few["baseline"].colour == many["baseline"].colour == REFERENCE_COLOUR
    assert len({look.colour for look in many.values()}) == len(many)
    crowd = looks([f"s{i}" for i in range(25)], "s0")
    assert len(set(crowd.values())) == 25


def test_answer_says_what_was_built_in(folder):
    text = " ".join(answer.sentences(read_comparison(folder), EN))
    assert "By the goal, net repurchasing households, integrated is best over 12 months" in text
    assert "best of the 5 is over 99%" in text
    assert (
        "Other goals choose otherwise: contribution chooses baseline." in text
    )  # community costs most
    assert "churn of the customers" not in text.split("choose otherwise")[1].split(". ")[0]
    assert "Worse than baseline by the goal: promotion blast." in text
    assert "Runs of 365 days cannot see 24 and 36 months" in text
    assert "this rate ranks nothing" in text
    assert "parents of newborns (0–6 months) (+" in text  # where the effect is twice as large
    assert "It is also the choice for repurchase of the customers of day 0" in text
    assert "If money matters most, stay with baseline" in text
    assert "less than baseline" in text  # its contribution
    assert "nan" not in text


def test_answer_of_one_replication_admits_ignorance(tmp_path):
    folder = write_comparison(tmp_path / "one", seeds=range(1))
    text = " ".join(answer.sentences(read_comparison(folder), EN))
    assert "One replication cannot tell" in text
    assert "interval" not in text.replace("no interval", "")
    assert text_of(folder)


def test_answer_when_the_reference_is_best(tmp_path):
    folder = write_comparison(tmp_path / "two", strategies=("baseline", "promotion_blast"))
    text = " ".join(answer.sentences(read_comparison(folder), EN))
    assert "net repurchasing households, no strategy is better than baseline" in text
    assert text_of(folder)


def test_reference_alone_has_a_page(tmp_path):
    folder = write_comparison(tmp_path / "alone", strategies=("baseline",))
    assert "with baseline" in text_of(folder)
    assert comparison_table(folder).row_count == 1


def test_terminal_table_has_every_strategy_best_first(folder):
    console = Console(width=160, record=True, file=io.StringIO())
    console.print(comparison_table(folder))
    text = console.export_text()
    places = [text.index(EN.strategy(name)) for name in ("integrated", "membership", "baseline")]
    assert places == sorted(places)
    assert "over 99%" in text


def test_what_is_no_comparison_is_refused(tmp_path):
    with whole_folder(tmp_path / "run", {"experiment": "another"}):
        pass
    with pytest.raises(ResultsError, match="not written by `repurchase compare`"):
        write_page(tmp_path / "run")


def test_torn_table_is_refused(tmp_path):
    folder = write_comparison(tmp_path / "torn", seeds=range(2))
    with (folder / "levels.parquet").open("ab") as file:
        file.write(b"x")
    with pytest.raises(ResultsError, match=r"levels\.parquet"):
        write_page(folder)


@pytest.mark.parametrize(
    ("value", "unit", "signed", "text"),
    [
        (0.4231, "share", False, "42.3%"),
        (-0.012, "share", True, "−1.2 points"),
        (-0.0001, "share", True, "0.0 points"),
        (12345.6, "yuan", False, "12,346"),
        (-3.14159, "yuan", True, "−3.14"),
        (float("nan"), "share", False, "–"),
    ],
)
def test_numbers_in_words(value, unit, signed, text):
    assert EN.number(value, unit, signed) == text


def test_probabilities_never_claim_certainty():
    assert EN.probability(1.0) == "over 99%"
    assert EN.probability(0.0) == "under 1%"
    assert EN.probability(0.42) == "42%"


def test_runs_too_short_for_a_year_have_a_page_that_says_so(folder):
    full = read_comparison(folder)
    nothing = full.levels.assign(mean=float("nan"))
    unread = full.goals.copy()
    unread.loc[unread["goal"] != "contribution", "mean"] = float("nan")
    short = replace(
        full,
        levels=nothing,
        monthly=full.monthly.assign(mean=float("nan")),
        goals=unread,
        horizon=full.horizon.assign(day=300),
    )
    shown = {exhibit.name for exhibit in exhibits(short, EN)}
    assert {"won_lost", "money"} <= shown
    assert not {"levels", "monthly", "funnel", "feelings", "reasons"} & shown
    assert answer.sentences(short, EN) == [
        "The runs are too short for the goal, net repurchasing households: it needs 365 days "
        "(run.days=365)."
    ]
    assert "too short" in rendered(short, exhibits(short, EN), EN)


def test_a_market_where_nobody_ordered_has_a_page(folder):
    full = read_comparison(folder)
    money = full.money.copy()
    money.loc[money["item"] == "customer_months", "mean"] = 0.0
    per_customer = money["item"].str.contains("per_customer")
    money.loc[per_customer, ["mean", "low", "high"]] = float("nan")
    unread = full.goals.assign(mean=float("nan"))
    nobody = replace(full, money=money, levels=full.levels.assign(mean=float("nan")), goals=unread)
    shown = exhibits(nobody, EN)
    assert not {"spend", "money"} & {exhibit.name for exhibit in shown}
    assert "Nobody ordered in the year" in rendered(nobody, shown, EN)


def test_a_rate_that_rises_while_households_are_lost_is_said(folder):
    full = read_comparison(folder)
    name = next(n for n in full.names if n != full.reference)
    whole = full.differences["by"] == "all"
    rises = whole & (full.differences["strategy"] == name)
    table, horizon = full.differences.copy(), full.horizon.copy()
    table.loc[rises, ["mean", "low", "high"]] = [0.05, 0.04, 0.06]
    for outcome, column, value in (
        ("won", "mean", 3.0),
        ("lost", "mean", 90.0),
        ("repurchasing_households", "extra", -87.0),
    ):
        mine = (horizon["strategy"] == name) & (horizon["outcome"] == outcome)
        horizon.loc[mine, column] = value
    said = " ".join(answer.sentences(replace(full, differences=table, horizon=horizon), EN))
    assert f"opposite ways with {EN.strategy(name)} (3 won, 90 lost of 10,000)" in said


def test_a_rate_over_fewer_customers_is_said(folder):
    full = read_comparison(folder)
    best = full.names[0]
    level = full.levels[(full.levels["indicator"] == CHURN) & (full.levels["by"] == "all")]
    change = full.differences[(full.differences["indicator"] == CHURN)]
    change = change[change["by"] == "all"].assign(indicator="customers", mean=-150.0)
    level = level.assign(indicator="customers", mean=2_850.0)
    level.loc[level["strategy"] == full.reference, "mean"] = 3_000.0
    levels = pd.concat([full.levels, level])

    def said(low, high):
        table = pd.concat([full.differences, change.assign(low=low, high=high)])
        return " ".join(answer.sentences(replace(full, levels=levels, differences=table), EN))

    assert f"2,850 customers in the year, {EN.strategy(full.reference)} 3,000" in said(
        -200.0, -100.0
    )
    assert "2,850" not in said(-400.0, 100.0)
    assert best != full.reference


def test_goals_that_choose_otherwise_are_said_and_others_not(folder):
    full = read_comparison(folder)
    first, last = full.names[0], full.names[-1]

    def said(chance, **best):
        goals = full.goals.copy()
        for goal, name in best.items():
            mine = goals["goal"] == goal
            goals.loc[mine, "probability_best"] = chance
            order = np.argsort(goals.loc[mine, "strategy"] != name, kind="stable")
            goals.loc[mine] = goals.loc[mine].iloc[order.to_numpy()].to_numpy()
        return answer.sentences(replace(full, goals=goals), EN)[0]

    others = ("contribution", "day0_repurchase", "churn", "repurchase_rate")
    assert "Every other goal chooses it as well." in said(1.0, **dict.fromkeys(others, first))
    agreed = dict.fromkeys(others, first)
    told = f"Other goals choose otherwise: contribution chooses {EN.strategy(last)}"
    assert f"{told}." in said(0.99, **agreed | {"contribution": last})
    assert f"{told} (not settled)." in said(0.6, **agreed | {"contribution": last})


def test_a_verdict_that_turns_is_said_and_marked(folder):
    full = read_comparison(folder)
    name = full.names[0]
    horizon = full.horizon.copy()
    later = horizon.assign(day=730, months=24.0)
    mine = (later["strategy"] == name) & (later["outcome"] == "contribution_yuan")
    later.loc[mine, ["turns", "verdict", "extra"]] = [True, "better", 9.0]
    turned = replace(full, horizon=pd.concat([horizon, later], ignore_index=True))
    first = answer.sentences(turned, EN)[0]
    assert f"{EN.strategy(name)} is better in contribution, yuan after 24 months" in first
    shown = outcomes.horizon(turned, EN)
    assert shown.head[2:4] == ["after 12 months", "after 24 months"]
    marked = [row[:2] for row in shown.rows if EN("tables.horizon.turns") in row]
    assert marked == [[EN.strategy(name), EN("outcomes.contribution_yuan")]]
    assert "A verdict turns" not in answer.sentences(full, EN)[0]


@pytest.mark.parametrize("words", [EN, ZH], ids=lambda words: words.language)
def test_the_ladder_on_the_page_adds_up_as_it_is_shown(folder, words):
    rows = outcomes.ladder(read_comparison(folder), words).rows
    for column in range(1, len(rows[0])):
        total = 0
        for heading, *cells in rows:
            shown = int(cells[column - 1].replace(",", "").replace("−", "-"))
            if heading.startswith("="):
                assert shown == total, heading
            else:
                total += shown
    assert [row[0][0] for row in rows].count("=") == 3


def keys(values, path=""):
    for name, value in values.items():
        if isinstance(value, dict):
            yield from keys(value, f"{path}{name}.")
        else:
            yield f"{path}{name}"


def plain(language, key):
    found = texts(language)
    for part in key.split("."):
        found = found[part]
    return found


ONLY_TRANSLATED = (
    "alternatives.",
    "every_lever.",
    "experiments.",
    "settings.",
    "sources.",
    "units.",
    "facts.",
    "prose.",
    "strategies.",
)


def test_both_languages_say_the_same_things():
    english, chinese = set(keys(texts("en"))), set(keys(texts("zh")))
    assert english <= chinese
    assert not [key for key in chinese - english if not key.startswith(ONLY_TRANSLATED)]
    for key in english:
        wanted, found = (
            set(re.findall(r"{(\w+)}", str(plain(language, key)))) for language in ("en", "zh")
        )
        assert wanted == found, key


def test_every_fact_setting_unit_and_scenario_is_translated():
    about = assumptions(load("baseline"), None)
    told = about[about["rests_on"].isin(tables.TOLD)]
    levers = about[about["key"].str.startswith(("operator.", "shocks."))]
    missing = [fact.id for fact in load_facts() if fact.id not in texts("zh")["facts"]]
    missing += [key for key in told["key"] if key not in texts("zh")["settings"]]
    missing += [
        key for key in levers["key"] if ZH.setting(key) == key and ".operations." not in key
    ]
    published = told[told["rests_on"] == "published"]
    missing += [key for key in published["key"] if key not in texts("zh")["sources"]]
    units = {*told["unit"], *levers["unit"], *(fact.unit for fact in load_facts())}
    missing += [unit for unit in units if unit not in texts("zh")["units"]]
    for name in SHIPPED:
        strategy = load(name).strategy
        said = (strategy.title, strategy.what, strategy.why, strategy.cost)
        missing += [text for text in said if text not in texts("zh")["prose"]]
    assert missing == [], "put it into zh.yaml; of a lever, into its IN_CHINESE"


def test_every_lever_of_the_package_is_named_in_every_language():
    for language in LANGUAGES:
        missing = [name for name, own in LEVERS.items() if language not in own.NAMES]
        assert missing == [], f'put "{language}" into NAMES of sim/operator/levers/<lever>.py'
        assert {name: own.NAMES[language] for name, own in LEVERS.items()} == {
            name: Words(language).name("levers", name) for name in LEVERS
        }


def test_a_lever_of_ones_own_has_the_words_that_it_declares(tmp_path, monkeypatch):
    for name, said in (
        ("named", 'NAMES = {"en": "a sale", "zh": "抢购"}\nIN_CHINESE = {"cut": "降价"}'),
        ("english", 'NAMES = {"en": "a raffle"}\nNAMES["zh"] = print("it runs")'),
        ("my_bare", "raise SystemExit"),
        ("torn", "NAMES = {"),
    ):
        (tmp_path / f"{name}.py").write_text(said, encoding="utf-8")
    monkeypatch.setenv("REPURCHASE_LEVERS", str(tmp_path))
    for kept in (texts, own_words._declared):
        kept.cache_clear()
    names = ("named", "english", "my_bare", "torn", "coupons")
    told = {each: [Words(each).name("levers", name) for name in names] for each in LANGUAGES}
    meant = Words("zh").own("settings", "operator.named.cut", "a price cut")
    for kept in (texts, own_words._declared):
        kept.cache_clear()
    assert told["en"] == ["a sale", "a raffle", "my bare", "torn", "coupons"]
    assert told["zh"] == ["抢购", "a raffle", "my bare", "torn", "优惠券"]
    assert meant == "降价"
    assert Words("en").own("settings", "operator.named.cut", "a price cut") == "a price cut"


ENGLISH = re.compile(r"(?<![\w.])[a-z][a-z'-]+(?:[ ,;:]+[a-zA-Z][a-z'-]+){2,}")


def test_no_english_sentence_is_left_on_the_chinese_page(tmp_path):
    page = text_of(write_comparison(tmp_path / "zh", seeds=range(2)), ZH)
    body = re.sub(r"<(style|script|code)[ >].*?</\1>", "", page, flags=re.S)
    data = json.dumps([d["data"] for d in drawings(page)], ensure_ascii=False)
    data = data.replace("null", "")  # a missing number
    titles = json.dumps(re.findall(r'"title":"(.*?)"', page), ensure_ascii=False)
    for text in (re.sub(r"<[^>]+>", "\n", body), data, titles):
        assert ENGLISH.findall(text) == []
    assert 'html lang="zh"' in page


def test_an_interval_of_a_few_equal_worlds_is_told_as_not_known(folder, monkeypatch):
    comparison = read_comparison(folder)
    equal, goals = comparison.differences.copy(), comparison.goals.copy()
    name_of_it = next(each for each in comparison.names[1:] if each != comparison.reference)
    mine = (equal["strategy"] == name_of_it) & (equal["indicator"] == "repurchase_rate_365d")
    equal.loc[mine, "mean"] = 0.0
    equal.loc[mine, ["low", "high"]] = np.nan
    mine = (goals["strategy"] == name_of_it) & (goals["goal"] == comparison.goal)
    goals.loc[mine, "extra"] = 0.0
    goals.loc[mine, ["extra_low", "extra_high"]] = np.nan
    manifest = {**comparison.manifest, "replications": 3}
    few = replace(comparison, manifest=manifest, differences=equal, goals=goals)
    for words in (EN, ZH):
        told = " ".join(answer.sentences(few, words))
        name, reference = words.strategy(name_of_it), words.strategy("baseline")
        assert words("answer.alike", reference=reference, strategies=name, count=3) in told
        shown = tables.differences(few, words)
        cells = [cell for row in shown.rows for cell in row if words("unknown_interval") in cell]
        assert len(cells) == 1
        assert words("unknown_note") in shown.note
        assert words("unknown_note") not in tables.differences(comparison, words).note
    monkeypatch.setattr("sim.report.terminal.read_comparison", lambda _: few)
    console = Console(record=True, width=200, file=io.StringIO())
    console.print(comparison_table(folder))
    printed = console.export_text()
    assert printed.count("not known") == 1
    assert EN("unknown_note")[:30] in printed


def test_text_that_is_no_key_is_told_as_it_is():
    assert ZH.prose("Mine own words.") == "Mine own words."
    assert ZH.strategy("my_own") == "my own"


def test_report_makes_the_page_again_and_refuses_in_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(slides, "write", lambda *arguments: None)
    home = write_comparison(tmp_path / "results" / "compare" / "baseline-1", seeds=range(2))
    run = CliRunner().invoke
    told = run(app, ["report", str(tmp_path / "results"), "report.language=zh"])
    assert told.exit_code == 0, told.output
    assert told.output.split() == ["Page:", str(home / "report.zh.html")]
    assert not (home / "report.html").exists()
    alone = (home / "report.zh.html").read_text(encoding="utf-8")
    assert 'html lang="zh"' in alone
    assert 'href="report.html"' not in alone  # there is none
    told = run(app, ["report", str(tmp_path / "results")])
    assert told.output.splitlines() == [
        f"Beside it, report.language=zh: {home / 'report.zh.html'}",
        f"Page: {home / 'report.html'}",
    ]
    for name, language, other in (("report", "en", "report.zh"), ("report.zh", "zh", "report")):
        written = (home / f"{name}.html").read_text(encoding="utf-8")
        assert f'html lang="{language}"' in written
        assert f'href="{other}.html"' in written
        assert f'href="{name}.html"' not in written
    write_comparison(tmp_path / "results" / "compare" / "baseline-2", seeds=range(2))
    (tmp_path / "empty").mkdir()
    for words, said in (
        ([str(tmp_path / "results")], "Name one comparison"),
        ([str(tmp_path / "nowhere")], "not a folder"),
        ([str(tmp_path / "empty")], "empty holds no comparison: name a folder that"),
        ([str(home), "report.language=fr"], "en, zh"),
        ([str(home), "report.langage=zh"], "langage"),
    ):
        told = run(app, ["report", *words])
        assert told.exit_code == 2
        assert said in told.output
        assert len(told.output.strip().splitlines()) == 1
    (home / "survival.parquet").unlink()
    told = run(app, ["report", str(home)])
    assert told.exit_code == 2
    assert "survival.parquet is missing" in told.output


def test_a_figure_with_letters_left_out_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """FreeType ignores that a font could not be read for want of memory, and draws the rest."""

    class Unread:
        def __del__(self) -> None:
            raise MemoryError

    def draw(figure: Figure, path: Path, **_: object) -> None:
        path.write_bytes(b"half a figure")
        Unread()

    monkeypatch.setattr(Figure, "savefig", draw)
    with pytest.raises(MemoryError):
        style.save(Figure(), tmp_path, "one")
    assert not list(tmp_path.iterdir())


def test_a_precision_without_widths_is_passed_over(folder: Path) -> None:
    comparison = read_comparison(folder)
    blank = comparison.precision.assign(half_width=np.nan)
    said = " ".join(answer.sentences(replace(comparison, precision=blank), Words("en")))
    assert "nan" not in said
    whole = " ".join(answer.sentences(comparison, Words("en")))
    assert len(said) < len(whole)

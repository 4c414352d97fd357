"""Write the numbers of docs/levers_and_doses.md: `make doses`, `make decompose`.

    python docs/make_doses.py [RESULTS]

Given a folder of results, the newest of `repurchase levers`, `dose`, `decompose` and `standstill`
in it, as far as they are there, are kept in docs/doses/: their tables, the figures, and how large
they were. What stands between
`<!-- begin: name -->` and `<!-- end: name -->` is then written from what is kept, and nothing
else; a test holds the document to it.
"""

import re
import shutil
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd

from sim.report.decompose import in_words as together
from sim.report.dose import in_words
from sim.store.runs import read_manifest, read_table
from sim.text.markdown import markdown

HERE = Path(__file__).parent
DOCUMENT, KEPT = HERE / "levers_and_doses.md", HERE / "doses"
TABLES = {
    "levers": ("effects", "levers"),
    "dose": ("curves", "optima", "doses"),
    "decompose": ("shares", "interactions", "purposes", "total", "players"),
    "standstill": ("drift",),
}
NET, MONEY, CHURN = "repurchasing_households", "contribution_yuan", "churn_rate_365d"
# What the evidence lets expect of repurchasing households when a lever is turned up; argued in the
# document. 0: hardly any effect, or one that may go either way.
EXPECTED = {
    "acquisition": 1, "advisors": 1, "after_sales": 1, "broadcast": 1, "care": 0, "check_in": 0,
    "community": 0, "consent_design": 0, "content": 1, "coupons": 1, "delivery": 1,
    "distribution": 0, "funnel": 1, "group_buying": 0, "honours": 0, "koc": 1, "livestream": 0,
    "member_days": 1, "milestones": 1, "paid_membership": 0, "personas": 0, "points": 1,
    "prediction": 1, "recommendation": 1, "referral": 1, "reminders": 1, "service_desk": 1,
    "stores": 1, "tiers": 1, "transparency": 1, "welcome": 1,
}  # fmt: skip


def keep(results: Path) -> None:
    """Keep tables, figures and sizes of the newest results of each kind."""
    KEPT.mkdir(exist_ok=True)
    sizes = kept("sizes").to_dict("records")
    for kind, names in TABLES.items():
        folders = {path.parent for path in (results / kind).glob("*/manifest.json")}
        if not folders:  # what was kept before stays
            continue
        folder = max(folders, key=lambda path: str(read_manifest(path)["created"]))
        manifest = read_manifest(folder)
        config = manifest["configuration"]
        sizes = [each for each in sizes if each["experiment"] != kind]
        sizes.append(
            {
                "experiment": kind,
                "households": config["population"]["households"],
                "days": config["run"]["days"],
                "worlds": manifest["replications"],
                "revision": manifest["revision"],
                "permutations": manifest.get("permutations", 0),
            }
        )
        for name in names:
            read_table(folder, name).to_csv(KEPT / f"{name}.csv", index=False, float_format="%.6g")
        for figure in sorted((folder / "figures").glob("*.png")):
            shutil.copyfile(figure, KEPT / figure.name)
    sizes.sort(key=lambda each: list(TABLES).index(each["experiment"]))
    table = pd.DataFrame(sizes).fillna({"permutations": 0}).astype({"permutations": int})
    table.to_csv(KEPT / "sizes.csv", index=False)


def kept(name: str) -> pd.DataFrame:
    """One of the tables that are kept; an empty word is no missing number."""
    table = pd.read_csv(KEPT / f"{name}.csv")
    words = [str(name) for name in table if table[name].dtype.kind == "O"]
    return table.fillna(dict.fromkeys(words, ""))


def number(value: float) -> str:
    """To three digits, as text has it."""
    if value != value:
        return "–"
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    told = f"{value:+,.{digits}f}"
    return (told if told.strip("+-0.,") else "0").replace("-", "−")


def cell(row: pd.Series) -> str:
    """A difference with its interval."""
    if row["low"] != row["low"] or row["low"] == row["high"]:
        return number(row["mean"])
    return f"{number(row['mean'])} ({number(row['low'])} to {number(row['high'])})"


def size(kind: str) -> str:
    """How large the runs of one experiment were."""
    row = kept("sizes").set_index("experiment").loc[kind]
    months = row["days"] / 30
    return (
        f"*{row['worlds']} worlds of {row['households']:,} households, {row['days']:,} days "
        f"({months:.0f} months), revision `{row['revision']}`.*"
    )


def moved() -> Mapping[tuple[str, float], pd.DataFrame]:
    """Rows of every lever that is not as it is, by outcome."""
    effects = kept("effects")
    effects = effects[~effects["as_it_is"]]
    return {
        (str(lever), float(strength)): rows.set_index("outcome")
        for (lever, strength), rows in effects.groupby(["lever", "strength"], sort=False)
    }


def levers() -> str:
    """The table of levers one at a time."""
    about = kept("levers").set_index("lever")
    rows = []
    for (lever, strength), own in moved().items():
        meant = about["meant_for"][lever]
        purpose = own.loc[meant]
        unit = purpose["unit"].removesuffix(" per 1,000 households")
        rows.append(
            (
                f"`{lever}`",
                f"{about['strength'][lever]:g} → {strength:g}",
                cell(own.loc[NET]),
                f"{own['mean']['won']:,.1f} / {own['mean']['lost']:,.1f}",
                cell(own.loc["orders"]),
                cell(own.loc[MONEY]),
                cell(own.loc[CHURN]),
                f"`{meant}`, {unit}: {cell(purpose)}",
            )
        )
    heads = (
        "lever",
        "from → to",
        "repurchasing households per 10,000",
        "won / lost",
        "orders per 1,000",
        "contribution, yuan per 1,000",
        "churn, points",
        "what it is for",
    )
    usual = next(iter(moved().values()))["reference"]
    base = (
        f"The baseline as it is: {usual[NET]:,.0f} repurchasing households per 10,000, "
        f"{usual['orders']:,.0f} orders and {usual[MONEY]:,.0f} yuan of contribution per 1,000 "
        f"households, churn of {usual[CHURN]:.1f} per cent."
    )
    return f"{size('levers')}\n\n{base}\n\n{markdown(heads, rows)}"


def signs() -> str:
    """What turning each lever up does, beside what the evidence lets expect."""
    about = kept("levers").set_index("lever")
    rows = []
    for (lever, strength), own in moved().items():
        up = 1 if strength > about["strength"][lever] else -1
        net, purpose = own.loc[NET], own.loc[about["meant_for"][lever]]
        orders, money = own.loc["orders"], own.loc[MONEY]
        found, expected = _sign(net, up), EXPECTED[lever]
        rows.append(
            (
                f"[`{lever}`](#{lever})",
                _told(_sign(purpose, up)),
                _told(expected) if expected else "any",
                _told(found),
                "yes" if expected in (0, found) else "not told" if found == 0 else "**no**",
                _told(_sign(money, up)),
                _share(orders, up),
                _share(money, up),
            )
        )
    heads = (
        "lever turned up",
        "what it is for",
        "households, expected",
        "households, found",
        "agrees",
        "contribution",
        "orders, % of all",
        "contribution, % of all",
    )
    return markdown(heads, rows)


def _sign(row: pd.Series, up: int) -> int:
    """Sign of an effect that its interval tells from nothing, else 0."""
    if row["low"] > 0:
        return up
    return -up if row["high"] < 0 else 0


def _share(row: pd.Series, up: int) -> str:
    """An effect in per cent of what the baseline has."""
    return f"{100 * up * row['mean'] / abs(row['reference']):+.1f}".replace("-", "−")


def _told(sign: int) -> str:
    return {1: "+", -1: "−", 0: "not told from 0"}[sign]


def curve(name: str) -> str:
    """One dose curve: where its best lies, the figure, the numbers."""
    curves, doses = kept("curves"), kept("doses")
    rows = []
    for dose, own in curves[curves["curve"] == name].groupby("dose", sort=False):
        own = own.set_index("outcome")
        usual = " (usual)" if own["as_it_is"].any() else ""
        rows.append(
            (
                f"{dose:g}{usual}",
                *(cell(own.loc[outcome]) for outcome in (MONEY, NET, "orders", CHURN)),
            )
        )
    unit = doses.set_index("curve")["unit"][name]
    heads = (unit, "contribution, yuan per 1,000", "repurchasing households per 10,000",
             "orders per 1,000", "churn, points")  # fmt: skip
    told = in_words(kept("optima"), doses)[name]
    figure = f"![Dose curve: {name}](doses/{name}.png)"
    return f"{told}\n\n{figure}\n\n{markdown(heads, rows)}"


def sizes_of_doses() -> str:
    """How large the runs of the dose curves were."""
    return size("dose")


def decomposed() -> str:
    """What each lever adds to the strategy that was taken apart, and which act together."""
    shares, total = kept("shares"), kept("total").set_index("outcome")
    own = {
        (str(measure), str(outcome)): rows.set_index("player")
        for (measure, outcome), rows in shares.groupby(["measure", "outcome"], sort=False)
    }
    outcomes = (MONEY, "orders", CHURN)
    order = own["shapley", NET]["mean"].sort_values(ascending=False, kind="stable").index
    rows = [
        (
            f"`{player}`",
            *(cell(own[measure, NET].loc[player]) for measure in ("add_one_in", "leave_one_out")),
            f"**{cell(own['shapley', NET].loc[player])}**",
            *(cell(own["shapley", outcome].loc[player]) for outcome in outcomes),
        )
        for player in order
    ]
    whole = (cell(total.loc[outcome]) for outcome in (NET, *outcomes))
    rows.append(("all together", "", "", *whole))
    heads = (
        "lever",
        "households: alone",
        "households: at last",
        "households: share",
        "contribution: share",
        "orders: share",
        "churn: share",
    )
    count = int(kept("sizes").set_index("experiment")["permutations"]["decompose"])
    drawn = f"{count} orders in which levers join, drawn for each world by itself"
    how = f"*Shapley shares from {drawn if count else 'all orders in which levers can join'}.*"
    pairs = "\n".join(f"- {told}" for told in together(kept("interactions"), kept("purposes"), NET))
    figure = "![Waterfall of the Shapley shares](doses/waterfall.png)"
    return f"{size('decompose')} {how}\n\n{markdown(heads, rows)}\n{figure}\n\n{pairs}"


def standstill() -> str:
    """How far each level moves."""
    drift = kept("drift")
    rows = [
        (f"`{row['level']}`", row["unit"], f"{row['first']:.4g}", f"{row['last']:.4g}",
         cell(row.rename({"drift": "mean"})), number(row["farthest"]),
         f"{row['bound']:g} {row['bound_unit']}", row["verdict"])
        for _, row in drift.iterrows()
    ]  # fmt: skip
    heads = ("level", "unit", "first year", "last year", "drift", "farthest", "bound", "verdict")
    still = (drift["verdict"] == "stands still").sum()
    return (
        f"{size('standstill')}\n\n{still} of {len(drift)} levels stand still.\n\n"
        f"{markdown(heads, rows)}"
    )


def parts() -> dict[str, Callable[[], str]]:
    """What writes each part of the document."""
    curves = {f"dose {name}": (lambda name=name: curve(name)) for name in kept("doses")["curve"]}
    own = {
        "levers": levers,
        "signs": signs,
        "doses": sizes_of_doses,
        "decompose": decomposed,
        "standstill": standstill,
    }
    return own | curves


def document(text: str) -> str:
    """The document with its numbers anew."""
    for name, write in parts().items():
        between = re.compile(rf"(<!-- begin: {name} -->\n).*?(<!-- end: {name} -->)", re.DOTALL)
        made = write().strip()
        text, found = between.subn(lambda match: f"{match[1]}\n{made}\n\n{match[2]}", text)  # noqa: B023
        if found != 1:
            raise ValueError(f"{DOCUMENT.name} has {found} places for {name}, not one.")
    return text


if __name__ == "__main__":
    if len(sys.argv) > 1:
        keep(Path(sys.argv[1]))
    DOCUMENT.write_text(document(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")

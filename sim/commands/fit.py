"""`repurchase fit`. An operator fitted to its own order log."""

from pathlib import Path
from typing import Annotated

import typer

from sim.commands.audit import households_unless_asked
from sim.commands.options import (
    ConfigDir,
    ExecutorName,
    Replications,
    Request,
    ResultsDir,
    Seeds,
    TrustRules,
    Workers,
    told_plainly,
)
from sim.commands.output import print_table, say
from sim.console.importing import loading

ORDERS, COLUMNS = "orders=", "columns="
OWN_COLUMNS = "experiment.columns."
Log = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="orders=FILE [columns=FILE] [SCENARIO] [KEY=VALUE]...",
        help="The log (CSV or Parquet), a YAML file that says which column means what, the "
        "scenario under which simulated customers live, and settings to change.",
        show_default=False,
    ),
]


@told_plainly
def fit(
    words: Log = None,
    replications: Replications = None,
    seed: Seeds = None,
    results: ResultsDir = Path("results"),
    executor: ExecutorName = None,
    workers: Workers = None,
    config_dir: ConfigDir = None,
    trust_rules: TrustRules = False,
) -> None:
    """Fit an operator to its own order log, and tell how well.

    Behaviour is looked for under which simulated new customers buy again as those in the first
    part of the log do. The second part is then told by it, and by BG/NBD, Pareto/NBD and a rule
    of thumb, and set beside what came of it. The operator found can be run with any strategy.

    A log has a row per order with a customer and a time; `experiment.columns.customer=buyer_id`
    says what they are called, as does a YAML file given as columns=FILE.

    Examples:

        repurchase fit orders=orders.csv

        repurchase fit orders=orders.csv columns=columns.yaml

        repurchase fit orders=orders.csv experiment.columns.customer=buyer experiment.first_days=364
    """
    with loading():
        from sim.config.yaml_files import read_settings
        from sim.console.progress import bar
        from sim.experiments.fit import NAME, Search
        from sim.experiments.fit import fit as experiment
        from sim.order_log.columns import columns_from, columns_said
        from sim.parameters.quantity import ConfigurationError
        from sim.report.fit.page import write_page
        from sim.report.fit.terminal import scores_table, sentences
        from sim.text.outgoing import cited

    said = list(words or [])  # names of files stay as they were typed
    orders = [word.removeprefix(ORDERS) for word in said if word.startswith(ORDERS)]
    files = [word.removeprefix(COLUMNS) for word in said if word.startswith(COLUMNS)]
    if len(orders) != 1 or not orders[0]:
        raise ConfigurationError("Name one order log: repurchase fit orders=FILE.")
    if len(files) > 1:
        raise ConfigurationError("One file says what the columns mean: columns=FILE, once.")
    rest = [word for word in said if not word.startswith((ORDERS, COLUMNS))]
    if files and any(word.startswith(OWN_COLUMNS) for word in rest):
        raise ConfigurationError(
            f"Say once what the columns mean: {cited(files[0])} or {OWN_COLUMNS}..., not both."
        )
    options = {"replications": replications, "seed": seed}
    asked = Request("fit", rest, results, config_dir, executor, workers, trust_rules, **options)
    values = asked.values
    file = Path(files[0]) if files else None
    named = dict(values["columns"]) | (columns_said(read_settings(file), file) if file else {})
    search = Search(
        values["settings"],
        values["won_days"],
        values["first_points"],
        values["rounds"],
        values["points_per_round"],
        values["replications"],
    )
    with bar("fit") as on_progress:
        folder = experiment(
            Path(orders[0]),
            columns_from(named),
            asked.settings,
            search,
            scenario=asked.scenario,
            first_days=values["first_days"],
            next_days=values["next_days"],
            left_out_days=values["left_out_days"],
            time_format=values["time_format"],
            time_zone=values["time_zone"],
            seed=values["seed"],
            overrides=[
                *households_unless_asked(asked.overrides, values["households"]),
                *asked.overrides,
            ],
            on_progress=on_progress,
        )
    print_table(scores_table(folder))
    for sentence in sentences(folder):
        say(sentence)
    if (home := folder / "conf").is_dir():
        chosen = f"behaviour={NAME} population={NAME}"
        if config_dir:
            say(f"Put what {home} holds into {config_dir} to run strategies with {chosen}.")
        else:
            say(f"Run strategies with it: repurchase compare --config-dir {home} {chosen}")
    say(f"Page: {write_page(folder)}")
    say(f"Results: {folder}")

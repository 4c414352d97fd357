"""The model: one world, one operator, and the phases of a day.

`RepurchaseModel` is an ordinary Mesa model. `step` lives one day, phase by phase; the phases
are listed once, in `PHASES`. The population is worked by the compiled engine; Mesa agents are
windows on it, made when somebody first asks for them.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from sim.agents import Windows, live_by_windows
from sim.behaviour.look import kept_share
from sim.engine import BLOCK, alarms, blank_slips, live_blocks, packed
from sim.evening import (
    SUMS,
    Shared,
    close_silent_groups,
    count_active_members,
    count_audiences,
    gather,
    settle,
)
from sim.operator.budget import Budget
from sim.operator.house import HOUSE_STATE, close_house, first_state, open_house
from sim.operator.lever import LEVERS, NAMES, Running, lever_records
from sim.quantity import as_record
from sim.rules.replacing import live_by
from sim.world.catalogue import category_records, use_table
from sim.world.communities import empty_groups, live_groups, no_groups_yet
from sim.world.daybook import DEED
from sim.world.household import AUDIENCES, NEVER
from sim.world.kocs import empty_kocs, live_kocs, recruit
from sim.world.market import calendar
from sim.world.records import SameNames, on_paper, pages
from sim.world.state import LEDGER_LINES, TALLY, TODAY, World

ACTIVE_DAYS = 30  # a member who reacted this recently is active (definition of L12)


def daily_type() -> np.dtype[Any]:
    """Layout of a day's figures: the census, the evening's sums, tallies, and cost by lever."""
    parts: list[Any] = [("day", "i8"), ("wait_minutes", "f8"), ("pace", "f8")]
    parts += [
        (name, "i8")
        for name in ("customers", "members", "active_members", "private_domain", "loyalty_members")
    ]
    parts += [(name, "i8") for name in ("groups_living", "groups_silent", "koc_posts", "served")]
    for kind in (SUMS, TALLY):
        parts += [(name, "i8") for name in kind.names or () if not kind[name].shape]
    parts += [(f"cost_{name}", "i8") for name in NAMES]
    parts += [(f"discount_{name}", "i8") for name in NAMES]
    return np.dtype(parts)


DAILY = daily_type()
# In this order: the house counts tickets ever, the evening those of the day.
FROM_HOUSE, FROM_SUMS, FROM_TALLY = (SameNames(k, DAILY) for k in (HOUSE_STATE, SUMS, TALLY))


class RepurchaseModel(Windows):
    """Households, their communities, the operator and its rivals, day by day.

    Parameters
    ----------
    config
        A `sim.config.Simulation`.
    seed
        Seed of the run, 0 to 2**62 - 1.
    threads
        Threads that share the population's blocks; no result depends on it.
    keep_deeds
        Whether the day's deeds are kept; a country's would not fit into memory.
    """

    def __init__(self, config: Any, seed: int, threads: int = 1, keep_deeds: bool = True) -> None:
        super().__init__(seed)
        live_by(config.rules)
        self.config = config
        self.seed_of_luck = seed
        self.day = -config.run.warmup_days
        self.first_day = self.day
        self.threads = threads
        self.keep_deeds = keep_deeds
        self.by_windows = False  # True: everybody lives through their Mesa window, in plain Python
        self.kocs_recruited = 0
        self.deeds: list[Any] = []
        self.daily: list[Any] = []
        self._make_world()
        self.operate(config.before, np.inf)

    # -- making -------------------------------------------------------------------------

    def _make_world(self) -> None:
        from sim.world.demography import demography, region_records
        from sim.world.followers import follower_counts, koc_households
        from sim.world.ties import friendships

        config, population = self.config, self.config.population
        days = config.run.warmup_days + config.run.days + 1
        households = population.households
        ties = friendships(population, self.seed_of_luck)
        kocs = empty_kocs(
            koc_households(ties),
            follower_counts(ties),
            config.community.kocs.first_credibility,
        )
        self.households = packed(0)
        self.alarms = alarms(households)
        self.newest_groups = no_groups_yet(len(population.regions))
        self.slips = blank_slips(households, self.threads)
        self.sums = np.zeros(1, SUMS)
        self.world = World(
            seed=self.seed_of_luck,
            first_day=self.first_day,
            behaviour=as_record(config.behaviour),
            levers=lever_records(config.before),
            house=as_record(config.before.house),
            community=as_record(config.community),
            demography=demography(population),
            region=region_records(population),
            category=category_records(population.categories),
            use_per_day=use_table(population.categories),
            calendar=calendar(config.market, self.first_day, days, config.run.start_day_of_year),
            today=np.zeros(1, TODAY).view(np.recarray),
            pressure=np.zeros((AUDIENCES, days)),
            groups=empty_groups(max(256, households // 16)),
            kocs=kocs,
            ties=ties,
            ordered_on=np.full(households, -NEVER, np.int16),
        )
        self.calendar = pages(self.world.calendar)
        self.house_state = first_state(self.world.house, households)

    def populate(self) -> None:
        """Settle the first families; not needed where a warmed-up world is taken over."""
        from sim.behaviour.beginning import begin_population
        from sim.world.synthesis import synthesise

        config = self.config
        self.households = synthesise(
            config.population,
            self.seed_of_luck,
            self.first_day,
            config.run.start_day_of_year,
        )
        self.world.pressure[:, 0] = self._resting_pressure()
        begin_population(self.households, self.slips.parents[0], self.world, self.first_day)

    def _resting_pressure(self) -> float:
        """Backlog of rivals' messages of a parent who has got them for ever."""
        kept = kept_share(1.0, self.config.behaviour.look.fatigue_half_life_days)
        return float(self.world.calendar[0].rival_messages / (1.0 - kept))

    def operate(self, operator: Any, yuan_per_customer_month: float) -> None:
        """From today on, run the operator this way, within this budget."""
        self.operator = operator
        self.world = self.world._replace(
            levers=lever_records(operator), house=as_record(operator.house)
        )
        self.levers = {name: self.world.levers[name] for name in NAMES}
        self.plans = {name: on_paper(own) for name, own in self.levers.items()}  # what plans read
        self.budget = Budget(operator, yuan_per_customer_month)

    # -- a day --------------------------------------------------------------------------

    def step(self) -> None:
        """Live one day."""
        for phase in PHASES:
            phase(self)
        self.day += 1

    def announce(self) -> None:
        """The budget sets each lever's power; levers say what holds for everyone today."""
        record = np.asarray(self.world.today).view(TODAY)
        record[:] = np.zeros(1, TODAY)
        today, market = on_paper(record[0]), self.calendar[self.day - self.first_day]
        today.prompt[:] = 1.0
        today.festival = market.festival
        house = self.operator.house
        today.first_contact_resolution = house.first_contact_resolution
        today.defect_share = house.defect_share
        today.desk_ratio = 1.0
        self.budget.open_day(self.day, int(self.house_state["customers"][0]))
        world = self.world._replace(house=house, today=(today,), calendar=self.calendar)
        for name, module in LEVERS.items():
            own = self.plans[name]
            own.power = self.levers[name]["power"] = self.budget.power(name)
            if hasattr(module, "plan"):
                module.plan(own, world, self.day)
        record[0] = tuple(vars(today).values())
        self._send_messages(today.broadcasts + market.rival_messages)

    def _send_messages(self, arrived: Any) -> None:
        """Messages of all senders, discounted at the pace at which they are digested."""
        pressure, now = self.world.pressure, self.day - self.first_day
        if now > 0:
            kept = kept_share(1.0, self.config.behaviour.look.fatigue_half_life_days)
            pressure[:, now] = kept * pressure[:, now - 1] + arrived

    def open_house(self) -> None:
        """Goods arrive, stock and the desk's queue set what buyers will meet today."""
        open_house(self.world.house, self.world.today, self.house_state, self.day)

    def run_communities(self) -> None:
        """Chats and KOCs: yesterday's posts become today's reading."""
        world, memory_days = self.world, self.config.community.reading_memory_days
        live_groups(world.groups, world.seed, memory_days, world.today, self.day)
        self.koc_posts = live_kocs(
            world.kocs, world.seed, world.community.kocs, world.today, self.households, self.day
        )
        if self.day % 30 == 0:
            self._recruit_kocs()

    def _recruit_kocs(self) -> None:
        own, kocs = self.operator.koc, self.world.kocs
        share = own.recruited_share if self.budget.power("koc") > 0 else 0.0
        least = 0
        if share > 0 and len(kocs):
            least = int(np.quantile(kocs["followers"], 1 - share, method="higher"))
        self.kocs_recruited = recruit(kocs, self.households, share, own.least_trust, least)

    def live(self) -> None:
        """Every household that wakes lives its day."""
        if self.by_windows:
            live_by_windows(self)
            return
        blocks = len(self.slips.counts)
        threads = min(self.threads, blocks)
        world, day = self.world, self.day

        def work(thread: int) -> None:
            first, last = blocks * thread // threads, blocks * (thread + 1) // threads
            live_blocks(self.households, self.alarms, world, day, self.slips, thread, first, last)

        if threads == 1:
            work(0)
        else:
            list(self.pool.map(work, range(threads)))

    @property
    def pool(self) -> ThreadPoolExecutor:
        """Threads that share the population's blocks."""
        if not hasattr(self, "_pool"):
            self._pool = ThreadPoolExecutor(self.threads)
        return self._pool

    def settle(self) -> None:
        """Deeds become tomorrow's chats, stock, queue and what friends can see."""
        world, slips, rules = self.world, self.slips, self.operator.community
        shared = Shared(
            house=world.house,
            groups=world.groups,
            newest_groups=self.newest_groups,
            ordered_on=world.ordered_on,
            households=self.households,
            alarms=self.alarms,
        )
        settle(shared, rules.size_cap, slips.deeds, slips.counts, self.day, self.sums)
        self.served = close_house(world.house, world.today, self.house_state, self.sums)
        if self.day % 7 == 0 and self.budget.power("community") > 0:
            close_silent_groups(world.groups, self.day, rules.close_after_days)
        if self.keep_deeds:
            kept = np.empty(int(slips.counts.sum()), DEED)
            gather(slips.deeds, slips.counts, kept)
            self.deeds.append(kept)

    def keep_books(self) -> None:
        """The ledger: what the day cost by lever; the budget learns of it. And the census."""
        tallies = _added_up(self.slips.tallies)
        cost, discount = (tallies[name][0, : len(NAMES)] for name in ("cost_fen", "discount_fen"))
        cost += self.budget.fixed_fen(int(self.house_state["customers"][0]))
        cost += self._running_costs_fen()
        self.budget.close_day(int(cost.sum() + discount.sum()))
        rows = np.zeros(1, DAILY)
        FROM_HOUSE.copy(self.house_state, rows)
        FROM_SUMS.copy(self.sums, rows)
        FROM_TALLY.copy(tallies, rows)
        rows.view(np.int64)[-2 * len(NAMES) :] = (*cost, *discount)  # the layout's last fields
        row = rows[0]
        row["day"] = self.day
        row["pace"] = self.budget.pace
        row["wait_minutes"] = self.world.today["wait_minutes"][0]
        row["koc_posts"], row["served"] = self.koc_posts, self.served
        self._count(row)
        self.daily.append(row)

    def _running_costs_fen(self) -> Any:
        """What today's chats, KOCs and messages cost, by ledger line."""
        running = Running(self._open_groups(), self.kocs_recruited, self._messages_sent())
        costs = np.zeros(len(NAMES), np.int64)
        for line, name in enumerate(NAMES):
            if hasattr(LEVERS[name], "daily_cost_yuan"):
                costs[line] = int(LEVERS[name].daily_cost_yuan(self.plans[name], running) * 100)
        return costs

    def _open_groups(self) -> int:
        groups = np.asarray(self.world.groups)[: int(self.newest_groups[0, -1])]
        return int(((groups["closed_day"] == NEVER) & (groups["members"] > 0)).sum())

    def _messages_sent(self) -> int:
        sent = self.world.today["broadcasts"][0]
        if not sent.any():
            return 0
        sizes = np.zeros(AUDIENCES, np.int64)
        count_audiences(self.alarms, sizes)
        return int((sent * sizes).sum())

    def _count(self, row: Any) -> None:
        if self.day % ACTIVE_DAYS == 0 or not self.daily:  # a census touches every record
            self.active = count_active_members(self.households, self.day, ACTIVE_DAYS)
        row["active_members"] = self.active
        founded = int(self.newest_groups[0, -1])
        silent = np.asarray(self.world.groups)["silent_day"][:founded]
        row["groups_silent"] = int((silent < NEVER).sum())
        row["groups_living"] = founded - row["groups_silent"]


def _added_up(tallies: Any) -> Any:
    """The tallies of all blocks as one; every field is a whole number of eight bytes."""
    numbers = tallies.view(np.int64).reshape(len(tallies), -1)
    return numbers.sum(axis=0).view(TALLY)


PHASES: tuple[Callable[[RepurchaseModel], None], ...] = (
    RepurchaseModel.announce,
    RepurchaseModel.open_house,
    RepurchaseModel.run_communities,
    RepurchaseModel.live,
    RepurchaseModel.settle,
    RepurchaseModel.keep_books,
)

__all__ = ["BLOCK", "HOUSE_STATE", "LEDGER_LINES", "PHASES", "RepurchaseModel", "daily_type"]

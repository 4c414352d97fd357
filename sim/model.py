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
    DAILY,
    SUMS,
    Books,
    Shared,
    close_silent_groups,
    count_active_members,
    gather,
    keep_books,
    settle,
)
from sim.morning import announce
from sim.operator.budget import Budget
from sim.operator.house import HOUSE_STATE, close_house, first_state, open_house
from sim.operator.lever import lever_records
from sim.quantity import as_record
from sim.rules.replacing import live_by
from sim.world.catalogue import category_records, use_table
from sim.world.communities import empty_groups, live_groups, no_groups_yet
from sim.world.daybook import DEED
from sim.world.household import AUDIENCES, NEVER
from sim.world.kocs import empty_kocs, live_kocs, recruit
from sim.world.market import calendar
from sim.world.state import LEDGER_LINES, TALLY, TODAY, World

ACTIVE_DAYS = 30  # a member who reacted this recently is active (definition of L12)


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
        self.total = np.zeros(1, TALLY)
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
        self.budget = Budget(yuan_per_customer_month)

    # -- a day --------------------------------------------------------------------------

    def step(self) -> None:
        """Live one day."""
        for phase in PHASES:
            phase(self)
        self.day += 1

    def announce(self) -> None:
        """The budget sets each lever's power; levers say what holds for everyone today."""
        self.budget.open_day(self.day, int(self.house_state["customers"][0]))
        announce(self.world, self.budget.pace, self.day)

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
        share = own.recruited_share if self.world.levers.koc.power > 0 else 0.0
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
        if self.day % 7 == 0 and world.levers.community.power > 0:
            close_silent_groups(world.groups, self.day, rules.close_after_days)
        if self.keep_deeds:
            kept = np.empty(int(slips.counts.sum()), DEED)
            gather(slips.deeds, slips.counts, kept)
            self.deeds.append(kept)

    def keep_books(self) -> None:
        """The ledger: what the day cost by lever, of which the budget learns; the day's figures."""
        if self.day % ACTIVE_DAYS == 0 or not self.daily:  # a census touches every record
            self.active = count_active_members(self.households, self.day, ACTIVE_DAYS)
        founded, pace = int(self.newest_groups[0, -1]), self.budget.pace
        rows = np.zeros(1, DAILY)
        spent = keep_books(self.books, founded, self.kocs_recruited, pace, self.day, rows)
        self.budget.close_day(spent)
        row = rows[0]
        row["active_members"], row["koc_posts"] = self.active, self.koc_posts
        row["served"] = self.served
        self.daily.append(row)

    @property
    def books(self) -> Books:
        """What the day's figures are read from."""
        world, slips = self.world, self.slips
        return Books(
            levers=world.levers,
            todays=world.today,
            states=self.house_state,
            sums=self.sums,
            tallies=slips.tallies,
            total=self.total,
            groups=world.groups,
            alarms=self.alarms,
        )


PHASES: tuple[Callable[[RepurchaseModel], None], ...] = (
    RepurchaseModel.announce,
    RepurchaseModel.open_house,
    RepurchaseModel.run_communities,
    RepurchaseModel.live,
    RepurchaseModel.settle,
    RepurchaseModel.keep_books,
)

__all__ = ["BLOCK", "HOUSE_STATE", "LEDGER_LINES", "PHASES", "RepurchaseModel"]

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
from sim.evening import SUMS, close_silent_groups, count_active_members, gather, settle
from sim.operator.budget import Budget
from sim.operator.house import HOUSE_STATE, close_house, first_state, open_house
from sim.operator.lever import LEVERS, NAMES, lever_records
from sim.quantity import as_record
from sim.world.catalogue import category_records, use_table
from sim.world.communities import empty_groups, live_groups, no_groups_yet
from sim.world.daybook import DEED
from sim.world.household import AUDIENCES, NEVER
from sim.world.kocs import empty_kocs, live_kocs, recruit
from sim.world.market import calendar
from sim.world.records import clear
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
    parts += [(name, SUMS[name].base) for name in SUMS.names or () if name != "packs_sold"]
    parts += [(name, "i8") for name in TALLY.names or () if not TALLY[name].shape]
    parts += [(f"cost_{name}", "i8") for name in NAMES]
    parts += [(f"discount_{name}", "i8") for name in NAMES]
    return np.dtype(parts)


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
        self.config = config
        self.seed_of_luck = seed
        self.day = -config.run.warmup_days
        self.first_day = self.day
        self.threads = threads
        self.keep_deeds = keep_deeds
        self.by_windows = False  # True: everybody lives through their Mesa window, in plain Python
        self.deeds: list[Any] = []
        self.daily: list[Any] = []
        self.daily_type = daily_type()
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
            house=as_record(config.operator.house),
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
        self.budget = Budget(operator, yuan_per_customer_month)

    # -- a day --------------------------------------------------------------------------

    def step(self) -> None:
        """Live one day."""
        for phase in PHASES:
            phase(self)
        self.day += 1

    def announce(self) -> None:
        """The budget sets each lever's power; levers say what holds for everyone today."""
        today = self.world.today[0]
        clear(today)
        today.prompt[:] = 1.0
        today.festival = self.world.calendar[self.day - self.first_day].festival
        house, state = self.world.house, self.house_state[0]
        today.first_contact_resolution = house.first_contact_resolution
        today.defect_share = house.defect_share
        today.desk_ratio = 1.0
        self.budget.open_day(self.world.levers, self.day, int(state.customers))
        for name, module in LEVERS.items():
            if hasattr(module, "plan"):
                module.plan(self.world.levers[name], self.world, self.day)
        self._send_messages()

    def _send_messages(self) -> None:
        """Messages of all senders, discounted at the pace at which they are digested."""
        pressure, now = self.world.pressure, self.day - self.first_day
        if now > 0:
            kept = kept_share(1.0, self.config.behaviour.look.fatigue_half_life_days)
            arrived = self.world.today[0].broadcasts + self.world.calendar[now].rival_messages
            pressure[:, now] = kept * pressure[:, now - 1] + arrived

    def open_house(self) -> None:
        """Goods arrive, stock and the desk's queue set what buyers will meet today."""
        open_house(self.world, self.house_state[0], self.day)

    def run_communities(self) -> None:
        """Chats and KOCs: yesterday's posts become today's reading."""
        live_groups(self.world, self.day)
        self.koc_posts = live_kocs(self.world, self.households, self.day)
        if self.day % 30 == 0:
            self._recruit_kocs()

    def _recruit_kocs(self) -> None:
        own, kocs = self.world.levers.koc, self.world.kocs
        share = own.recruited_share if own.power > 0 else 0.0
        least = 0
        if share > 0 and len(kocs):
            least = int(np.quantile(kocs["followers"], 1 - share, method="higher"))
        count = recruit(self.world, self.households, share, own.least_trust, least)
        self.koc_cost_fen = int(count * own.yuan_per_koc_month * 100 / 30)

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
        clear(self.sums[0])
        settle(
            self.world,
            self.households,
            self.alarms,
            self.newest_groups,
            int(self.world.levers.community.size_cap),
            self.slips.deeds,
            self.slips.counts,
            self.day,
            self.sums[0],
        )
        sums = self.sums[0]
        state = self.house_state[0]
        state.customers += int(sums["new_customers"] - sums["graduated_customers"])
        state.members += int(sums["joined_groups"] - sums["left_groups"])
        left = sums["left_private_domain"] + sums["graduated_private"]
        state.private_domain += int(sums["entered_private_domain"] - left)
        state.loyalty_members += int(sums["enrolled"] - sums["graduated_loyal"])
        self.served = close_house(
            self.world,
            self.house_state[0],
            sums["packs_sold"],
            int(sums["tickets"]),
            int(sums["unsolved_tickets"]),
        )
        after = int(self.world.levers.community.close_after_days)
        if self.day % 7 == 0:
            close_silent_groups(self.world.groups, self.day, after)
        if self.keep_deeds:
            kept = np.empty(int(self.slips.counts.sum()), DEED)
            gather(self.slips.deeds, self.slips.counts, kept)
            self.deeds.append(kept)

    def keep_books(self) -> None:
        """The ledger: what the day cost by lever; the budget learns of it. And the census."""
        tallies = self.slips.tallies
        cost = tallies["cost_fen"].sum(axis=0)[: len(NAMES)]
        discount = tallies["discount_fen"].sum(axis=0)[: len(NAMES)]
        cost = cost + self.budget.fixed_fen(int(self.house_state[0].customers))
        cost[NAMES.index("koc")] += getattr(self, "koc_cost_fen", 0)
        cost[NAMES.index("broadcast")] += self._message_cost_fen()
        self.budget.close_day(int(cost.sum() + discount.sum()))
        row = np.zeros(1, self.daily_type)[0]
        row["day"] = self.day
        row["pace"] = self.budget.pace
        row["wait_minutes"] = self.world.today[0].wait_minutes
        row["koc_posts"], row["served"] = self.koc_posts, self.served
        for name in SUMS.names or ():
            if name in row.dtype.names:
                row[name] = self.sums[0][name]
        for name in TALLY.names or ():
            if name in row.dtype.names:
                row[name] = tallies[name].sum()
        for line, name in enumerate(NAMES):
            row[f"cost_{name}"], row[f"discount_{name}"] = cost[line], discount[line]
        self._count(row)
        self.daily.append(row)

    def _message_cost_fen(self) -> int:
        own = self.world.levers.broadcast
        sent = self.world.today[0].broadcasts
        if own.power <= 0 or not sent.any():
            return 0
        sizes = np.bincount(self.alarms["audience"], minlength=AUDIENCES)
        return int((sent * sizes).sum() * own.yuan_per_message * 100)

    def _count(self, row: Any) -> None:
        if self.day % ACTIVE_DAYS == 0 or not self.daily:  # a census touches every record
            self.active = count_active_members(self.households, self.day, ACTIVE_DAYS)
        row["active_members"] = self.active
        for name in ("customers", "members", "private_domain", "loyalty_members"):
            row[name] = self.house_state[0][name]
        founded = int(self.newest_groups[0, -1])
        groups = self.world.groups[:founded]
        row["groups_silent"] = int((groups["silent_day"] < NEVER).sum())
        row["groups_living"] = founded - row["groups_silent"]


PHASES: tuple[Callable[[RepurchaseModel], None], ...] = (
    RepurchaseModel.announce,
    RepurchaseModel.open_house,
    RepurchaseModel.run_communities,
    RepurchaseModel.live,
    RepurchaseModel.settle,
    RepurchaseModel.keep_books,
)

__all__ = ["BLOCK", "HOUSE_STATE", "LEDGER_LINES", "PHASES", "RepurchaseModel", "daily_type"]

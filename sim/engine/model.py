"""The engine: one world, one operator, and the steps of a day.

`step` lives one day, one step after the other; they are listed once, in `DAY_STEPS`. `live_until`
lives many in one compiled call. Mesa is not needed here: `sim.agents.model` puts agents on top.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any

import numpy as np

from sim.engine.barrier import abort, new_barrier
from sim.engine.blocks import (
    blank_buffers,
    live_blocks,
    mark_left_out,
    note_sleepers,
    packed,
    wake_schedules,
)
from sim.engine.day_end import (
    DAILY,
    SUMS,
    Books,
    Shared,
    gather,
    keep_books,
    note_sent,
    settle,
    settle_levers,
)
from sim.engine.day_start import plan_day, run_communities
from sim.engine.many_days import Log, Scene, has_room, live_days, new_log
from sim.operator.budget import change_budget, new_budget
from sim.operator.combining import give_slots, plans_for
from sim.operator.discovery import MODULES, NAMES
from sim.operator.hooks import lever_records, local_records, shock_records
from sim.operator.operations import first_state, open_day
from sim.operator.own_records import EVENT, SELDOM, states_for
from sim.operator.reaching import nothing_noted
from sim.operator.regional import Local
from sim.operator.schedule import at_work, befalling, in_force, phases
from sim.operator.studying import next_study, study
from sim.parameters.quantity import as_numbers, as_record
from sim.rules.replacing import live_by
from sim.world.catalogue import category_records, use_table
from sim.world.communities import empty_groups, no_groups_yet
from sim.world.household import AUDIENCES, NEVER
from sim.world.kocs import empty_kocs
from sim.world.market import market_days
from sim.world.portable_math import decay_factor
from sim.world.state import CARRY_OVER, COUNTERS, FOLLOWS, TODAY, World

LEAST_BLOCKS = 4  # of a thread; with fewer, threads wait longer for each other than they save


class RunOverError(RuntimeError):
    """A day after the last of a run was to be lived; the message says how to have more."""


class Engine:
    """Households, their communities, the operator and its rivals, day by day.

    Parameters
    ----------
    config
        A `sim.config.loading.Simulation`.
    seed
        Seed of the run, 0 to 2**62 - 1.
    threads
        Threads that share the population's blocks; no result depends on it.
    keep_events
        Whether the day's event records are kept; a country's would not fit into memory.
    panel
        Event records of one household in so many are kept; see `sim.engine.panel`.
    """

    def __init__(
        self,
        config: Any,
        seed: int,
        threads: int = 1,
        keep_events: bool = True,
        panel: int = 1,
    ) -> None:
        live_by(config.rules)
        self.config = config
        self.behaviour = as_numbers(config.behaviour)  # for rules that are asked from Python
        self.seed_of_luck = seed
        self.day = -config.run.warmup_days
        self.first_day = self.day
        self.threads = threads
        self.keep_events = keep_events
        self.panel = panel
        self.events: list[Any] = []
        self._log: Log | None = None
        self._opened = self.first_day - 1  # the last day whose morning has begun
        self.daily: list[Any] = []
        self.regions = [region.name for region in config.population.regions]
        self.schedule = phases(config)  # of the strategy, from day 0 on
        works = [(config.before, befalling(config.shocks, self.first_day))]
        works += [(phase.operator, phase.shocks) for phase in self.schedule]
        self.seldom = any(SELDOM & at_work(*each) for each in works)
        self._make_world()
        self.operate(in_force(config.before, self.day), np.inf)

    # -- making -------------------------------------------------------------------------

    def _make_world(self) -> None:
        from sim.world.demography import demography, region_records
        from sim.world.followers import follower_counts, koc_households
        from sim.world.ties import friendships

        config, population = self.config, self.config.population
        days = config.run.warmup_days + config.run.days + 1
        households, people = population.households, demography(population)
        ties = friendships(population, self.seed_of_luck)
        local_levers, local_row = local_records((), self.regions)
        kocs = empty_kocs(
            koc_households(ties),
            follower_counts(ties),
            config.community.kocs.first_credibility,
        )
        self.households = packed(0)
        self.wake_schedules = wake_schedules(households)
        self.newest_groups = no_groups_yet(len(population.regions))
        self.buffers = blank_buffers(households, self.threads)
        self.noted = nothing_noted(households, len(self.buffers.counts), self.panel)
        self.sums = np.zeros(1, SUMS)
        self.total_counters = np.zeros(1, COUNTERS)
        self.carry_over = np.zeros(1, CARRY_OVER).view(np.recarray)
        self.carry_over.active_members = -1  # not counted yet
        self.world = World(
            seed=self.seed_of_luck,
            first_day=self.first_day,
            behaviour=as_record(config.behaviour),
            levers=lever_records(config.before, self.regions),
            local_levers=local_levers,
            local_row=local_row,
            shocks=shock_records(befalling(config.shocks, self.first_day)),
            operations=as_record(config.before.operations),
            community=as_record(config.community),
            demography=people,
            region=region_records(population),
            category=category_records(population.categories),
            use_per_day=use_table(population.categories),
            calendar=market_days(
                config.market, people, self.first_day, days, config.run.start_day_of_year
            ),
            today=np.zeros(1, TODAY).view(np.recarray),
            pressure=np.zeros((AUDIENCES, days)),
            groups=empty_groups(max(256, households // 16)),
            kocs=kocs,
            ties=ties,
            ordered_on=np.full(households, -NEVER, np.int16),
            opinions=np.zeros(households, np.uint8),
            states=states_for(households, (), seldom=self.seldom),
        )
        self.plans = plans_for(len(MODULES))
        self.operations_state = first_state(self.world.operations, households)

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
        begin_population(self.households, self.buffers.parents[0], self.world, self.first_day)

    def _resting_pressure(self) -> float:
        """Backlog of rivals' messages of a parent who has got them for ever."""
        kept = decay_factor(1.0, self.config.behaviour.look.fatigue_half_life_days)
        return float(self.world.calendar[0].rival_messages / (1.0 - kept))

    def operate(
        self, operator: Any, yuan_per_customer_month: float, local: Sequence[Local] = ()
    ) -> None:
        """From today on, run the operator this way, within this budget, of which all is left."""
        self._work_as(operator, local)
        self.budget = new_budget(yuan_per_customer_month)

    def _open_morning(self) -> None:
        """Work as the strategy says from today on; levers that learn do where it is time."""
        if self._opened == self.day:  # days in one breath may stop within a morning
            return
        self._operate_as_scheduled()
        study(self.operator, self.world, self.day)
        self._opened = self.day

    def _operate_as_scheduled(self) -> None:
        """Where a phase of the strategy begins today, work as it says."""
        for phase in self.schedule[1:]:
            if phase.first_day == self.day:
                self._work_as(phase.operator, phase.local)
                change_budget(
                    self.budget[0],
                    phase.budget_yuan_per_customer_month,
                    int(self.operations_state[0].customers),
                    self.day,
                )

    def _work_as(self, operator: Any, local: Sequence[Local]) -> None:
        self.operator = operator
        local_levers, local_row = local_records(local, self.regions)
        shocks = befalling(self.config.shocks, self.day)
        in_use = at_work(operator, shocks)
        self.seldom = self.seldom or bool(SELDOM & in_use)  # of a model that is worked by hand
        self.world = self.world._replace(
            levers=lever_records(operator, self.regions),
            local_levers=local_levers,
            local_row=local_row,
            shocks=shock_records(shocks),
            operations=as_record(operator.operations),
            states=states_for(
                self.config.population.households, in_use, self.world.states, seldom=self.seldom
            ),
        )
        slots = [int(self.world.levers[name].slot) for name in NAMES]
        settled = len(self.households) > 0
        if settled and (max(slots) >= 0 or (self.plans.slots >= 0).any()):
            mark_left_out(
                self.households, self.wake_schedules, self.buffers.parents[0], self.world, self.day
            )
        give_slots(self.plans, slots)
        if settled and self.day >= 0:
            self.note_everybody()

    def note_everybody(self) -> None:
        """Note whom levers may reach as things are, also of those who sleep."""
        parent = self.buffers.parents[0]
        note_sleepers(self.households, parent, self.world, self.noted, self.day)

    @property
    def state(self) -> dict[str, Any]:
        """Every array that tomorrow depends on, beside configuration and seed, by its name.

        Whatever is not declared to follow from these (`FOLLOWS`) belongs to it, so that nothing
        new can be forgotten where a world is kept and taken up again.
        """
        shared = {name: part for name, part in self.world._asdict().items() if name not in FOLLOWS}
        kept = shared.pop("states")._asdict().items()
        levers = {f"states.{n}": part for n, part in kept if part is not None and len(part) > 0}
        own = {name: part for name, part in vars(self).items() if isinstance(part, np.ndarray)}
        return dict(sorted({**own, **shared, **levers}.items()))

    # -- a day --------------------------------------------------------------------------

    def step(self) -> None:
        """Live one day; after the run's last, `running` is False.

        Raises
        ------
        RunOverError
            If the run's days are over.
        """
        self._must_last_until(self.day + 1)
        for step in DAY_STEPS:
            getattr(self, step.__name__)()
        self._reach(self.day + 1)

    def _reach(self, day: int) -> None:
        self.day = day
        self.running = day < self.config.run.days

    def _must_last_until(self, day: int) -> None:
        """Refuse days for which there is neither calendar nor room."""
        days = self.config.run.days
        if day > days:
            self.running = False
            raise RunOverError(
                f"This run has {days:,} days and all of them are lived: set run.days to as many "
                "as you want."
            )

    def plan_day(self) -> None:
        """The budget sets each lever's power; levers say what holds for everyone today."""
        self._open_morning()
        plan_day(self.world, self.plans, self.operations_state, self.budget, self.day)

    def open_day(self) -> None:
        """Goods arrive, stock and the desk's queue set what buyers will meet today."""
        open_day(self.world.operations, self.world.today, self.operations_state, self.day)

    def run_communities(self) -> None:
        """Chats and KOCs: yesterday's posts become today's reading."""
        run_communities(self.world, self.households, self.carry_over, self.day)

    def live(self) -> None:
        """Every household that wakes lives its day."""
        world, day, buffers = self.world, self.day, self.buffers
        blocks, threads = len(buffers.counts), self.busy_threads

        def work(thread: int) -> None:
            first, last = blocks * thread // threads, blocks * (thread + 1) // threads
            live_blocks(
                self.households,
                self.wake_schedules,
                world,
                day,
                buffers,
                self.noted,
                thread,
                first,
                last,
            )

        if threads == 1:
            work(0)
        else:
            list(self.pool.map(work, range(threads)))

    @property
    def busy_threads(self) -> int:
        """Threads that each have enough to do to be worth waiting for."""
        return max(min(self.threads, len(self.buffers.counts) // LEAST_BLOCKS), 1)

    @property
    def pool(self) -> ThreadPoolExecutor:
        """Threads that share the population's blocks."""
        if not hasattr(self, "_pool"):
            self._pool = ThreadPoolExecutor(self.threads)
        return self._pool

    def settle(self) -> None:
        """Event records become tomorrow's chats, stock, queue and what friends can see."""
        buffers = self.buffers
        settle(self.shared, buffers.events, buffers.counts, self.sums, self.carry_over, self.day)
        settle_levers(self.world, self.shared, buffers, self.day)
        if self.keep_events:
            kept = np.empty(int(buffers.counts.sum()), EVENT)
            written = gather(buffers.events, buffers.counts, self.panel, kept, 0)
            self.events.append(kept[:written].copy())

    def keep_books(self) -> None:
        """The ledger: what the day cost by lever, of which the budget learns; the day's figures."""
        rows = np.zeros(1, DAILY).view(np.recarray)
        note_sent(self.plans, self.wake_schedules, self.noted, self.day)
        keep_books(self.shared, self.books, self.day, rows)
        self.daily.append(rows[0])

    @property
    def shared(self) -> Shared:
        """What all households share."""
        world = self.world
        return Shared(
            operations=world.operations,
            groups=world.groups,
            kocs=world.kocs,
            newest_groups=self.newest_groups,
            ordered_on=world.ordered_on,
            opinions=world.opinions,
            households=self.households,
            wake_schedules=self.wake_schedules,
            today=world.today,
            states=self.operations_state,
        )

    @property
    def books(self) -> Books:
        """What the books are kept on."""
        levers, all_counters = self.world.levers, self.buffers.all_counters
        kept, totals = self.world.states, (self.sums, all_counters, self.total_counters)
        return Books(levers, kept, self.budget, self.carry_over, *totals)

    # -- many days ----------------------------------------------------------------------

    def live_until(self, until: int) -> None:
        """Live every day before `until`: the same days as one `step` after the other.

        Raises
        ------
        RunOverError
            If the run ends before.
        """
        self._must_last_until(until)
        while self.day < until:
            self._open_morning()
            pause = min(
                [phase.first_day for phase in self.schedule if phase.first_day > self.day] + [until]
            )
            pause = next_study(self.operator, self.day, pause)
            scene = Scene(self.world, self.plans, self.buffers, self.shared, self.books, self.noted)
            log = self._log_of(pause - self.day)
            first = int(log.lengths[0])
            reached = self._live_days(scene, log, pause)
            if self.keep_events:
                self.events.append(log.kept[first : log.lengths[0]])
            self.daily += list(log.rows[: reached - self.day])
            self._reach(reached)

    def _live_days(self, scene: Scene, log: Log, until: int) -> int:
        """`live_days` by all threads; whatever stops one of them, no other waits for it."""
        barrier, threads = new_barrier(), self.busy_threads

        def share(thread: int) -> int:
            try:
                return live_days(scene, log, self.day, until, barrier, thread, threads)
            except BaseException:
                abort(barrier)
                raise

        if threads > 1:  # compile before the others come: each would begin anew after Ctrl-C
            live_days(scene, log, self.day, self.day, barrier, 0, 1)
        others: list[Future[int]] = []
        try:
            others += (self.pool.submit(share, thread) for thread in range(1, threads))
            reached = share(0)
        except BaseException:
            abort(barrier)
            raise
        finally:
            wait(others)
        for other in others:
            other.result()
        return reached

    def _log_of(self, days: int) -> Log:
        """Where so many days are written down: below the last events, while there is room."""
        households = len(self.households)
        if self._log is None or not has_room(self._log, households):
            self._log = new_log(days, self._events_at_once(), self.panel)
        else:
            self._log = self._log._replace(rows=np.zeros(days, DAILY))
        return self._log

    def _events_at_once(self) -> int:
        return max(2 * len(self.households) // self.panel, 1 << 16) if self.keep_events else 0


DAY_STEPS: tuple[Callable[[Engine], None], ...] = (
    Engine.plan_day,
    Engine.open_day,
    Engine.run_communities,
    Engine.live,
    Engine.settle,
    Engine.keep_books,
)

__all__ = ["DAY_STEPS", "Engine", "RunOverError"]

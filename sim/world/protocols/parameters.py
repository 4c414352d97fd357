"""Parameters of all rules and of all levers, each under its own name.

Rules and levers are found, not listed, by whoever runs them. A type checker finds nothing by
itself: only here each of them has a line, which `make reference` writes, so that a misspelt one is
refused before it runs.
"""

from typing import TYPE_CHECKING, Any, ClassVar, Protocol

if TYPE_CHECKING:  # rules and levers are above this room
    from dataclasses import Field

    # begin: types of rules
    from sim.behaviour.basket import Parameters as Basket
    from sim.behaviour.believe import Parameters as Believe
    from sim.behaviour.choose import Parameters as Choose
    from sim.behaviour.consent import Parameters as Consent
    from sim.behaviour.judge import Parameters as Judge
    from sim.behaviour.look import Parameters as Look
    from sim.behaviour.need import Parameters as Need
    from sim.behaviour.recommend import Parameters as Recommend
    from sim.behaviour.rewards import Parameters as Rewards
    from sim.behaviour.stay import Parameters as Stay
    from sim.behaviour.talk import Parameters as Talk

    # end: types of rules
    from sim.operator.common import LeverParameters

    # begin: types of levers
    from sim.operator.levers.acquisition import Parameters as Acquisition
    from sim.operator.levers.advisors import Parameters as Advisors
    from sim.operator.levers.after_sales import Parameters as AfterSales
    from sim.operator.levers.broadcast import Parameters as Broadcast
    from sim.operator.levers.care import Parameters as Care
    from sim.operator.levers.check_in import Parameters as CheckIn
    from sim.operator.levers.community import Parameters as Community
    from sim.operator.levers.consent_design import Parameters as ConsentDesign
    from sim.operator.levers.content import Parameters as Content
    from sim.operator.levers.coupons import Parameters as Coupons
    from sim.operator.levers.delivery import Parameters as Delivery
    from sim.operator.levers.distribution import Parameters as Distribution
    from sim.operator.levers.funnel import Parameters as Funnel
    from sim.operator.levers.group_buying import Parameters as GroupBuying
    from sim.operator.levers.honours import Parameters as Honours
    from sim.operator.levers.koc import Parameters as Koc
    from sim.operator.levers.livestream import Parameters as Livestream
    from sim.operator.levers.member_days import Parameters as MemberDays
    from sim.operator.levers.milestones import Parameters as Milestones
    from sim.operator.levers.paid_membership import Parameters as PaidMembership
    from sim.operator.levers.personas import Parameters as Personas
    from sim.operator.levers.points import Parameters as Points
    from sim.operator.levers.prediction import Parameters as Prediction
    from sim.operator.levers.recommendation import Parameters as Recommendation
    from sim.operator.levers.referral import Parameters as Referral
    from sim.operator.levers.reminders import Parameters as Reminders
    from sim.operator.levers.service_desk import Parameters as ServiceDesk
    from sim.operator.levers.stores import Parameters as Stores
    from sim.operator.levers.tiers import Parameters as Tiers
    from sim.operator.levers.transparency import Parameters as Transparency
    from sim.operator.levers.welcome import Parameters as Welcome

    # end: types of levers
    from sim.operator.operations import Parameters as Operations


class Behaviour(Protocol):
    """Parameters of every file of rules."""

    # begin: rules
    basket: "Basket"
    believe: "Believe"
    choose: "Choose"
    consent: "Consent"
    judge: "Judge"
    look: "Look"
    need: "Need"
    recommend: "Recommend"
    rewards: "Rewards"
    stay: "Stay"
    talk: "Talk"
    # end: rules


class Levers(Protocol):
    """Parameters of every lever."""

    # begin: levers
    acquisition: "Acquisition"
    advisors: "Advisors"
    after_sales: "AfterSales"
    broadcast: "Broadcast"
    care: "Care"
    check_in: "CheckIn"
    community: "Community"
    consent_design: "ConsentDesign"
    content: "Content"
    coupons: "Coupons"
    delivery: "Delivery"
    distribution: "Distribution"
    funnel: "Funnel"
    group_buying: "GroupBuying"
    honours: "Honours"
    koc: "Koc"
    livestream: "Livestream"
    member_days: "MemberDays"
    milestones: "Milestones"
    paid_membership: "PaidMembership"
    personas: "Personas"
    points: "Points"
    prediction: "Prediction"
    recommendation: "Recommendation"
    referral: "Referral"
    reminders: "Reminders"
    service_desk: "ServiceDesk"
    stores: "Stores"
    tiers: "Tiers"
    transparency: "Transparency"
    welcome: "Welcome"
    # end: levers


class LeverRecords(Levers, Protocol):
    """The levers as they act, which are looked up by name too: see `levers_type`."""

    def __getitem__(self, name: str, /) -> "LeverParameters": ...


class Operator(Levers, Protocol):
    """The operator in a configuration: every lever's settings, and those of operations."""

    operations: "Operations"
    __dataclass_fields__: ClassVar[dict[str, "Field[Any]"]]

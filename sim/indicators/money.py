"""Money: sales, margins, what levers cost, what a customer is worth."""

from functools import partial
from math import fsum  # `sum` rounds otherwise from Python 3.12 on

import numpy as np

from sim.indicators.book import Book
from sim.indicators.observed import (
    MONTH_DAYS,
    Array,
    columns_with_prefix,
    daily_column,
    fees_of,
)
from sim.indicators.registry import (
    Indicator,
    Measured,
    indicator,
    ratio,
    total,
    whole,
)

FEN = 100.0
GIVEN = "price cuts, points redeemed and costs of levers in the measurement year"
SALES = ("orders", "revenue_fen", "goods_cost_fen", "private_revenue_fen", "new_customers")


def _paid_yuan(book: Book) -> Array:
    return book.once(_money, "paid_fen")


def _margin_yuan(book: Book) -> Array:
    return _paid_yuan(book) - book.once(_money, "goods_cost_fen")


def _money(book: Book, line: str) -> Array:
    fen = getattr(book.orders, line)[book.year]
    return book.per_family(book.orders.family[book.year], fen) / FEN


@indicator("orders", "orders", "the operator's filled orders in the measurement year", "one")
def orders(book: Book) -> Measured:
    """Number of orders."""
    return total(book, book.orders_in_year)


@indicator(
    "customers", "customers", "families with at least one order in the measurement year", "one"
)
def customers(book: Book) -> Measured:
    """Number of customers."""
    return total(book, book.orders_in_year > 0)


@indicator("revenue_yuan", "yuan", "money paid to the operator in the measurement year", "one")
def revenue(book: Book) -> Measured:
    """Sales as paid, after discounts, coupons and points."""
    return total(book, _paid_yuan(book))


@indicator("gross_margin_yuan", "yuan", "money paid less cost of goods, measurement year", "one")
def gross_margin(book: Book) -> Measured:
    """Gross margin."""
    return total(book, _margin_yuan(book))


@indicator(
    "revenue_per_customer_yuan",
    "yuan a customer",
    "money paid to the operator in the measurement year",
    "families with at least one order in it",
)
def revenue_per_customer(book: Book) -> Measured:
    """Sales per customer and year."""
    return ratio(book, _paid_yuan(book), book.orders_in_year > 0)


@indicator(
    "orders_per_customer",
    "orders a customer",
    "the operator's filled orders in the measurement year",
    "families with at least one order in it",
)
def orders_per_customer(book: Book) -> Measured:
    """Orders per customer and year."""
    return ratio(book, book.orders_in_year, book.orders_in_year > 0)


@indicator(
    "average_order_value_yuan",
    "yuan an order",
    "money paid to the operator in the measurement year",
    "the operator's filled orders in it",
)
def average_order_value(book: Book) -> Measured:
    """Mean money paid per order."""
    return ratio(book, _paid_yuan(book), book.orders_in_year)


@indicator(
    "private_domain_sales_share",
    "share",
    "money paid in the operator's private channel in the measurement year",
    "money paid to the operator in it",
)
def private_share(book: Book) -> Measured:
    """Share of sales made in the private domain."""
    here = book.year & (book.orders.store == 0)
    private = book.per_family(book.orders.family[here], book.orders.paid_fen[here]) / FEN
    return ratio(book, private, _paid_yuan(book))


def sales_by_day(book: Book) -> dict[str, Array]:
    """What was sold each day from 0 to everybody: by the orders, for a panel by the counters."""
    if book.observed.panel > 1:
        return {name: book.observed.daily[name] for name in SALES}
    orders, days = book.orders, book.days
    inside = (orders.day >= 0) & (orders.day < days)
    won = book.first_order_day
    private = orders.paid_fen * (orders.store == 0)
    fen = (orders.paid_fen, orders.goods_cost_fen, private)
    counted = (
        np.bincount(orders.day[inside], minlength=days),
        *(np.bincount(orders.day[inside], part[inside], days) for part in fen),
        np.bincount(won[(won >= 0) & (won < days)], minlength=days),
    )
    return dict(zip(SALES, counted, strict=True))


def spent_yuan(book: Book, prefix: str) -> dict[str, float]:
    """Amounts of the measurement year: costs by lever (`cost_`), price given up (`discount_`),
    costs of operations (`operations_`).
    """
    return book.once(_spent, prefix)


def _spent(book: Book, prefix: str) -> dict[str, float]:
    kept = columns_with_prefix(book.observed, prefix)
    return {name: float(fen[book.first :].sum()) / FEN for name, fen in kept.items()}


def _lever_cost(book: Book, lever: str) -> Measured:
    return whole(book, spent_yuan(book, "cost_")[lever])


def lever_costs(book: Book) -> list[Indicator]:
    """One indicator per lever whose cost the run's ledger kept."""
    return [
        Indicator(
            name=f"cost_{lever}_yuan",
            unit="yuan",
            numerator=f"paid out for the lever {lever} in the measurement year",
            denominator="one",
            measure=partial(_lever_cost, lever=lever),
            by_segment=False,
        )
        for lever in columns_with_prefix(book.observed, "cost_")
    ]


def _margin_of_all(book: Book) -> float:
    """Margin of the measurement year of everybody, as the costs are, not of the panel."""
    if book.observed.panel == 1:
        return float(_margin_yuan(book).sum())
    day = sales_by_day(book)
    return float((day["revenue_fen"] - day["goods_cost_fen"])[book.first :].sum()) / FEN


def _customer_months(book: Book) -> float:
    """Months of 30 days of all households that ever ordered: the base of the budget."""
    customers = daily_column(book.observed, "customers")
    if customers is None:
        return float("nan")
    return float(customers[book.first :].sum()) / MONTH_DAYS


def _contribution(book: Book) -> float:
    fees = float(fees_of(book.observed)[book.first :].sum()) / FEN
    return (
        _margin_of_all(book)
        + fees
        - fsum(spent_yuan(book, "cost_").values())
        - fsum(spent_yuan(book, "operations_").values())
    )


@indicator(
    "lever_cost_yuan",
    "yuan",
    "paid out for all levers in the measurement year",
    "one",
    by_segment=False,
)
def lever_cost(book: Book) -> Measured:
    """Cost of all levers."""
    return whole(book, fsum(spent_yuan(book, "cost_").values()))


@indicator(
    "contribution_yuan",
    "yuan",
    "gross margin and fees less lever costs, commission and fulfilment, measurement year",
    "one",
    by_segment=False,
)
def contribution(book: Book) -> Measured:
    """What is left for the operator."""
    return whole(book, _contribution(book))


@indicator(
    "contribution_per_customer_month_yuan",
    "yuan a customer-month",
    "gross margin and fees less lever costs, commission and fulfilment, measurement year",
    "its customer-months: 30 days of a household that ever ordered, as for budgets",
    by_segment=False,
)
def contribution_per_customer(book: Book) -> Measured:
    """Contribution per customer and month."""
    return whole(book, _contribution(book), _customer_months(book))


def _spend(book: Book) -> float:
    """All that is given up or paid: price cuts and points, and the costs of levers."""
    kinds = (spent_yuan(book, prefix) for prefix in ("cost_", "discount_"))
    return fsum(amount for kind in kinds for amount in kind.values())


def _customers_of_year(book: Book) -> float:
    return float((book.orders_in_year > 0).sum()) * book.observed.panel


@indicator("spend_yuan", "yuan", GIVEN, "one", by_segment=False)
def spend(book: Book) -> Measured:
    """All that is given up or paid."""
    return whole(book, _spend(book))


@indicator(
    "spend_per_customer_month_yuan",
    "yuan a customer-month",
    GIVEN,
    "its customer-months: 30 days of a household that ever ordered, as for budgets",
    by_segment=False,
)
def spend_per_customer(book: Book) -> Measured:
    """Spend per customer and month, to hold against a strategy's budget."""
    return whole(book, _spend(book), _customer_months(book))


@indicator(
    "spend_per_customer_yuan",
    "yuan a customer",
    GIVEN,
    "families with at least one order in it",
    by_segment=False,
)
def spend_per_customer_of_year(book: Book) -> Measured:
    """Spend per customer of the year: those who once ordered and no longer do are none."""
    return whole(book, _spend(book), _customers_of_year(book))


@indicator(
    "lever_cost_per_customer_yuan",
    "yuan a customer",
    "paid out for all levers in the measurement year",
    "families with at least one order in it",
    by_segment=False,
)
def lever_cost_per_customer(book: Book) -> Measured:
    """Of the spend per customer of the year, what is paid out; the rest is price given up."""
    return whole(book, fsum(spent_yuan(book, "cost_").values()), _customers_of_year(book))


@indicator(
    "return_on_spend",
    "yuan a yuan",
    "contribution of the measurement year",
    GIVEN,
    by_segment=False,
)
def return_on_spend(book: Book) -> Measured:
    """Contribution per yuan of spend: accounting, not what the levers caused."""
    return whole(book, _contribution(book), _spend(book))


def won(book: Book) -> Array:
    """Families whose first order fell in the measurement year."""
    return (book.first_order_day >= book.first) & (book.first_order_day < book.days)


@indicator(
    "new_customers", "customers", "families whose first order fell in the measurement year", "one"
)
def new_customers(book: Book) -> Measured:
    """Customers won."""
    return total(book, won(book))


@indicator(
    "acquisition_cost_yuan",
    "yuan a customer",
    "paid out for acquisition levers in the measurement year",
    "families whose first order fell in it",
    by_segment=False,
)
def acquisition_cost(book: Book) -> Measured:
    """Cost of winning a customer."""
    spent = spent_yuan(book, "cost_")
    cost = fsum(spent.get(lever, 0.0) for lever in book.observed.acquisition_levers)
    return whole(book, cost, float(won(book).sum()) * book.observed.panel)


__all__ = ["lever_costs", "sales_by_day", "spent_yuan", "won"]

"""The price of risk: Almgren-Chriss schedules from patient to hurried, each the cheapest for its variance.

The market is the example of Almgren and Chriss (2000): a million shares, five days, five trades.
Run: .venv/bin/python examples/04_schedule_frontier.py
"""

from sottovoce.models.schedule_ac import AlmgrenChrissMarket, efficient_frontier

market = AlmgrenChrissMarket(
    quantity=1_000_000,
    horizon=5.0,
    periods=5,
    sigma_price=0.95,
    gamma=2.5e-7,
    eta=2.5e-6,
    epsilon=0.0625,
)
print(f"{'risk aversion':>13} {'expected cost':>14} {'std dev':>11}  shares left after each day")
for point in efficient_frontier(market, (1e-8, 1e-7, 1e-6, 1e-5)):
    left = " ".join(f"{held:>9,.0f}" for held in point.holdings[1:])
    print(f"{point.risk_aversion:>13.0e} {point.expected_cost:>14,.0f} {point.standard_deviation:>11,.0f}  {left}")

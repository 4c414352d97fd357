"""What the operator can do: levers, the budget that binds them, and the house they run in."""

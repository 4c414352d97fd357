"""What the operator can do: levers, the budget that binds them, and the operations they run in."""

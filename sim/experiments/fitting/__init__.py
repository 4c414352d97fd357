"""An order log beside simulated customers: how alike they are, and what becomes of them."""

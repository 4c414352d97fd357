"""A strategy as a strategist handles it: drafted, told in words, reckoned up, doubted."""

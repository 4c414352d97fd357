"""What a parent does: one question of the model per file; `day` composes them."""

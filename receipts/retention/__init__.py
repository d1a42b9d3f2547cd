"""How long each kind is kept: the rules, what they would remove, and the removal."""

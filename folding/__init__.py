"""When two texts are the same text: one way of folding what people type, behind search, pickers, matching and uniqueness."""

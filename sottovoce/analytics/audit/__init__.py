"""The story of an order, told from its record in plain sentences, and the evidence for each of them."""

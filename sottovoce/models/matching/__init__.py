"""How venues turn orders into trades: lit books, midpoint pools, crosses, auctions, requests for quote."""

"""Order books as queues: birth and death at each price, moves when a queue empties."""

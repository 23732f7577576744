"""A venue in a process of its own, on the loopback interface: for trying what happens when either side dies."""

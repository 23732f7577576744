"""Pre-trade risk: nothing that raises exposure goes on without passing here, parent and child alike."""

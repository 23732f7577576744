"""Ways for an alert to reach a person: a log file, a command, a webhook on this machine."""

"""The front door: access, then syntax, reference and state; all failing checks of a stage are reported."""

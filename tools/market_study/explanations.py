"""Why a gate is not passed by a generator, where it is known: shown only as long as it fails.

By generator, then by the key of the gate (sottovoce.analytics.market_facts.gates).
"""

from __future__ import annotations

from collections.abc import Mapping

EXPLANATIONS: Mapping[str, Mapping[str, str]] = {"agents": {}, "queues": {}}

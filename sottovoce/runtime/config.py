"""One frozen configuration tree, read from TOML. An unknown key is an error; secrets never print."""

from __future__ import annotations

import os
import tomllib
from math import isfinite
from pathlib import Path

import msgspec

from sottovoce.core.access import Directory, Principal, Role
from sottovoce.core.errors import ConfigError
from sottovoce.core.ranges import Span
from sottovoce.models.market_watch import WatchConfig
from sottovoce.runtime.alarms import AlertsConfig
from sottovoce.stages.algos.envelope import EnvelopeConfig
from sottovoce.stages.algos.release import AlgoConfig
from sottovoce.stages.approval.config import ApprovalConfig
from sottovoce.stages.breakers.config import BreakerConfig
from sottovoce.stages.continuity import ContinuityConfig
from sottovoce.stages.escalations.config import EscalationConfig
from sottovoce.stages.executions.config import ExecutionsConfig
from sottovoce.stages.gateway.config import GatewayConfig
from sottovoce.stages.kills.kills import KillConfig
from sottovoce.stages.limits.config import LimitsPolicy
from sottovoce.stages.planning.config import PlanningConfig
from sottovoce.stages.record_keeping import ClockConfig
from sottovoce.stages.risk.limits import FIRM, ExposureLimit, RiskLimits
from sottovoce.stages.risk.policy import SIMULATION_POLICY, RiskPolicy
from sottovoce.stages.routing.candidates import RoutingConfig

SECRET_VARIABLE = "SOTTOVOCE_SECRET"
SIMULATION_SECRET = "known to everyone: for simulation only"
SECRET_LENGTH_MIN = 16

TRADER = "trader-1"
SIMULATED_RISK = "simulated-risk"
ACCOUNT = "FUND-A"

SIMULATION_DIRECTORY = Directory(
    principals=(
        Principal(name=TRADER, role=Role.TRADER, accounts=(ACCOUNT,)),
        Principal(name=SIMULATED_RISK, role=Role.RISK),
        Principal(name="simulated-risk-2", role=Role.RISK),
        Principal(name="simulated-compliance", role=Role.COMPLIANCE),
        Principal(name="simulated-compliance-2", role=Role.COMPLIANCE),
    )
)
SIMULATION_HOUSE = {
    "position_value": 1_000_000_000, "position_adv_ppm": 2_000_000, "price_age_liquid_ns": 60_000_000_000,
    "strategy_rate": 5_000, "instrument_rate": 5_000, "trader_rate": 50_000, "session_rate": 50_000,
    "loss": 100_000_000, "drawdown": 100_000_000, "envelope_ppm": 1_000_000, "adv_age_days": 10_000,
}  # fmt: skip
"""Simulated venues count no messages, a strategy is every order's, and a demonstration buys more than a desk."""
SIMULATION_LIMITS = RiskLimits(
    house=SIMULATION_HOUSE,
    exposures={
        FIRM: ExposureLimit(gross=2_000_000_000, net=500_000_000),
        ACCOUNT: ExposureLimit(gross=1_000_000_000, net=500_000_000),
    },
)


SIMULATION_ALGOS = AlgoConfig(envelope=EnvelopeConfig(pauses=False))
"""On a simulated day nobody would resume an order that is paused for leaving its plan: it is told of and goes on."""
SIMULATION_ESCALATIONS = EscalationConfig(attended=False)
"""Nobody answers on a simulated day: people are asked all the same, and no order stops for it."""


class Config(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything that can be set.

    The default is the simulation desk: one trader, one account, two people each in risk and compliance.
    max_quote_age_s: seconds after which a quote is not a price any more. model_registry: file of calibrated impact
    models, from the folder of this file; plans are made with those in use there, the published ones where none is.
    """

    directory: Directory = SIMULATION_DIRECTORY
    limits: RiskLimits = SIMULATION_LIMITS
    risk: RiskPolicy = SIMULATION_POLICY
    limits_policy: LimitsPolicy = LimitsPolicy()
    approval: ApprovalConfig = ApprovalConfig()
    planning: PlanningConfig = PlanningConfig()
    algos: AlgoConfig = SIMULATION_ALGOS
    routing: RoutingConfig = RoutingConfig()
    executions: ExecutionsConfig = ExecutionsConfig()
    breakers: BreakerConfig = BreakerConfig()
    kills: KillConfig = KillConfig()
    escalations: EscalationConfig = SIMULATION_ESCALATIONS
    alerts: AlertsConfig = AlertsConfig()
    continuity: ContinuityConfig = ContinuityConfig()
    clock: ClockConfig = ClockConfig()
    watch: WatchConfig = WatchConfig()
    gateway: GatewayConfig = GatewayConfig()
    max_quote_age_s: Span = 60.0
    model_registry: str = ""

    def __post_init__(self) -> None:
        if not self.max_quote_age_s > 0:
            raise ValueError("max_quote_age_s must be above 0")

    def secret_bytes(self) -> bytes:
        """The firm's secret: from the environment, else the one of the simulation, which protects nothing."""
        text = os.environ.get(SECRET_VARIABLE, SIMULATION_SECRET)
        if len(text) < SECRET_LENGTH_MIN:
            raise ConfigError(f"{SECRET_VARIABLE} must have {SECRET_LENGTH_MIN} characters or more", code="secret")
        return text.encode()[:64]


def load_config(path: Path | None) -> Config:
    """Read a configuration file; None gives the simulation desk. Raises ConfigError naming file and field."""
    if path is None:
        return Config()
    try:
        tree = tomllib.loads(path.read_text("utf-8"), parse_float=_finite)
        return _calibrated(msgspec.convert(tree, Config), path.parent)
    except OSError as error:
        raise ConfigError(f"cannot read {path}: {error.strerror}", code="config_unreadable") from error
    except (ValueError, RecursionError) as error:  # of TOML, of UTF-8, and of a value where it stands
        raise ConfigError(f"{path}: {error}", code="config_invalid") from error


def _calibrated(config: Config, folder: Path) -> Config:
    """With the models in use in the registry, where there is one. Raises NotFound, ConfigError, as the registry."""
    if not config.model_registry:
        return config
    from sottovoce.runtime.models_in_use import with_models

    planning = with_models(config.planning, folder / config.model_registry)
    return msgspec.structs.replace(config, planning=planning)


def _finite(text: str) -> float:
    """A figure a limit can be compared with: against NaN every check would pass."""
    figure = float(text)
    if not isfinite(figure):
        raise ValueError(f"{text} is not a figure to compare with")
    return figure

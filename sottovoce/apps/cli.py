"""The command line: parse, hand over, render. A traceback reaching the user is a bug.

Commands are loaded when they are used, so `sottovoce --help` does not wait for numpy.
"""

from __future__ import annotations

import io
import os
import sys

import cyclopts

from sottovoce import __version__
from sottovoce.apps import (
    audit_command,
    basket_command,
    basket_plan_command,
    calibrate_command,
    clock_command,
    conduct_command,
    desk_command,
    escalations_command,
    forecast_command,
    frontier_command,
    impact_commands,
    impact_transient_commands,
    instruments_command,
    journal_commands,
    limits_command,
    market_commands,
    plan_command,
    recover_command,
    run_command,
    scenario_command,
    schedule_basket_command,
    schedule_commands,
    schedule_model_commands,
    schedule_volume_commands,
    stats_command,
    tca_command,
)
from sottovoce.apps.output import UNKNOWN, USAGE, fail
from sottovoce.core.errors import ConnectivityError, InvariantError, MalformedMessage, SottovoceError

DEBUG_VARIABLE = "SOTTOVOCE_DEBUG"

app = cyclopts.App(
    name="sottovoce",
    help="Works the orders that are too big to send: plan, check, slice, route, and account for the cost.",
    version=__version__,
    help_format="plaintext",
)
app.command(plan_command.plan, name="plan")
app.command(run_command.run, name="run")
app.command(tca_command.tca, name="tca")
impact_commands.app.update(impact_transient_commands.app)
app.command(impact_commands.app)
app.command(forecast_command.app)
schedule_commands.app.update(schedule_model_commands.app)
schedule_commands.app.update(schedule_volume_commands.app)
schedule_commands.app.update(schedule_basket_command.app)
app.command(schedule_commands.app)
app.command(frontier_command.frontier, name="frontier")
app.command(calibrate_command.app)
app.command(market_commands.app)
app.command(limits_command.app)
app.command(journal_commands.app)
app.command(journal_commands.replay, name="replay")
app.command(recover_command.recover, name="recover")
app.command(recover_command.snapshot, name="snapshot")
app.command(instruments_command.instruments, name="instruments")
app.command(stats_command.stats, name="stats")
app.command(conduct_command.conduct, name="conduct")
app.command(escalations_command.escalations, name="escalations")
app.command(audit_command.app)
app.command(desk_command.app)
basket_command.app.update(basket_plan_command.app)
app.command(basket_command.app)
app.command(clock_command.clock, name="clock")
app.command(scenario_command.scenario, name="scenario")


def main(arguments: list[str] | None = None) -> None:
    """Entry point of the `sottovoce` command: exits with the codes of output.py."""
    given = sys.argv[1:] if arguments is None else arguments
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # an old terminal still gets every sentence
    sys.exit(run_command_line(given))


def run_command_line(arguments: list[str]) -> int:
    """Run one command; returns its exit code."""
    as_json = any(argument in ("--json", "--json=true") for argument in arguments)
    try:
        _refuse_what_is_not_text(arguments)
        result = app(arguments, exit_on_error=False, print_error=False, result_action="return_value")
    except cyclopts.CycloptsError as error:
        return fail(MalformedMessage(f"{error} See `sottovoce --help`.", code="usage"), as_json) or USAGE
    except SottovoceError as error:
        return fail(error, as_json)
    except KeyboardInterrupt:
        sys.stderr.write("sottovoce: stopped by you; what was journalled stays.\n")
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        return fail(ConnectivityError(f"The file system would not: {error}.", code="file_system"), as_json)
    except Exception as error:
        if os.environ.get(DEBUG_VARIABLE):
            raise
        sentence = f"Something failed inside ({type(error).__name__}: {error}). Set {DEBUG_VARIABLE}=1 to see where."
        return fail(InvariantError(sentence, code="defect"), as_json) or UNKNOWN
    return result if isinstance(result, int) else 0


def _refuse_what_is_not_text(arguments: list[str]) -> None:
    """Raises MalformedMessage for an argument with a NUL, or one whose bytes are not UTF-8."""
    for number, argument in enumerate(arguments, start=1):
        if "\0" in argument or any("\ud800" <= letter <= "\udfff" for letter in argument):
            raise MalformedMessage(f"Argument {number} is not readable text; type it again.", code="usage")


if __name__ == "__main__":
    main()

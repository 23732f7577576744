"""Why a change of limits or lists is refused, and what makes a limit meaningless: part of the table of reasons."""

from __future__ import annotations

from collections.abc import Mapping

from sottovoce.core.reason import Reason

_R = Reason
LIMIT_REASONS: Mapping[str, Reason] = {
    "limit_unknown": _R("no limit goes by this name", "see the table of limits for the name that is meant", "P10"),
    "limit_value": _R("the figure of a limit is not a whole number from 0", "correct the figure", "P10"),
    "limit_id": _R("a row has no id, or one that is too long", "give the row an id of its own", "P10"),
    "limit_owner": _R("a row has no owner", "name who answers for it", "P10"),
    "limit_review_date": _R("a limit has no day of review", "give an ISO date", "P10"),
    "limit_review_overdue": _R("the limit should have been reviewed by now", "review it, give the next date", "P10"),
    "limit_scope": _R("a row does not say whose it is, or names what does not exist", "correct level and scope", "P10"),
    "limit_window": _R("the window of a row ends before it begins, or has ended", "correct from and until", "P9"),
    "limit_stale": _R("the row is not the next version of what stands", "look at what stands now and ask again", "P9"),
    "limit_moved": _R("a row's id belongs to another limit", "give it an id of its own", "P9"),
    "limit_doubled": _R("another row stands in this place", "change that row instead", "P10"),
    "limit_required": _R("a mandatory row may be replaced and not removed", "set another figure", "P9"),
    "limit_jump": _R("one change would multiply the limit", "check the unit; raise it in steps if it is meant", "P10"),
    "limit_above_adv": _R("the cap is more than a day's average volume, so it stops nothing", "lower it", "P10"),
    "limit_above_use": _R("the limit is far above what the client has used in 60 days", "lower it", "P10"),
    "limit_above_collar": _R("the collar is wider than the venue's own, so it stops nothing", "narrow it", "P10"),
    "limit_soft_above_hard": _R("the soft limit is above its hard one, so it never warns", "lower the soft one", "P10"),
    "limit_child_above_parent": _R("a child's limit is above its parent's, so it never binds", "lower it", "P10"),
    "limit_above_firm": _R("the limit is looser than the firm's, so it never binds", "tighten it", "P10"),
    "limit_file": _R("the file of limits has a fault, and nothing of it was taken", "correct the file", "P9"),
    "list_unknown_instrument": _R("no instrument of that id is in the master", "check the id", "PT-12"),
    "list_not_kept": _R("the list is not kept at this level", "set up the list itself first", "PT-12"),
    "change_empty": _R("the change would change nothing, or is too large", "say what is to change", "P9"),
    "change_crowd": _R("too many changes are waiting", "approve or withdraw some of them first", "P9"),
    "change_reason": _R("a change needs a reason in words", "give the reason", "P9"),
    "change_unknown": _R("no change of that number is waiting", "see which changes wait", "P9"),
    "change_digest": _R("what was approved is not what is waiting", "look at the change again", "P9"),
    "change_moved": _R("the change would now loosen what was not shown when it was proposed", "propose it again", "P9"),
    "change_expired": _R("nobody approved the change in time", "propose it again", "P9"),
    "same_person": _R("who proposed a change, or acts for them, may not approve it", "ask another of the role", "P9"),
}

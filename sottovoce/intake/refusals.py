"""Refused before anything else: ways round the checks, and self-approval.

Rule R14 of the ticket language. What is matched here is used up, so that the rest of the ticket can still
be read and shown; the ticket itself is rejected.
"""

from __future__ import annotations

from sottovoce.intake.phrases import phrase
from sottovoce.intake.reading import TAKEN, Reading

_ADJECTIVES = (
    "any|all|the|our|my|your|its|those|these|this|that|of|usual|normal|standard|pre|trade|pretrade|risk|compliance|"
    "position|credit|notional|internal|desk|desks|firm|firms|daily|exposure|gross|net|hard|soft|fat|finger|"
    "order|trading|gateway|ems|system|safety|regulatory|price|size|volume|adv|participation|other|single|"
    "human|manual|second|person|pesky|silly|stupid|formal|required|and|or|every|s"
)
_ADJ = " ".join(f"[{_ADJECTIVES}]" for _ in range(4))
_CONTROLS = (
    "check|checks|checking|limits|control|controls|compliance|approval|approvals|collar|collars|gate|gates|"
    "guardrail|guardrails|restriction|restrictions|validation|validations|safeguard|safeguards|threshold|"
    "thresholds|sign off|sign offs|signoff|signoffs|restricted list|watch list|kill switch|circuit breaker|"
    "circuit breakers|risk desk|risk team|risk manager|risk department|risk people|approver|approvers|rules|"
    "risk rule|locate requirement|escalation|hold rule|hold|review|supervision|oversight|guidelines|policy|mandate"
)
_LIMIT = "limit !(<NM>|of|at|price|order|is)"
_VERBS = (
    "skip|skipping|ignore|ignoring|override|overriding|overrule|bypass|bypassing|by pass|disable|disabling|waive|"
    "waiving|disregard|disregarding|circumvent|circumventing|evade|evading|dodge|dodging|suppress|sidestep|"
    "sidestepping|deactivate|switch off|switching off|turn off|turning off|get around|getting around|get round|"
    "go around|going around|go round|work around|working around|get past|go past|slip past|sneak past|"
    "sneak around|push past|push through|blow through|cut through|beat|fool|trick|game|defeat|mute|"
    "forget|forget about|never mind|nevermind|omit|leave out|do not bother with|dont bother with|"
    "do not run|dont run|do not apply|dont apply|do not do|dont do|do not trigger|dont trigger|do not trip|dont trip|"
    "do not wait for|dont wait for|do not ask for|dont ask for|do not need|dont need|no need for|no need to|"
    "exceed|exceeding|breach|breaching|break|breaking|regardless of|irrespective of|despite|notwithstanding|"
    "in spite of|whatever|no matter|outside|avoid|avoiding|"
    "even if it breaches|even if it breaks|even if it exceeds|even if we breach|even if we exceed|even if over|"
    "even if it is over|even if above|even over|go over|going over|without going through|without hitting|"
    "without triggering|without tripping|without passing|without asking|without telling|without waiting for|"
    "do not tell|dont tell|do not involve|dont involve|hide it from|keep it from"
)
_LOOSEN = "remove|removing|lift|relax|loosen|raise|drop|increase|change|set|reset|clear|switch|take off"
_BRAZEN = (
    "skip|skipping|ignore|ignoring|override|overriding|overrule|bypass|bypassing|disable|switch off|turn off|get "
    "around|"
    "get past|work around|forget|forget about|never mind|no|without|minus|do not bother with|dont bother with"
)
_RESPECTED = phrase(
    f"(do not|dont|never|not|without) (exceed|exceeding|breach|breaching|break|breaking|go over|going over) "
    f"{_ADJ} (limits|{_LIMIT})"
)
_TAIL = "[this time|today|for now|for once|please|just this once|on this one|for this one|if needed|if necessary]"
_BYPASS = phrase(
    f"[and|then|but|also|just|please|so|to] ({_VERBS}) {_ADJ} ({_CONTROLS}|{_LIMIT}) {_TAIL}",
    f"({_LOOSEN}) {_ADJ} (limits|checks|controls|approvals|risk limit|position limit|credit limit|restrictions|"
    f"collars|collar)",
    f"[and|then|but|also|just|please|so] ({_BRAZEN}) [the|our|any] risk !(appetite|of)",
    f"[with|and] (no|without|minus|sans) [any] {_ADJ} ({_CONTROLS}) [needed|required|necessary] {_TAIL}",
    f"with {_ADJ} ({_CONTROLS}|limit) (off|disabled|switched off|turned off|suppressed|bypassed)",
    "[and|then|just] (force it|force this|force the order|force) through",
    "[and|then|just] (force it|force fill|override it|override everything|override|bypass|bypass everything)",
    "(off the books|off system|off book|outside the system)",
)
_DODGED = (
    "approval|approvals|approver|approvers|threshold|thresholds|limits|limit check|limit checks|risk limit|"
    "size limit|notional limit|order limit|desk limit|approval limit|sign off|signoff|permission|authorization|"
    "authorisation|review|compliance|surveillance|hold|holds|alert|alerts|alarm|alarms|escalation|checks|controls|"
    "risk check|risk checks|risk team|risk desk|risk manager|risk committee|the risk|supervisor|pm has to|flagged|"
    "fat finger|cap on order size|be approved|being approved|been approved|be held|being held|get held|reporting|"
    "approving|approves|approve|to approve"
)
_SHAPED = (
    "split|splitting|slice|slicing|break|breaking|chop|chopping|carve|cut|keep|keeping|size|sized|sizing|time|"
    "spread|send|enter|stagger|staggered|stay|staying|place|space|wait|hide|disguise|divide|chunk|clip|small|"
    "pieces|parts|chunks|slices|lots|tickets|orders|each|do|work"
)
_SHUN = (
    "avoid|avoids|avoiding|dodge|dodges|evade|evades|escape|escapes|duck|ducks|without|under|below|beneath|"
    "not|doesnt|dont|wont|never|isnt|arent|cant|miss|misses|beat|beats|sidestep|slip|slips|"
    "no|nobody|none|circumvent|get around|get round|past|less than|smaller than"
)
_DODGE = phrase(
    f"({_SHAPED}) ~9 ({_SHUN}) ~5 ({_DODGED}|{_LIMIT})",
    f"({_SHAPED}) ~6 [<NMPT>] ~6 ({_SHUN}) [<NMPT>] ~5 [<NMPT>] ~4 ({_DODGED})",
    f"({_SHAPED}) ~6 <NMPT> ~6 (so|to|and) ~5 ({_SHUN}) ~5 ({_DODGED}|{_LIMIT})",
    f"(so|to|and) ~4 ({_SHUN}) ~4 ({_DODGED}|{_LIMIT})",
    "(just|right|safely|well|comfortably) (under|below|beneath|inside) ~4 (threshold|limit !(<NM>|of|price)|"
    "approval|trigger|cap !(<NMP>|of|at))",
    f"(before|after|when|once|until|while) ~4 ({_DODGED}|limit) (reset|resets|refresh|refreshes|roll|rolls|lapse|"
    f"lapses)",
    "(while|when|before) ~3 (compliance|risk|risk manager|supervisor|surveillance) ~2 (away|out|lunch|asleep|"
    "looking|looks|notices|notice|sees)",
    "so ~2 (compliance|risk|surveillance|nobody|no one) ~2 (see|sees|notice|notices|knows|know|object|objects|asks)",
    f"({_SHUN}) (the|any|an|our) ({_DODGED})",
)  # fmt: skip
_SELF = (
    "[yourself|automatically|on my behalf|for me|myself|for us|without me|without asking|straight away|now|"
    "immediately|too|as well]"
)
_IT = (
    "[it|this|that|the order|the ticket|this order|the trade|this one|the release|the hold|the plan|everything|them|"
    "all]"
)
_APPROVAL = phrase(
    "[and|then|just|please|also|,] (approve|approves|approving|approved|self approve|self approved|auto approve|"
    "auto approved|"
    f"preapprove|preapproved|pre approve|pre approved|authorise|authorize|authorised|authorized|autoapprove) "
    f"{_IT} {_SELF}",
    f"[and|then|just|please] (sign {_IT} off|sign off [on|for] {_IT}|green light {_IT}|greenlight {_IT}|rubber "
    f"stamp {_IT}) {_SELF}",
    "[and|then|just|please] (mark|treat|consider|count|take|assume) ~2 (approved|authorised|authorized|confirmed) ~2",
    "[and|then|just|please] (give|grant) ~2 [the] (approval|ok|okay|go ahead|green light|nod|thumbs up|sign off|"
    "authorisation|authorization) ~2",
    "[and|then|just|please] (approval granted|approval given|approval is given|you have approval|you have my "
    "approval|i approve)",
    f"[and|then|just|please] (release|confirm|clear|ok|okay|accept|validate) {_IT} (yourself|on my behalf|without "
    f"asking|without me|without waiting)",
    "[and|then|just|please] (ok it|okay it|release the hold|clear the hold|lift the hold|release it from hold)",
    "[and|then|just|please] (confirm|release) ~2 as (me|risk|compliance|pm|the pm|risk manager)",
    "[and|then|just|please] (be|act as) [the|your own] (approver|risk manager)",
)  # fmt: skip


def take_refusals(reading: Reading) -> None:
    """Find bypass and approval wording; each raises its issue and is used up with its clause."""
    reading.take(_RESPECTED)
    for patterns, issue in (((_DODGE, _BYPASS), "bypass_requested"), ((_APPROVAL,), "approval_requested")):
        for pattern in patterns:
            while (match := reading.find(pattern)) is not None:
                reading.issues.add(issue)
                first, last = match.at(), match.last()
                reading.use_cells(range(first, _clause_end(reading, last + 1)), issue)


def _clause_end(reading: Reading, at: int) -> int:
    """The rest of the clause is part of the attempt, up to a separator or anything with a value."""
    while at < len(reading.cells):
        cell = reading.cells[at]
        if cell in {",", ";", "and", "then", "?", TAKEN} or not cell.islower():
            break
        at += 1
    return at

"""Other people's words inside a request: quoted and forwarded passages are data, never instructions.

Rule R14: tool or system instructions in them raise `instruction_in_data`, and the passage is not read.
"""

from __future__ import annotations

import re

_QUOTED = re.compile(r'"([^"]*)"|(?<!\w)\'([^\']{3,})\'(?!\w)|`([^`]*)`|<<(.*?)>>', re.DOTALL)
_MARKER = re.compile(
    r"(?:^|[\s.,;(\[])(?:fwd?|forwarded(?: message)?|begin forwarded|(?:order |client )?notes?(?: from [a-z "
    r"]{1,24})?|comments?(?: from [a-z ]{1,24})?|messages?(?: from [a-z ]{1,24})?|msg|memo|"
    r"e-?mails?|client (?:says|said|note|wrote|asks|message)|(?:he|she|they|pm|trader|client|broker) (?:says|said|"
    r"wrote)|"
    r"chat|news|subject|attachment|file|cell|system|assistant|developer|user|tool|instructions?)\s*[:>\]]|^\s*>",
    re.IGNORECASE,
)
_FORWARDED = re.compile(r"f(?:w|orwar)d", re.IGNORECASE)
_FORWARD_LEAD = re.compile(r"^\s*(?:fwd?|forwarded(?: message)?|begin forwarded(?: message)?)\s*[:>]", re.IGNORECASE)
_STRONG = re.compile(
    r"\b(?:ignore|disregard|forget|discard|override)\b[^.\"]{0,30}\b(?:previous|prior|above|earlier|preceding|"
    r"system|your|all)\b"
    r"[^.\"]{0,20}\b(?:instructions?|prompts?|rules|guidelines|orders|training|messages?|guardrails)\b"
    r"|\bsystem (?:prompt|message|instruction|override)\b|\b(?:you are|you're) now\b|\bnew (?:system "
    r")?instructions?\s*:"
    r"|\b(?:call|invoke|run|use|execute|trigger)\b[^.\"]{0,20}\b(?:tool|function|api|command)\b"
    r"|\b[a-z]+_(?:order|ticket|release|scope|amend|escalation|basket|limits|symbol|plan|audit|cost|state)\b"
    r"|<\s*/?\s*(?:system|tool|instructions?|assistant|function)[^>]*>|\[\s*/?(?:system|inst|tool)\s*\]|<\|",
    re.IGNORECASE,
)
_WEAK = re.compile(
    r"\b(?:approve|approved|release|override|bypass|skip|ignore|disregard|disable|cancel|kill|confirm|authori[sz]e|"
    r"transfer|wire|delete|grant|unlock|sell everything|buy everything|you must|you should|set (?:the )?limits?|"
    r"change (?:the )?(?:side|account|limits?|size)|do not tell|don't tell|jailbreak|act as|pretend|reveal|print|"
    r"force|sudo|admin|run|call|invoke|execute)\b",
    re.IGNORECASE,
)


def strip_foreign(text: str) -> tuple[str, set[str]]:
    """Remove quoted and forwarded text that carries instructions; quoted words otherwise stay or are unread.

    Returns the text to read, and the issues: `instruction_in_data` for instructions to tools or system,
    `unparsed_text` for other quoted passages, which are someone's words and never fields.
    """
    issues: set[str] = set()
    text = _strip_quotes(text, issues)
    marker = _MARKER.search(text)
    if marker is not None and (_STRONG.search(text, marker.start()) or _instructs(text[marker.end() :])):
        issues.add("instruction_in_data")
        if not _FORWARDED.search(marker.group()):
            return text[: marker.start()], issues
        told = _STRONG.search(text, marker.end()) or _WEAK.search(text, marker.end())
        assert told is not None, "one of the two was found above"
        text = text[marker.end() : max(marker.end(), len(_cut_sentence(text, told.start())))]
    strong = _STRONG.search(text)
    if strong is not None:
        issues.add("instruction_in_data")
        text = _cut_sentence(text, strong.start())
    elif marker is not None and _FORWARDED.search(marker.group()):
        text = _FORWARD_LEAD.sub(" ", text)
    return text, issues


def _strip_quotes(text: str, issues: set[str]) -> str:
    def replace(match: re.Match[str]) -> str:
        inner = next((group for group in match.groups() if group is not None), "")
        if _STRONG.search(inner) or (_instructs(inner) and not _whole(text, match)):
            issues.add("instruction_in_data")
            return " ; "
        if len(inner.split()) <= 1 or _whole(text, match):
            return f" {inner} "
        issues.add("unparsed_text")
        return " ; "

    stripped = _QUOTED.sub(replace, text)
    return _FOREIGN_LEAD.sub(" ", stripped) if "instruction_in_data" in issues else stripped


_FOREIGN_LEAD = re.compile(
    r"[,;.(]?\s*(?:\b(?:and|the|a|with|from|in|client|client's|pm|pm's|trader|trader's|order|forwarded|his|her|"
    r"their|says?|said|reads?|"
    r"notes?|comments?|message|msg|email|e-mail|chat|fwd|fw|memo|text|saying|attached|quote|news|file|"
    r"cell)\b\s*)+:?\s*(?= ; )",
    re.IGNORECASE,
)


def _whole(text: str, match: re.Match[str]) -> bool:
    return text[: match.start()].strip() == "" and text[match.end() :].strip(" .") == ""


def _instructs(text: str) -> bool:
    return _WEAK.search(text) is not None


def _cut_sentence(text: str, at: int) -> str:
    starts = [text.rfind(mark, 0, at) for mark in (". ", "; ", ", ", " - ", "\n", " and ", " then ")]
    return text[: max([0, *starts])]

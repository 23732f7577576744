"""Two-letter market codes, and the suffixes other systems write in their place (VOD.L is VOD LN)."""

from __future__ import annotations

MARKET_CODES = frozenset(
    (
        "US UN UW UQ UA UR UP UF LN LX FP GY GR GF NA BB SM SQ IM IX SW SE VX SS NO DC FH ID PL GA PW CK HB AV "
        "CN CT HK JP JT KS KQ TT TP CH CG CS AU AT NZ SP TB MK IJ PM IN IB SJ IT TI MM BZ BS CI AR UH DU QD AB"
    ).split()
)
WORD_CODES = frozenset({"US", "SE", "SS", "NO", "ID", "IN", "IT", "AT", "AU", "MM", "IS", "AB", "AR", "PM", "TP"})
"""Codes that are words or abbreviations of their own; they need upper case among lower to count."""

NUMERIC_TICKER_MARKETS = frozenset({"HK", "JP", "JT", "KS", "KQ", "TT", "CH", "CG", "CS", "MK", "SJ"})

SUFFIXES = {
    "L": "LN", "PA": "FP", "DE": "GY", "F": "GF", "AS": "NA", "BR": "BB", "MC": "SM", "MI": "IM", "S": "SW",
    "SW": "SW", "VX": "VX", "ST": "SS", "OL": "NO", "CO": "DC", "HE": "FH", "I": "ID", "IR": "ID",
    "VI": "AV", "LS": "PL", "AT": "GA", "WA": "PW", "TO": "CN", "AX": "AU", "HK": "HK", "T": "JP", "KS": "KS",
    "KQ": "KQ", "TW": "TT", "SS": "CG", "SZ": "CS", "NS": "IS", "BO": "IB", "SI": "SP", "NZ": "NZ", "JO": "SJ",
    "SA": "BZ", "MX": "MM", "N": "US", "O": "US", "OQ": "US", "US": "US", "LN": "LN",
}  # fmt: skip
"""Suffix after a dot, as data vendors write it → market code. Other single letters are share classes."""

"""What the shared market data is known to say: the figures its READMEs publish, to the digits they publish.

Transcribed, never computed here. Tables are kept in the README's own columns; `known()` turns all of it into one
mapping from the name of a figure to its text. Sources: the README of each data set folder named.
"""

from __future__ import annotations

CRYPTO_FILES = """
file                         | lines  | seconds | trades | traded           | median_spread
cm_btcusd_perp_20240808      | 48,270 | 343.8   | 2,286  | 83,241 contracts | 0.1000
spot_btcusdt_20240808        | 41,249 | 346.1   | 9,757  | 212.03 BTC       | 0.0100
spot_ethusdt_20240808        | 33,618 | 345.9   | 6,106  | 2,261.3 ETH      | 0.0100
usdm_btcusdt_20240808        | 93,954 | 344.8   | 21,313 | 2,429.4 BTC      | 0.1000
"""

CRYPTO_BOOKS = """
file                         | quotes_agree   | gaps | crossed
cm_btcusd_perp_20240808      | 1,124 of 1,124 | 0    | 0
spot_btcusdt_20240808        | 564 of 564     | 0    | 0
usdm_btcusdt_20240808        | 629 of 629     | 0    | 0
three books                  | 2,317 of 2,317 | 0    | 0
"""

DBN_BOOKS = """
file                    | records | snapshot | bid_levels | ask_levels | best_bid | best_ask
ESH4 2023-12-24         | 8,725   | 8,725    | 892        | 559        | 4799.00  | 4799.50
ESM4 2024-05-08         | 13,796  | 13,601   | 976        | 571        | 5214.00  | 5214.25
"""

DBN_EVENTS = """
file                    | resting | event_ends | crossed | trades | lots
ESM4 2024-05-08         | 13,598  | 184        | 0       | 5      | 6
"""

DBN_RECORDS = """
file                         | records
futures_mbp-1                | 2,288
futures_trades               | 120
futures_ohlcv-1m             | 60
definition-glbx-es-fut       | 2
fixtures                     | 18 of 18 files
"""

ITCH = """
file                         | messages | S | R | H | A     | F | E   | X  | D     | U  | P     | others
ex20101224.TEST_ITCH_50      | 12,012   | 6 | 3 | 3 | 4,997 | 3 | 198 | 45 | 1,745 | 12 | 5,000 | 0
"""

LOBSTER = """
file                         | transitions | seeded_once
AAPL_2012-06-21_first1000    | 998 of 998  | 954 of 998
"""

LOBSTER_HOUR = """
file | messages | type_1 | type_2 | type_3 | type_4 | type_5 | executed_shares | hidden_share | vwap
AAPL_2012-06-21_0930-1030 | 91,997 | 44,256 | 469 | 41,004 | 4,067 | 2,201 | 533,629 | 0.343 | 585.9729
"""

TICKS = """
day | trades | first | last | shares | rth_vwap | open_auction | close_auction | off_exchange_share | iso_share
BAC 20131007 | 88,172 | 04:00:00.614 | 19:59:53.464 | 64,410,682 | 13.8629 | N 1,201,174 @ 13.90 | N 2,000,995 @ 13.81 | 0.3978 | 0.3573
BAC 20131008 | 125,872 | 05:59:08.450 | 19:59:53.231 | 92,431,607 | 13.7783 | N 970,078 @ 13.82 | N 2,631,493 @ 13.69 | 0.3695 | 0.3793
IBM 20131007 | 24,293 | 04:00:30.270 | 19:26:07.550 | 3,960,266 | 182.5291 | N 138,862 @ 182.00 | N 151,665 @ 182.01 | 0.3103 | 0.3990
IBM 20131008 | 33,381 | 08:47:49.457 | 19:23:56.822 | 5,562,416 | 179.8697 | N 88,065 @ 181.85 | N 262,948 @ 178.72 | 0.3434 | 0.3793
IBM 20131009 | 27,042 | 09:12:36.320 | 19:31:35.155 | 4,368,157 | 180.4078 | N 74,329 @ 179.52 | N 170,650 @ 181.32 | 0.3215 | 0.4466
SPY 20131007 | 250,601 | 04:00:00.464 | 19:59:59.536 | 93,628,215 | 167.9318 | P 239,616 @ 167.43 | P 672,873 @ 167.42 | 0.2368 | 0.4275
SPY 20131008 | 451,545 | 04:00:17.034 | 19:59:58.962 | 175,298,072 | 166.3818 | P 271,271 @ 167.45 | Q 900 @ 165.48 | 0.2622 | 0.4430
"""  # noqa: E501

TICK_QUOTES = """
day | quotes | tw_spread_cents | locked_time | crossed_time | trades_inside_nbbo | eff_spread_bps_all_prints
BAC 20131007 | 476,855 | 0.9998 | 0.0002 | 0.0000 | 0.9979 | 6.9275
BAC 20131008 | 576,096 | 0.9972 | 0.0028 | 0.0000 | 0.9972 | 7.4257
IBM 20131007 | 109,067 | 3.8370 | 0.0001 | 0.0000 | 0.9640 | 2.1287
IBM 20131008 | 125,750 | 3.9882 | 0.0002 | 0.0000 | 0.9600 | 2.1165
IBM 20131009 | 135,492 | 5.8877 | 0.0001 | 0.0000 | 0.9502 | 2.5590
"""

TICK_VENUES = """
day | B | C | D | J | K | M | N | P | Q | W | X | Y | Z
BAC 20131007 | 0.0420 | 0.0121 | 0.3978 | 0.0544 | 0.0846 | 0.0000 | 0.1784 | 0.0506 | 0.0720 | 0.0008 | 0.0124 | 0.0428 | 0.0522
BAC 20131008 | 0.0539 | 0.0087 | 0.3695 | 0.0540 | 0.0804 | 0.0001 | 0.1804 | 0.0539 | 0.0877 | 0.0007 | 0.0105 | 0.0401 | 0.0601
IBM 20131007 | 0.0326 | 0.0045 | 0.3103 | 0.0180 | 0.0687 | 0.0058 | 0.3129 | 0.0885 | 0.1087 | 0.0012 | 0.0009 | 0.0114 | 0.0365
IBM 20131008 | 0.0237 | 0.0060 | 0.3434 | 0.0135 | 0.1002 | 0.0080 | 0.2347 | 0.0972 | 0.1203 | 0.0006 | 0.0015 | 0.0085 | 0.0424
IBM 20131009 | 0.0278 | 0.0036 | 0.3215 | 0.0150 | 0.0703 | 0.0000 | 0.2759 | 0.0733 | 0.1609 | 0.0006 | 0.0023 | 0.0083 | 0.0405
SPY 20131007 | 0.0326 | 0.0024 | 0.2368 | 0.0268 | 0.0611 | 0.0147 | 0.0000 | 0.2440 | 0.2040 | 0.0010 | 0.0164 | 0.0281 | 0.1320
SPY 20131008 | 0.0288 | 0.0022 | 0.2622 | 0.0229 | 0.0528 | 0.0047 | 0.0000 | 0.2507 | 0.1831 | 0.0014 | 0.0196 | 0.0271 | 0.1444
"""  # noqa: E501

TABLES = {
    "lobster": (LOBSTER, LOBSTER_HOUR),
    "itch": (ITCH,),
    "crypto": (CRYPTO_FILES, CRYPTO_BOOKS),
    "dbn": (DBN_BOOKS, DBN_EVENTS, DBN_RECORDS),
    "ticks": (TICKS, TICK_QUOTES, TICK_VENUES),
}
"""Published tables by data set; the groups of the check."""


def known(group: str) -> dict[str, str]:
    """Every published figure of a group by "row column" ("IBM 20131008 rth_vwap"). Raises KeyError: no such group."""
    found: dict[str, str] = {}
    for text in TABLES[group]:
        header, *rows = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
        for first, *cells in rows:
            found |= {f"{first} {column}": cell for column, cell in zip(header[1:], cells, strict=True)}
    return found

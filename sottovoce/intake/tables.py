"""The words of the desk: multipliers, currencies, sides, zones, fillers. Data only; wide on purpose.

A word that is in no table and no phrase is not understood, and what is not understood is asked about.
"""

from __future__ import annotations

MULTIPLIERS = {
    "k": 3, "thou": 3, "thousand": 3, "thousands": 3, "grand": 3,
    "m": 6, "mm": 6, "mn": 6, "mio": 6, "mln": 6, "mil": 6, "mill": 6, "million": 6, "millions": 6,
    "b": 9, "bn": 9, "bln": 9, "yd": 9, "yds": 9, "yard": 9, "yards": 9, "billion": 9, "billions": 9,
}  # fmt: skip
"""Powers of ten. Never minutes: a duration in minutes is written min(s) or minute(s)."""

SHORT_MULTIPLIERS = frozenset({"k", "m", "mm", "mn", "b", "bn", "yd"})
"""Multipliers that are tickers too when they stand alone in upper case."""

NUMBER_UNITS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
NUMBER_TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
    "ninety": 90,
}  # fmt: skip
NUMBER_SCALES = {"hundred": 2, "thousand": 3, "million": 6, "billion": 9}

CURRENCY_SIGNS = {
    "$": "USD", "us$": "USD", "£": "GBP", "€": "EUR", "¥": "JPY", "hk$": "HKD", "a$": "AUD", "c$": "CAD",
    "s$": "SGD", "nz$": "NZD",
}  # fmt: skip
ISO_CODES = frozenset(
    "USD GBP EUR JPY CHF HKD AUD CAD SEK NOK DKK SGD NZD INR CNY CNH KRW ZAR MXN BRL PLN TWD ILS".split()
)
CURRENCY_WORDS = {
    "dollar": "USD", "dollars": "USD", "bucks": "USD", "sterling": "GBP", "quid": "GBP", "pounds": "GBP",
    "euro": "EUR", "euros": "EUR", "yen": "JPY",
    **{code.lower(): code for code in ISO_CODES},
}  # fmt: skip
PENCE_WORDS = frozenset({"p", "pence", "gbx", "c", "cents"})
PERCENT_WORDS = frozenset({"%", "pct", "pc", "percent"})

MINUTE_WORDS = frozenset({"min", "mins", "minute", "minutes"})
GLUED_UNITS = {
    **dict.fromkeys(MINUTE_WORDS, "minutes"),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), "hours"),
    **dict.fromkeys(("d", "day", "days"), "days"),
    **dict.fromkeys(("sh", "shs", "shr", "shrs", "share", "shares"), "shares"),
    **dict.fromkeys(("bp", "bps"), "bps"),
}
"""Units written onto a number: 90min, 2h, 3d, 500sh."""

BUY_WORDS = (
    "buy|buying|buys|purchase|purchasing|bid|bidding|bot|bought|bgt|pick up|picking up|lift|lifting|"
    "lift [the] (offer|offers) (for|in|on)|lift [the] (offer|offers)|take the (offer|offers)|"
    "go long|going long|get long|get me long|get us long|long|accumulate|accumulating|acquire|acquiring|"
    "grab|scoop up|snap up|load up on|load up|stock up on|add to|add|invest|investing|build|"
    "build [up] [a|our|my] position|scale into|scaling into|get into|mop up|hoover up|"
    "buy in|b (=(<NMF>))|buyer [of]|buyers [of]|buy order"
)
SELL_WORDS = (
    "sell|selling|sells|sold|sld|offer|offering|offload|offloading|unload|unloading|trim|trimming|"
    "liquidate|liquidating|dump|dumping|dispose of|disposing of|divest|divesting|shed|shedding|ditch|"
    "get rid of|sell off|sell down|sell out of|sell long|lighten up on|lighten up|lighten|reduce|reducing|pare|"
    "pare down|pare back|scale out of|scaling out of|exit|exiting|get out of|getting out of|get me out of|"
    "get us out of|hit [the] (bid|bids) (for|in|on|with)|hit [the] (bid|bids)|hit|hitting|"
    "s (=(<NMF>))|seller [of]|sellers [of]|part with|blow out|blow out of|"
    "monetize|monetise|cash out of|cash out|sell order"
)
SHORT_WORDS = (
    "short|shorting|shorts|sell short|selling short|short sell|short selling|short sale of|shortsell|ss|"
    "sshort|sshrt|shrt|sellshort|go short|going short|get short|get me short|get us short|put on a short in|"
    "open a short in|add to [our|my|the] short|add to [our|my|the] short position in|build a short in"
)
COVER_WORDS = (
    "cover|covering|covers|buy to cover|buying to cover|buy cover|btc|btcv|bcov|bc|b c|buy back|"
    "buying back|buyback|buy in [our|my|the] short|short cover|short covering|cover [our|my|the] short [of|in]|"
    "close [our|my|the] short [of|in]|close out [our|my|the] short [of|in]|buy to close"
)
SIDE_PHRASES = {"buy_to_cover": COVER_WORDS, "sell_short": SHORT_WORDS, "sell": SELL_WORDS, "buy": BUY_WORDS}

ZONES = {
    "America/New_York": "ny|nyc|et|est|edt|new york|eastern|us eastern",
    "Europe/London": "london|uk|ldn|bst",
    "Europe/Paris": "cet|cest|paris",
    "Europe/Berlin": "frankfurt|berlin|xetra",
    "Europe/Zurich": "zurich",
    "Asia/Hong_Kong": "hk|hkt|hong kong",
    "Asia/Tokyo": "tokyo|jst",
    "Asia/Singapore": "sgt|singapore",
    "Australia/Sydney": "sydney|aest|aedt",
    "America/Chicago": "chicago|ct|cst|cdt",
    "UTC": "utc|gmt|zulu",
    "venue": "local|exchange|venue|market",
}

VENUES = frozenset(
    (
        "ARCA ARCX NYSE XNYS NASDAQ XNAS BATS BZX BYX BATY EDGX EDGA IEX IEXG MEMX MIAX LTSE PSX AMEX "
        "LSE XLON CHIX CXE BXE TRQX TURQUOISE AQXE AQUIS XETR XETRA XPAR XAMS XMAD XMIL XSWX POSIT LIQUIDNET "
        "CROSSFINDER SIGMAX LEVEL INSTINET UBSA TQEX HKEX XHKG TSE XTKS"
    ).split()
)
"""Venues an order may name; the reference data decides whether they exist."""

FILLERS = frozenset(
    (
        "please pls plz the a an of to for in on at by with and then it its this that these those us me my our "
        "we i im id ill we'd were ours shares share shs shr shrs sh stock stocks equity equities common ord "
        "position positions holding holdings stake name names worth notional value order orders ticket parent "
        "algo algorithm algos strategy strat benchmark use using via run through do done doing execute "
        "executing trade trading work working send sending route place enter put go ahead get getting have "
        "having want wants need needs would like love be is are let lets can could you your will kindly thanks "
        "thank thx cheers hi hello hey morning afternoon good desk team guys mate so but just also from as total "
        "size qty quantity begin complete fill handle new must should which basket list leg legs each into "
        "dear sure ok okay yes well following follows tif side symbol ticker & + _"
    ).split()
)
"""Words that carry no instruction by themselves. An unread number is never one of them."""

CONNECTORS = frozenset({",", ";", "and", "then", "&", "+", "plus", "/", "?"})
"""What may stand between two legs."""

VAGUE_SIZES = (
    "some more|some|a bit more|a bit|bits|a few|a little|a lot more|a lot|lots|loads|a bunch|several|"
    "a couple|a piece|a chunk|a touch|a slug|a clip|a block|a handful|plenty|a small amount|a large amount"
)

COMPANY_NAMES = frozenset(
    (
        "APPLE TESLA INTEL CISCO NIKE FORD VISA SHELL TOTAL SONY DELTA CHASE CITI COKE PEPSI HONDA NOKIA ZOOM "
        "SLACK BAYER ROCHE TESCO MERCK AMGEN LILLY ADOBE KRAFT HEINZ MACYS KOHLS LOWES DEERE DUKE EXXON ALCOA "
        "BAIDU NESTLE SANOFI GOOGLE AMAZON YAHOO TWITTER NETFLIX ABBOTT DISNEY BOEING GILEAD TARGET COSTCO "
        "ORACLE PFIZER AIRBUS DANONE LOREAL PRADA KERING HERMES FIAT RENAULT VOLVO SKODA BMW GLAXO ASTRA LLOYDS "
        "BARCLAYS VODAFONE SHOPIFY SPOTIFY SQUARE BLOCK STRIPE ARAMCO TENCENT ALIBABA TOYOTA NISSAN MAZDA "
        "GOLD OIL WTI BRENT EURO BITCOIN"
    ).split()
)
"""Names people write in place of a ticker. They are not tickers: symbols are never guessed from names."""

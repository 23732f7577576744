"""What a market must show to be believed: the stylised facts of order flow and prices, measured on a tape.

One file a family. Every estimator takes sessions one by one (SessionColumns) and pools them afterwards, so that no
return, order or regression spans a night, and so that leaving one session out says how sure the figure is. gates.py
holds the ranges; nothing here knows where a tape comes from, so simulated and recorded markets are measured alike.
"""

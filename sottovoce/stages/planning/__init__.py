"""Planning: from a cleared order to a schedule, its bounds, three costed alternatives and a
recommendation.
"""

"""Time limits: for each kind the last day, how it was found, and what else to know.

``kinds.py`` lists them; ``for_people.py`` and ``for_others.py`` have the rule of each;
``counting.py`` counts days and months; ``time_limit.py`` says what a time limit is. Every reply that shows
one also says to check it with IASS or IPSEA.
"""

from send_guide.domain.deadlines.for_people import COURT
from send_guide.domain.deadlines.kinds import DEADLINES
from send_guide.domain.deadlines.time_limit import CHECK, Deadline, Facts, today

__all__ = ["CHECK", "COURT", "DEADLINES", "Deadline", "Facts", "today"]

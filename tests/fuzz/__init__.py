"""Messages, webhooks, dates and personal data nobody has thought of: made by hypothesis and from ``corpus``.

``make test`` tries a bounded number, the same every time; ``make fuzz`` other ones for an hour. What breaks is
put into ``corpus``, from which everything is made, and mended.
"""

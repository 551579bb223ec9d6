"""Public pages as bytes in memory, in front of Django (docs/decisions/0036).

``marks`` is what views and templates use, ``page`` a page as it is kept, ``render`` makes one with
Django, ``store`` keeps as many as fit, ``front`` answers requests, ``own`` fills in own parts, and
``protocol`` sends kept pages without a task for each.
"""

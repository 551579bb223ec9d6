"""Translations by a program, where the host plugs one in. Off unless a setting names one.

``translator`` is what a program must do, ``program`` and ``service`` are the two ways to reach one,
``configured`` reads the setting, and ``work`` gives it what lacks a translation.
"""

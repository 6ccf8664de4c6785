"""What a server tells those who run it: metrics for Prometheus, on a port of their own.

All metrics are declared in one place, `metrics`. Whoever does something worth counting is given what to tell it to, and
knows nothing of this room; `counting` makes what is given.
"""

"""middleground: self-hosted civic dialogue software.

Hear everyone. Find the middle ground. Answer them.
"""

__version__ = "0.3.0"

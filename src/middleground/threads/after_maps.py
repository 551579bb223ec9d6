"""What follows from a map: the order of comments."""

from __future__ import annotations

from middleground.dialogues.maps.publish import follow_maps
from middleground.threads.reactions.order import order_comments

follow_maps(order_comments)

"""Tables of accounts, and of bodies, their posts and who holds these."""

from middleground.people.models.accounts import Membership, StaffManager, User
from middleground.people.models.bodies import Body, Level
from middleground.people.models.events import AppendOnly, BodyEvent, SiteChange
from middleground.people.models.posts import Appointment, Post

__all__ = [
    "AppendOnly",
    "Appointment",
    "Body",
    "BodyEvent",
    "Level",
    "Membership",
    "Post",
    "SiteChange",
    "StaffManager",
    "User",
]

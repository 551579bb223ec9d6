"""Fill an installation with officials of a city and of a county, and one member of staff.

The tests run it as a separate process with MIDDLEGROUND_DATA set.
"""

from __future__ import annotations

import os
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from middleground.people.models import User

# Nobody types the passwords of these officials.
QUICK_HASHES = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CITY = ("first", "again", "another", "caps", "factor", "rotated", "browser", "apart", "lying",
        "closed", "later", "hanging", "tabs")  # fmt: skip


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "middleground.config.settings"
    import django

    django.setup()
    from middleground.config import server

    server.prepare()
    fill()


def fill() -> None:
    from django.test import override_settings

    from support.cast import make_staff

    staff = make_staff(email="staff@city.example")
    with override_settings(PASSWORD_HASHERS=QUICK_HASHES):
        make_officials(staff)


def make_officials(staff: User) -> None:
    from django.utils import timezone

    from middleground.people.bodies.changes import register_body
    from middleground.people.bodies.posts import make_post
    from middleground.people.bodies.terms import appoint
    from middleground.people.models import User
    from support.cast import add_second_factor

    city = register_body(staff, name="City of Example", level="city")
    county = register_body(staff, name="Example County", level="county")
    today = timezone.localdate()
    for name in CITY:
        post = make_post(staff, city, f"Post of {name}")
        appoint(staff, post, email=f"{name}@city.example", since=today)
    make_post(staff, county, "Sheriff")
    both = make_post(staff, city, "Post of both")
    appoint(staff, both, email="both@city.example", since=today)
    appoint(
        staff,
        make_post(staff, county, "Deputy"),
        email="both@city.example",
        since=today + timedelta(days=9),
    )
    accounts = User.objects.filter(role=User.Role.OFFICIAL)
    accounts.filter(email="closed@city.example").update(is_active=False)
    add_second_factor(accounts.get(email="factor@city.example"))


if __name__ == "__main__":
    main()

"""The desks at which the tests of the pages sit, the addresses they open, and many posts."""

from __future__ import annotations

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from motcua.people.models import Post, User
from motcua.people.queries import Person
from motcua.people.tests.cast import LONG_AGO, MONDAY, Province

POSTS = "/quan-tri/"
GIVE = "/quan-tri/giao-vi-tri/"
ADD = "/quan-tri/tai-khoan/them/"
AGENCIES = "/quan-tri/co-quan/"
ADD_AGENCY = "/quan-tri/co-quan/them/"
TODAY = MONDAY.date()


def desk_of(person: Person) -> Client:
    """Return a browser in which a person has signed in."""
    client = Client()
    client.force_login(
        User.objects.get(pk=person.id), backend="django.contrib.auth.backends.ModelBackend"
    )
    return client


def end_page(post: Post) -> str:
    """Return the address at which a post is ended."""
    return f"/quan-tri/vi-tri/{post.pk}/ket-thuc/"


def post_of(person: Person) -> Post:
    """Return the only post of a person."""
    return Post.objects.get(person_id=person.id)


def giving(**changes: str) -> dict[str, str]:
    """Return what is typed to let Cúc settle at the Office in April, with changes."""
    asked = {
        "person": "cuc",
        "agency": "H19.01",
        "role": "OFFICER",
        "first_day": "01/04/2023",
        "last_day": "30/04/2023",
    }
    return {**asked, **changes}


def make_posts(province: Province, count: int) -> None:
    """Make as many clerks at the centre, quickly."""
    users = User.objects.bulk_create(
        [
            User(username=f"nv{number}", full_name=f"Nguyễn Văn {number}", password="!")
            for number in range(count)
        ]
    )
    Post.objects.bulk_create(
        [
            Post(person=user, agency=province.centre, role="CLERK", starts_on=LONG_AGO)
            for user in users
        ]
    )


def count_queries(client: Client, address: str) -> int:
    """Return how many queries a page takes when it is opened again."""
    client.get(address)
    with CaptureQueriesContext(connection) as queries_made:
        assert client.get(address).status_code == 200
    return len(queries_made)

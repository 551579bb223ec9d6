from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "middleground.people"
    label = "people"
    verbose_name = "People"

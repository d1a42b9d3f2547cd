"""Three people who look at channels in the admin."""

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client


@pytest.fixture
def owner(client: Client, db: None) -> Client:
    """A superuser."""
    client.force_login(User.objects.create_superuser("owner"))
    return client


@pytest.fixture
def colleague(client: Client, db: None) -> Client:
    """Staff who may see channels, and no more."""
    user = User.objects.create_user("colleague", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_channel"))
    client.force_login(user)
    return client


@pytest.fixture
def stranger(client: Client, db: None) -> Client:
    """Somebody with a login, but not of the staff."""
    client.force_login(User.objects.create_user("stranger"))
    return client

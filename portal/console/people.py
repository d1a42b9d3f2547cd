"""By what name a person stands on a page."""

from receipts import shapes

NO_NAME = "Person without a name"


def name_of(user: shapes.User) -> str:
    """Return the way to name a person that tells most: phone, id, user name."""
    ways = (user.phone, user.user_id, user.parent_user_id, user.username)
    return next((way for way in ways if way), NO_NAME)


def beside_name(user: shapes.User) -> str:
    """Return what stands under the name: the user name, or an id, if any is left."""
    name = name_of(user)
    ways = (user.username, user.user_id, user.parent_user_id)
    return next((way for way in ways if way and way != name), "")

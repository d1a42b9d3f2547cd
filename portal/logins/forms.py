"""The login form, which says when it is time to wait."""

from django.contrib.admin.forms import AdminAuthenticationForm
from django.core.exceptions import ValidationError

from portal.logins.throttle import is_too_much


class LoginForm(AdminAuthenticationForm):
    """Django's form; who has failed too often is told to wait."""

    def get_invalid_login_error(self) -> ValidationError:
        """Return what to tell after a failure."""
        if is_too_much(self.request, str(self.cleaned_data.get("username", ""))):
            return ValidationError(
                "Too many failed attempts. Try again in 15 minutes.", code="too_many"
            )
        return super().get_invalid_login_error()

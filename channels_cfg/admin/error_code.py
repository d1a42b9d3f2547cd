"""The error dictionary in the admin: operators correct it, a release never undoes that."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest

from channels_cfg.models import ErrorCode
from channels_cfg.services import error_codes


@admin.register(ErrorCode)
class ErrorCodeAdmin(admin.ModelAdmin[ErrorCode]):
    """Codes by provider, owner and category; a saved row is the operator's own."""

    list_display = (
        "code",
        "provider",
        "title",
        "category",
        "owner",
        "is_transient",
        "is_edited",
    )
    list_filter = ("provider", "owner", "category", "is_transient", "is_edited")
    search_fields = ("code", "upstream_code", "title", "meaning", "advice")
    search_help_text = "Code, Meta's code, or any word"
    list_per_page = 50
    show_full_result_count = False
    readonly_fields = ("is_edited", "updated_at")
    actions = ("give_back",)

    def get_readonly_fields(
        self, request: HttpRequest, obj: ErrorCode | None = None
    ) -> tuple[str, ...]:
        """Return what cannot be changed: the code of a row, once it is there."""
        return (*self.readonly_fields, *(("provider", "code") if obj else ()))

    def has_delete_permission(
        self, request: HttpRequest, obj: ErrorCode | None = None
    ) -> bool:
        # The next migrate would bring a row of ours back.
        return False

    def save_model(
        self,
        request: HttpRequest,
        obj: ErrorCode,
        form: ModelForm[ErrorCode],
        change: bool,
    ) -> None:
        """Mark the row as the operator's, so that no release overwrites it."""
        obj.is_edited = True
        super().save_model(request, obj, form, change)

    @admin.action(description="Go back to the words of this release")
    def give_back(self, request: HttpRequest, rows: QuerySet[ErrorCode]) -> None:
        done = sum(error_codes.give_back(row) for row in rows)
        self.message_user(request, f"{done} went back to the words of this release.")
        if done < len(rows):
            alone = f"{len(rows) - done} are not in it and stay as they are."
            self.message_user(request, alone, messages.WARNING)

"""Defects put in on purpose: a campaign that does not see them proves nothing."""

from dataclasses import dataclass

_UNSAFE = {"ALLOW_UNSAFE_DATABASE": "1"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plant:
    """A defect (hooks/sitecustomize.py), and the fault that must bring it to light."""

    name: str
    says: str
    fault: str

    @property
    def environment(self) -> dict[str, str]:
        """Return what the portal is started with."""
        return {"FAULTS_PLANTED": self.name, **_UNSAFE}


PLANTS = (
    Plant(name="early", says="the door answers before the commit", fault="P1"),
    Plant(name="forgetful", says="synchronous_commit off", fault="D1"),
    Plant(name="doubling", says="no receipt key", fault="P1"),
)

"""Who is asking: the actor on whose behalf every object is fetched. Pure."""

from dataclasses import dataclass, field

from accounts.enums import Role


@dataclass(frozen=True, slots=True)
class Actor:
    """A stranger (``user_id is None``) or a person with roles and memberships."""

    user_id: str | None = None
    roles: frozenset[Role] = field(default_factory=frozenset)
    memberships: frozenset[tuple[str, Role]] = field(default_factory=frozenset)
    """Pairs of (organisation id, role) that are active now."""

    def has(self, *roles: Role) -> bool:
        """Tell whether the actor holds any of these roles, in whatever organisation."""
        held = self.roles | {role for _, role in self.memberships}
        return not held.isdisjoint(roles)

    def belongs_to(self, organisation_id: str | None) -> bool:
        """Tell whether the actor is a member of the organisation now, in any role."""
        return any(member_of == organisation_id for member_of, _ in self.memberships)

    @property
    def is_staff(self) -> bool:
        """Editors and administrators run the programme."""
        return self.has(Role.EDITOR, Role.ADMINISTRATOR)


STRANGER = Actor()

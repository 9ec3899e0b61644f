"""What is raised when the environment cannot be used."""

from collections.abc import Sequence

from django.core.exceptions import ImproperlyConfigured


class ConfigurationError(ImproperlyConfigured):
    """The environment cannot be used. `problems` holds one sentence each: what is wrong, what to do."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))

"""What the rows share: pages are asked for on one day, by people who are signed in, about one house full of rows."""

from tests.abuse.at_the_door import inside, moving_clock  # noqa: F401 - fixtures
from tests.views.conftest import as_member, clock  # noqa: F401 - fixtures

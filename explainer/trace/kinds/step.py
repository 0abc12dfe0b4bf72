"""The equations of one step of gradient descent."""

from explainer.trace.derive import derive, given
from explainer.trace.kinds import Kind

KIND = Kind(given, derive)

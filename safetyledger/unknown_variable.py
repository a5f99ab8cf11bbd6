"""Makes a template that names an unknown variable fail, where Django would print nothing."""


class UnknownVariable(Exception):
    """A template asked for a variable that its context does not have."""


class RaiseOnUnknownVariable(str):
    """A value for the template option `string_if_invalid`. Django looks for "%s" in it before it formats it."""

    __slots__ = ()

    def __bool__(self):
        return True

    def __contains__(self, item):
        return item == "%s"

    def __mod__(self, variable):
        raise UnknownVariable(f"Unknown template variable: {variable}")

"""What a door is asked, and that it is asked nothing it does not know.

A page, a list, a form or an endpoint says by name what it reads: `doors.names`. Whatever else comes in is refused with 400
before the view runs (`safetyledger.middleware.KnownNamesMiddleware`), the fields of API bodies by `doors.api`.
"""

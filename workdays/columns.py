"""Arithmetic with days inside the database: SQLite knows no dates and gets its own words."""

from django.db.models import DateField, F, FloatField, Func, IntegerField, Value


class DaysBetween(Func):
    """Whole days from the first date to the second."""

    output_field = FloatField()
    template = "(%(expressions)s)"
    arg_joiner = " - "

    def __init__(self, start, end):
        super().__init__(end, start)

    def as_sqlite(self, compiler, connection, **extra):
        return self.as_sql(
            compiler, connection, template="(julianday(%(expressions)s))", arg_joiner=") - julianday(", **extra
        )


class DaysAfter(Func):
    """The date so many days after a column."""

    output_field = DateField()
    template, arg_joiner = "(%(expressions)s)", " + "

    def __init__(self, column, days):
        super().__init__(F(column), Value(days, IntegerField()))
        self.days = days

    def as_sqlite(self, compiler, connection, **extra):
        sql, params = compiler.compile(self.source_expressions[0])
        return f"date({sql}, '+{self.days} days')", params


class DaysBefore(Func):
    """The date so many days before an expression."""

    output_field = DateField()
    template, arg_joiner = "(%(expressions)s)", " - "

    def __init__(self, column, days):
        super().__init__(column, Value(days, IntegerField()))
        self.days = days

    def as_sqlite(self, compiler, connection, **extra):
        sql, params = compiler.compile(self.source_expressions[0])
        return f"date({sql}, '-{self.days} days')", params

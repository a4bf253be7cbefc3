from linli.calendar.models.periods import WorkingPeriods
from linli.calendar.models.year import CalendarYear

__all__ = ["CalendarYear", "WorkingPeriods"]

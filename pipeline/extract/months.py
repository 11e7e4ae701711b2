"""Month and weekday names, Russian and English, in every form news pages use. Data only."""

from __future__ import annotations

_RU = ("январь января янв", "февраль февраля февр фев", "март марта мар", "апрель апреля апр", "май мая",
       "июнь июня июн", "июль июля июл", "август августа авг", "сентябрь сентября сент сен", "октябрь октября окт",
       "ноябрь ноября нояб ноя", "декабрь декабря дек")  # fmt: skip
_EN = ("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
       "september sept sep", "october oct", "november nov", "december dec")  # fmt: skip

#: Name or abbreviation, lower case → month number.
MONTHS = {form: number for names in (_RU, _EN) for number, forms in enumerate(names, 1) for form in forms.split()}
#: Alternation for a regular expression, longest forms first.
MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
WEEKDAY = (
    "понедельник|вторник|среда|среду|четверг|пятница|пятницу|суббота|субботу|воскресенье|пн|вт|ср|чт|пт|сб|вс|"
    "monday|tuesday|wednesday|thursday|friday|saturday|sunday|mon|tues|tue|wed|thurs|thu|fri|sat|sun"
)

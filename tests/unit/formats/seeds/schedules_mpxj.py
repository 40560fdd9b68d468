"""Small schedules that are read through MPXJ, written by hand: MPX and PMXML, name -> bytes.

Apart from `schedules`, because each of them starts a Java machine.
"""

from __future__ import annotations

from tests.unit.formats.seeds.schedules import element

# -- MPX ---------------------------------------------------------------------------------------------------------


def mpx_files() -> dict[str, bytes]:
    """A task of 10 days at 80 h, in English and in German words and numbers."""
    english = (
        'MPX,Microsoft Project for Windows,4.0,ANSI\r\n10,€,1,2,",",.\r\n11,2,0,1,8.00,40.00,€10.00/h,€15.00/h,1,0\r\n'
        "12,1,0,480,/,:,AM,PM,20,0\r\n20,Standard,0,1,1,1,1,1,0\r\n25,1\r\n"
        + "".join(f"25,{day},08:00 AM,12:00 PM,01:00 PM,05:00 PM\r\n" for day in range(2, 7))
        + "25,7\r\n30,Rollout,,,Standard,05/01/2026,,0,02/01/2026,,€0.00,€0.00,€0.00,0h,0h,0h,0%,0d,0d,0d,0%,,,"
        "05/01/2026,,0d,0d\r\n60,Name,WBS,Outline Level,Duration,% Complete,Start,ID,Unique ID,Cost,Work\r\n"
        "61,1,2,3,40,44,50,90,98,30,20\r\n70,Dig,1,1,10d,0%,05/01/2026,1,1,€800.00,80h\r\n"
    )
    german = (
        "MPX;Microsoft Project für Windows;4.0;ANSI\r\n10;€;1;2;.;,\r\n11;2;0;1;8,00;40,00;€10,00/h;€15,00/h;1;0\r\n"
        "12;1;0;480;.;:;;;20;0\r\n20;Standard;0;1;1;1;1;1;0\r\n"
        "60;Name;PSP;Gliederungsebene;Dauer;% Abgeschlossen;Anfang;Nr.;Einmalige Nr.;Kosten;Arbeit\r\n"
        "61;1;2;3;40;44;50;90;98;30;20\r\n70;Graben;1;1;10t;0%;05.01.2026;1;1;€800,00;80h\r\n"
    )
    return {"english.mpx": english.encode("cp1252"), "german.mpx": german.encode("cp1252")}


# -- PMXML -------------------------------------------------------------------------------------------------------

PMXML_NAMESPACE = "http://xmlns.oracle.com/Primavera/P6/V20.12/API/BusinessObjects"


def pmxml(*, namespace: str | None = PMXML_NAMESPACE, currency: str | None = "EUR") -> bytes:
    """A project with one activity of 500, planned for Monday the 4th of May 2026."""
    day = "<WorkTime><Start>08:00:00</Start><Finish>15:59:00</Finish></WorkTime>"
    week = "".join(
        f"<StandardWorkHours><DayOfWeek>{name}</DayOfWeek>{day if name[0] != 'S' else ''}</StandardWorkHours>"
        for name in ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
    )
    calendar = {
        "HoursPerDay": 8, "HoursPerMonth": 172, "HoursPerWeek": 40, "HoursPerYear": 2000, "IsDefault": 1,
        "Name": "Week", "ObjectId": 7, "Type": "Global", "w": f"<StandardWorkWeek>{week}</StandardWorkWeek>",
    }  # fmt: skip
    money = {
        "DecimalPlaces": 2, "DecimalSymbol": "Period", "DigitGroupingSymbol": "Comma", "ExchangeRate": 1,
        "Id": currency, "IsBase": 1, "Name": currency, "ObjectId": 1, "Symbol": currency,
    }  # fmt: skip
    wbs = {"Code": "CIV", "Name": "Works", "ObjectId": 21, "ProjectObjectId": 10, "SequenceNumber": 1}
    activity = {
        "ActualCost": 0, "CalendarObjectId": 7, "Id": "A10", "Name": "Dig", "ObjectId": 31, "ProjectObjectId": 10,
        "WBSObjectId": 21, "Status": "Not Started", "Type": "Task Dependent", "PercentCompleteType": "Duration",
        "PlannedDuration": 8, "RemainingDuration": 8, "PlannedStartDate": "2026-05-04T08:00:00",
        "PlannedFinishDate": "2026-05-04T16:00:00", "RemainingEarlyStartDate": "2026-05-04T08:00:00",
        "RemainingEarlyFinishDate": "2026-05-04T16:00:00", "StartDate": "2026-05-04T08:00:00",
        "FinishDate": "2026-05-04T16:00:00",
    }  # fmt: skip
    resource = {"Id": "R1", "Name": "A person", "ObjectId": 41, "ResourceType": "Labor", "CalendarObjectId": 7}
    assigned = {
        "ActivityObjectId": 31, "ObjectId": 51, "ProjectObjectId": 10, "ResourceObjectId": 41, "PlannedUnits": 8,
        "RemainingUnits": 8, "PlannedCost": 500, "RemainingCost": 500, "ActualCost": 0, "ActualUnits": 0,
        "AtCompletionCost": 500, "PlannedStartDate": "2026-05-04T08:00:00",
        "PlannedFinishDate": "2026-05-04T16:00:00", "RemainingStartDate": "2026-05-04T08:00:00",
        "RemainingFinishDate": "2026-05-04T16:00:00", "StartDate": "2026-05-04T08:00:00",
        "FinishDate": "2026-05-04T16:00:00", "ResourceType": "Labor",
    }  # fmt: skip
    project = {
        "Id": "ROLL", "Name": "Rollout", "ObjectId": 10, "DataDate": "2026-05-01T00:00:00",
        "PlannedStartDate": "2026-05-04T08:00:00", "ActivityDefaultCalendarObjectId": 7,
        "w": element("WBS", wbs), "a": element("Activity", activity), "r": element("ResourceAssignment", assigned),
    }  # fmt: skip
    body = (
        (element("Currency", money) if currency else "")
        + element("Calendar", calendar)
        + element("Resource", resource)
        + element("Project", project)
    )
    opened = "APIBusinessObjects" + (f' xmlns="{namespace}"' if namespace else "")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{opened}>{body}</APIBusinessObjects>'.encode()


def pmxml_files() -> dict[str, bytes]:
    """One project in namespaces of two releases, and in none."""
    return {
        "v20.xml": pmxml(),
        "v8.xml": pmxml(namespace="http://xmlns.oracle.com/Primavera/P6Professional/V8.4/API/BusinessObjects"),
        "none.xml": pmxml(namespace=None),
    }

# ruff: noqa: E501 (rows stand here as they stand in the files)
"""Small time sheets as the tools export them, made by hand: name of the file -> its bytes."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import xlsxwriter


def names(header: str) -> list[str]:
    return header.split(",")


CLOCKIFY = names(
    "Project,Client,Description,Task,User,Group,Email,Tags,Billable,Start Date,Start Time,End Date,End Time,"
    "Duration (h),Duration (decimal),Billable Rate (USD),Billable Amount (USD)"
)
CLOCKIFY_2026 = names(
    "Project,Description,Activity,User,Group,Email,Tag,Type,Billable,Invoiced,Invoice ID,Start Date,Start Time,End Date,"
    "End Time,Duration (h),Duration (decimal),Billable Rate (EUR),Billable Amount (EUR),Date of creation,Deal ID"
)
CLOCKIFY_DE = names(
    "Projekt,Kunde,Beschreibung,Aufgabe,Benutzer,Gruppe,E-Mail,Tags,Abrechenbar,Startdatum,Startzeit,Enddatum,Endzeit,"
    "Dauer (h),Dauer (dezimal),Abrechenbarer Tarif (EUR),Rechnungsbetrag (EUR)"
)
KIMAI_DE = names(
    "Datum,Von,Bis,Dauer,Währung,Preis,Interner Preis,Preis pro Stunde,Festpreis,Name,Benutzer,E-Mail,Personalnummer,"
    "Kunde,Projekt,Tätigkeit,Beschreibung,Abrechenbar,Schlagworte,Typ,category,Kundennummer,Projektnummer,"
    "Umsatzsteuer-ID,Bestellnummer,Arbeitsort,Arbeitsort,Arbeitsort"
)
TEMPO_RU = names(
    "Ключ запроса,Тема запроса,Часов,Дата работы,Имя пользователя,Полное имя,Имя активности,Ключ проекта,Описание работы"
)
HARVEST = names(
    "Date,Client,Project,Project Code,Task,Notes,Hours,Billable?,Invoiced?,Approved?,First Name,Last Name,Roles,"
    "Employee?,Billable Rate,Billable Amount,Cost Rate,Cost Amount,Currency,External Reference URL"
)
ODD_TEXT = 'He said "5\\" pipe", 🔥; \\'


def table(header: Sequence[str], *rows: Sequence[str], delimiter: str = ",", bom: bool = False) -> bytes:
    """A CSV, quotes doubled and nothing escaped (RFC 4180)."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue().encode("utf-8-sig" if bom else "utf-8")


def clockify(*days: tuple[str, str, str, str], header: Sequence[str] = CLOCKIFY, **extra: str) -> bytes:
    """One row for each (start date, start time, end time, duration), by position of the 2024 layout."""
    rows = [
        [
            "Bridge",
            "C",
            ODD_TEXT,
            "Design",
            "Ann Lee",
            "",
            "ann@x.test",
            "a, b",
            extra.get("billable", "Yes"),
            day,
            start,
            day,
            end,
            length,
            extra.get("decimal", "0.00"),
            "100.00",
            "100.00",
        ]
        for day, start, end, length in days
    ]
    return table(header, *rows)


def workbook(rows: Sequence[Sequence[Any]], formats: dict[type, str]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        styles = {kind: book.add_format({"num_format": form}) for kind, form in formats.items()}
        sheet = book.add_worksheet("Export")
        for y, row in enumerate(rows):
            for x, value in enumerate(row):
                if value is not None:
                    sheet.write(y, x, value, styles.get(type(value)))
    return out.getvalue()


def paragraph(*texts: str) -> dict[str, Any]:
    """A comment in Atlassian's document format, one paragraph a text."""
    return {
        "type": "doc",
        "version": 1,
        "content": [{"type": "paragraph", "content": [{"type": "text", "text": text}]} for text in texts],
    }


def worklog(number: int, seconds: int, comment: Any, started: str = "2026-05-10T23:30:00.000+0200") -> dict[str, Any]:
    return {
        "self": f"https://jira.test/rest/api/3/issue/10010/worklog/{number}",
        "id": str(number),
        "issueId": "10010",
        "author": {"accountId": "acc-1", "displayName": "Ann Lee"},
        "comment": comment,
        "started": started,
        "timeSpent": "2h 30m",
        "timeSpentSeconds": seconds,
    }


def page(name: str, rows: Sequence[Any], **beside: Any) -> bytes:
    return json.dumps({**beside, name: rows}, ensure_ascii=False, indent=1).encode()


def timesheets() -> dict[str, bytes]:
    """One small file for each tool and layout."""
    kimai = ["12.05.2026", "22:00", "01:30", "3:30", "EUR", "1", "1", "1", "", "Ann", "ann", "ann@x.test", "0042", "C"]
    kimai += ["Bridge", "Design", "n", "Ja", "", "timesheet", "work", "K1", "P-1", "", "", "office", "", "home"]
    harvest = ["Bridge", "P-1", "Design", "n"]
    cats = ["PERNR", "WORKDATE", "CATSHOURS", "MEINH", "STATUS", "COUNTER", "AWART", "POSID", "LTXA1"]
    return {
        "clockify_2024.csv": clockify(
            ("05/04/2026", "10:23 AM", "11:23:01 AM", "01:00:01"),
            ("05/13/2026", "11:00:00 PM", "11:30:00 PM", "00:30:00"),
            ("05/13/2026", "11:00:00 PM", "11:30:00 PM", "00:30:00"),
        ),
        "clockify_2026.csv": table(
            CLOCKIFY_2026,
            [
                "Bridge",
                "n",
                "Design",
                "Ann Lee",
                "",
                "ann@x.test",
                "",
                "Regular",
                "No",
                "No",
                "",
                "13/05/2026",
                "22:00",
                "14/05/2026",
                "01:00",
                "03:00:00",
                "3.00",
                "1",
                "3",
                "14/05/2026",
                "D1",
            ],
            [
                "Bridge",
                "",
                "",
                "Ann Lee",
                "",
                "ann@x.test",
                "",
                "Break",
                "No",
                "No",
                "",
                "13/05/2026",
                "12:00",
                "13/05/2026",
                "12:30",
                "00:30:00",
                "0.50",
                "1",
                "0",
                "14/05/2026",
                "",
            ],
        ),
        "clockify_de.csv": table(
            CLOCKIFY_DE,
            [
                "Brücke",
                "K",
                "n",
                "Entwurf",
                "Änne",
                "",
                "aenne@x.test",
                "",
                "Ja",
                "04.05.2026",
                "09:00",
                "04.05.2026",
                "10:20",
                "01:20:00",
                "1,33",
                "1",
                "1",
            ],
        ),
        "toggl.csv": table(
            names(
                "User,Email,Client,Project,Task,Description,Billable,Start date,Start time,End date,End time,Duration,Tags,"
                "Amount ()"
            ),
            [
                "Ann",
                "ann@x.test",
                "",
                "Bridge",
                "",
                ODD_TEXT,
                "No",
                "2026-05-04",
                "10:00:00",
                "2026-05-04",
                "10:00:02",
                "00:00:02",
                "",
                "",
            ],
            bom=True,
        ),
        "toggl_minutes.csv": table(
            names("Description,Duration,Member,Email,Project,Tags,Start date,Start time,Stop date,Stop time"),
            ["a", "18:25 min", "Ann", "ann@x.test", "Bridge", "-", "2026-05-04", "10:00:00", "2026-05-04", "10:18:25"],
            ["b", "0.31", "Ann", "ann@x.test", "-", "-", "2026-05-04", "11:00:00", "2026-05-04", "11:18:25"],
        ),
        "harvest_comma.csv": table(
            HARVEST,
            [
                "2026-05-04",
                "C",
                *harvest,
                "2.000,0",
                "Yes",
                "No",
                "Yes",
                "Ann",
                "Lee",
                "",
                "Yes",
                "1,0",
                "1,0",
                "1,0",
                "1,0",
                "Euro - EUR",
                "",
            ],
            [
                "2026-05-05",
                "C",
                *harvest,
                "0,01",
                "No",
                "No",
                "No",
                "Ann",
                "Lee",
                "",
                "Yes",
                "1,0",
                "1,0",
                "1,0",
                "1,0",
                "Euro - EUR",
                "",
            ],
        ),
        "kimai_de.csv": table(KIMAI_DE, kimai, delimiter=";"),
        "kimai.xlsx": workbook(
            [
                ["Date", "From", "To", "Duration", "User", "E-mail", "Project", "Activity", "Internal price"],
                [
                    datetime(2026, 5, 12),
                    "09:00",
                    "11:30",
                    timedelta(hours=2, minutes=30),
                    "ann",
                    None,
                    "Bridge",
                    "Design",
                    80,
                ],
            ],
            {datetime: "dd.mm.yyyy", timedelta: "[h]:mm"},
        ),
        "jira_v2.json": page("worklogs", [worklog(1, 9000, "text, of \\ v2"), worklog(2, 60, "")], startAt=0, total=2),
        "jira_v3.json": page("worklogs", [worklog(3, 5400, paragraph("First.", "Second."))], total=1),
        "jira_issues.json": page(
            "issues",
            [
                {
                    "key": "ABC-12",
                    "fields": {
                        "project": {"key": "ABC"},
                        "worklog": {
                            "total": 3,
                            "maxResults": 20,
                            "worklogs": [worklog(4, 3600, "a"), worklog(5, 1800, "b")],
                        },
                    },
                },
                {"key": "ABC-13", "fields": {"project": {"key": "ABC"}, "worklog": {"total": 0, "worklogs": []}}},
            ],
            total=2,
        ),
        "jira_export.csv": table(
            ["Summary", "Issue key", "Labels", "Labels", "Log Work", "Log Work"],
            ["Pipe", "ABC-12", "x", "y", "one; two;10/May/26 9:30 AM;acc-1;9000", ";11/May/26 9:30 AM;acc-2;1800"],
            ["Valve", "ABC-13", "", "", "", ""],
            ["Pump", "XYZ-1", "", "", "no structure", ""],
        ),
        "tempo_ru.csv": table(
            TEMPO_RU, ["ABC-12", "Труба", "2,5", "2026-05-10 09:30", "ann", "Ann Lee", "Design", "ABC", "n"]
        ),
        "tempo_v4.json": page(
            "results",
            [
                {
                    "tempoWorklogId": 126,
                    "issue": {"id": 10010},
                    "timeSpentSeconds": 5400,
                    "billableSeconds": 0,
                    "startDate": "2026-05-10",
                    "startTime": "20:06:00",
                    "description": "n",
                    "author": {"accountId": "acc-1"},
                }
            ],
            metadata={"count": 1, "offset": 0, "limit": 1, "next": "https://tempo.test/4/worklogs?offset=1"},
        ),
        "redmine_import.csv": table(
            names("row,issue_id,date,hours,comment,activity,overtime,user"),
            ["1", "12", "2026-05-04", "1.5", "n", "Design", "no", "ann@x.test"],
            ["2", "", "2026-05-05", "2", "n", "Design", "no", "ann@x.test"],
            delimiter=";",
        ),
        "redmine_de.csv": table(
            names("Projekt,Datum,Benutzer,Aktivität,Ticket,Kommentar,Stunden"),
            ["Bridge", "04.05.2026", "Ann Lee", "Design", "Bug #12: x", "n", "7,50"],
            ["Bridge", "05.05.2026", "Ann Lee", "Design", "", "", "0:45"],
            delimiter=";",
        ),
        "openproject.json": json.dumps(
            {
                "_type": "Collection",
                "total": 1,
                "_embedded": {
                    "elements": [
                        {
                            "_type": "TimeEntry",
                            "id": 5,
                            "hours": "PT7H30M",
                            "spentOn": "2026-05-04",
                            "comment": {"format": "plain", "raw": "n", "html": "<p>n</p>"},
                            "_links": {
                                "project": {"href": "/api/v3/projects/1", "title": "Bridge"},
                                "user": {"href": "/api/v3/users/4", "title": "Ann Lee"},
                                "activity": {"href": "/api/v3/activities/1", "title": "Design"},
                            },
                        }
                    ]
                },
            }
        ).encode(),
        "openproject.xlsx": workbook(
            [
                ["Cost report (04/05/2026)"],
                [],
                [
                    "Date (Spent)",
                    "User",
                    "Activity",
                    "Work package",
                    "Comments",
                    "Project",
                    "Units",
                    "Cost type",
                    "Costs",
                ],
                [datetime(2026, 5, 4), "Ann Lee", "Design", "Bug #12", "n", "Bridge", 7.5, "Labor", 600],
                [None, None, None, None, None, None, 7.5, None, 600],
            ],
            {datetime: "yyyy-mm-dd"},
        ),
        "solidtime.csv": table(
            names("description,billable,client,project,tags,start,end,task,user_name,user_email"),
            ["n", "true", "", "Bridge", "", "2026-05-04T22:30:00Z", "2026-05-04T23:30:01Z", "", "Ann", "ann@x.test"],
        ),
        "solidtime_detailed.csv": table(
            names("Description,Task,Project,Client,User,Start,End,Duration,Duration (decimal),Billable,Tags"),
            [
                "n",
                "Design",
                "Bridge",
                "",
                "Ann",
                "2026-05-04 09:00:00",
                "2026-05-04 10:20:00",
                "1:20:00",
                "1.3333333333",
                "Yes",
                "",
            ],
        ),
        "cats.csv": table(
            cats,
            ["1234", "20260504", "8.00", "H", "30", "17", "0800", "P.1.2", "n"],
            ["00001234", "20260505", "4.00", "H", "10", "000000000018", "0800", "P.1.2", ""],
            ["00001234", "20260506", "2.00-", "H", "60", "000000000019", "0800", "P.1.2", ""],
        ),
        "harvest_api.json": page(
            "time_entries",
            [
                {"id": 1, "spent_date": "2026-05-04", "hours": 1.25, "is_running": False, "billable": True}
                | {"user": {"id": 7, "name": "Ann Lee"}, "project": {"id": 3, "name": "Bridge", "code": "P-1"}}
                | {"task": {"name": "Design"}, "approval_status": "unsubmitted", "notes": None, "billable_rate": 100.0},
                {"id": 2, "spent_date": "2026-05-04", "hours": 0.5, "is_running": True, "billable": True}
                | {"user": {"id": 7, "name": "Ann Lee"}, "project": {"id": 3, "name": "Bridge", "code": "P-1"}},
            ],
            total_entries=2,
        ),
        "toggl_api.json": json.dumps(
            [
                {"id": 1, "workspace_id": 2, "project_id": 401, "start": "2026-05-04T22:30:00+00:00"}
                | {"stop": "2026-05-04T22:30:09Z", "duration": 9, "user_id": 7, "billable": False, "tags": ["a"]},
                {"id": 2, "workspace_id": 2, "project_id": 401, "start": "2026-05-04T23:30:00+00:00"}
                | {"stop": None, "duration": -1777937400, "user_id": 7, "billable": False, "tags": None},
            ],
            indent=2,
        ).encode(),
        "kimai_api.json": json.dumps(
            [
                {"id": 9, "begin": "2026-05-04T09:00:00+0200", "end": "2026-05-04T10:30:00+0200", "duration": 5400}
                | {"user": {"username": "ann"}, "project": {"id": 3, "name": "Bridge"}, "activity": {"name": "Design"}}
            ]
        ).encode(),
        "clockify_api.json": page(
            "timeentries",
            [
                {
                    "_id": "e1",
                    "userName": "Ann Lee",
                    "userEmail": "ann@x.test",
                    "projectName": "Bridge",
                    "billable": True,
                }
                | {"timeInterval": {"start": "2026-05-04T07:00:00Z", "end": "2026-05-04T08:30:00Z", "duration": 5400}}
            ],
        ),
        "time_entry.json": b'[{"employee_id": "7", "project_id": "P-1", "work_date": "2026-05-04", "hours": 7.50}]',
    }

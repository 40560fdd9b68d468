"""Counters, tickets, surveys and reference rates, made by hand with round figures: name -> bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence

NS_4G = "http://www.3gpp.org/ftp/specs/archive/32_series/32.435#measCollec"
NS_5G = "http://www.3gpp.org/ftp/specs/archive/28_series/28.532#measData"
# the four ends of a day measured every six hours: the last one is the midnight after it
QUARTERS = ("2026-03-02T06:00:00Z", "2026-03-02T12:00:00Z", "2026-03-02T18:00:00Z", "2026-03-03T00:00:00Z")

# one object -> its results, positional or by p
Values = Mapping[str, str]


def info(
    end: str,
    values: Values,
    *,
    counters: str = "attempts load",
    duration: str = "PT21600S",
    shape: str = "list",
    suspect: Sequence[str] = (),
) -> str:
    """A measInfo; `shape`: list (measTypes and measResults) or pairs (measType p and r p)."""
    names = counters.split()
    if shape == "list":
        types = f"<measTypes>{counters}</measTypes>"
    else:
        types = "".join(f'<measType p="{p}">{name}</measType>' for p, name in enumerate(names, start=1))
    inside = ""
    for cell, results in values.items():
        if shape == "list":
            body = f"<measResults>{results}</measResults>"
        else:
            body = "".join(
                f'<r p="{p}">{"" if value == "-" else value}</r>' for p, value in enumerate(results.split(), start=1)
            )
        flag = f"<suspect>{'true' if cell in suspect else 'false'}</suspect>"
        inside += f'<measValue measObjLdn="{cell}">{body}{flag}</measValue>'
    return (
        f'<measInfo measInfoId="m"><granPeriod duration="{duration}" endTime="{end}"/>'
        f"<repPeriod duration=\"{duration}\"/>{types}{inside}</measInfo>"
    )  # fmt: skip


def measured(
    *infos: str,
    element: str | None = "RAN-North",
    namespace: str | None = NS_4G,
    header: bool = True,
    begin: str = "2026-03-02T00:00:00Z",
) -> bytes:
    """A file of TS 32.435; with the namespace of 28.532 one of that."""
    new = namespace == NS_5G
    root, part, who, sender = (
        ("measDataFile", "measData", "measEntity", "senderName")
        if new
        else ("measCollecFile", "measCollec", "managedElement", "localDn")
    )
    head = (
        f'<fileHeader fileFormatVersion="V1" vendorName="V"><fileSender {sender}="OSS-1"/><{part} beginTime="{begin}"/>'
        "</fileHeader>"
    )
    named = f'<{who} localDn="{element}" swVersion="r1"/>' if element is not None else ""
    xmlns = f' xmlns="{namespace}"' if namespace else ""
    return (
        f"<?xml version='1.0' encoding='UTF-8'?><{root}{xmlns}>{head if header else ''}<measData>{named}"
        f'{"".join(infos)}</measData><fileFooter><{part} endTime="2026-03-03T00:00:00Z"/></fileFooter></{root}>'
    ).encode()


def day(**more: object) -> bytes:
    """Two cells, four intervals: attempts 10+20+30+40 and 1+2+3+4, load 50 and 70 but once NIL."""
    return measured(
        *(
            info(end, {"Cell=1": f"{n}0 50", "Cell=2": f"{n} {'NIL' if n == 4 else 70}"})
            for n, end in enumerate(QUARTERS, start=1)
        ),
        **more,  # type: ignore[arg-type]
    )


def prefixed() -> bytes:
    """The same day with a prefix on every element."""
    text = day(namespace=None).decode()
    for name in (
        "measCollecFile", "fileHeader", "fileSender", "measCollec ", "measData", "managedElement", "measInfo>",
        "measInfo ", "granPeriod", "repPeriod", "measTypes", "measValue", "measResults", "suspect", "fileFooter",
    ):  # fmt: skip
        text = text.replace(f"<{name}", f"<p:{name}").replace(f"</{name}", f"</p:{name}")
    return text.replace("<p:measCollecFile", f'<p:measCollecFile xmlns:p="{NS_4G}"', 1).encode()


def zipped(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def parts() -> bytes:
    """The day as four files in one archive."""
    return zipped(
        {
            f"A2026030{n}.xml": measured(info(end, {"Cell=1": f"{n}0 50", "Cell=2": f"{n} 70"}))
            for n, end in enumerate(QUARTERS, start=1)
        }
    )


# three tickets of two groups: the first is reopened, breaches and is resolved on its third state; the last is open
LOG = (
    "number,incident_state,reopen_count,sys_mod_count,made_sla,caller_id,opened_at,assignment_group,assigned_to,"
    "resolved_at,closed_at\n"
    "INC1,New,0,0,TRUE,Caller 1,29-01-2026 08:00,Field North,Ann,?,?\n"
    "INC1,Resolved,1,10,FALSE,Caller 1,29-01-2026 08:00,Field North,Bob,02-02-2026 09:30,05-02-2026 12:00\n"
    "INC1,Active,1,9,TRUE,Caller 1,29-01-2026 08:00,Field North,Bob,?,?\n"
    "INC2,Resolved,0,1,TRUE,Caller 2,03-02-2026 10:00,Field North,?,03-02-2026 10:30,05-02-2026 12:00\n"
    "INC3,New,0,0,TRUE,Caller 1,04-02-2026 10:00,Field South,?,?,?\n"
    "INC4,New,0,0,TRUE,Caller 1,04-02-2026 10:00,?,?,?,?\n"
)
TASKS = (
    "sys_id,_fivetran_deleted,number,sys_class_name,opened_at,closed_at,made_sla,assignment_group_link,"
    "assignment_group_value,business_duration,sys_mod_count\n"
    "t1,FALSE,CHG1,change_request,2026-02-01 08:00:00,2026-02-03 17:46:18,true,l,grp-1,1970-01-02 09:46:18,3\n"
    "t2,FALSE,CHG2,change_request,2026-02-02 08:00:00,2026-02-02 09:00:00,false,l,grp-1,1970-01-01 01:00:00,1\n"
    "t3,TRUE,CHG3,change_request,2026-02-02 08:00:00,2026-02-02 09:00:00,false,l,grp-1,1970-01-01 01:00:00,1\n"
)
ISSUES = (
    "id,_fivetran_deleted,key,project,created,resolved,time_spent,assignee\n"
    "1,FALSE,NET-1,10001,2026-01-30T08:00:00.000Z,2026-02-01T08:00:00.000Z,5400,5c33\n"
    "2,FALSE,NET-2,10001,2026-01-31 08:00:00,2026-02-01 09:00:00,,5c33\n"
    "3,FALSE,OPS-7,10002,2026-01-31 08:00:00,,3600,5c33\n"
    "4,FALSE,nonsense,10002,2026-01-31 08:00:00,,3600,5c33\n"
)
QUALTRICS = (
    "StartDate,EndDate,Status,IPAddress,Finished,RecordedDate,ResponseId,RecipientEmail,LocationLatitude,customer_id,"
    "project_id,Q1,Q1_NPS_GROUP,Q5\n"
    'Anfang,Ende,Antworttyp,IP-Adresse,Beendet,Erfasst,Antwort-ID,E-Mail,Breite,customer_id,project_id,"Wie\nsicher '
    'empfehlen Sie uns?",Q1 - Gruppe,Zufrieden?\n'
    + ",".join('"{""ImportId"":""x' + str(n) + '""}"' for n in range(14))
    + "\n"
    "2026-02-01 08:00:00,2026-02-01 08:05:00,0,10.0.0.1,1,2026-02-01 08:05:01,R_1,a@b.example,47.1,C1,P1,10,3,"
    "Very satisfied\n"
    "2026-02-02 08:00:00,2026-02-02 08:05:00,0,10.0.0.2,1,2026-02-03 00:05:01,R_2,c@b.example,47.1,C2,P1,0,1,4 - good\n"
    "2026-02-02 08:00:00,2026-02-02 08:05:00,0,10.0.0.2,0,2026-02-02 08:05:01,R_3,c@b.example,47.1,C2,P1,,,meh\n"
    "2026-02-02 08:00:00,2026-02-02 08:05:00,1,10.0.0.2,1,2026-02-02 08:05:01,R_4,c@b.example,47.1,C2,P1,9,3,5\n"
)
LEGACY = (
    "\ufeffV1,V2,V3,V4,V5,V6,V7,V8,V9,V10,Q3,\n"
    "ResponseID,ResponseSet,Name,ExternalDataReference,EmailAddress,IPAddress,Status,StartDate,EndDate,Finished,"
    '"How likely are you to recommend us?",\n'
    "R_9,Default Response Set,Doe,C7,d@b.example,10.0.0.9,0,2015-03-01 10:00:00,2015-03-01 10:02:00,1,7,\n"
)
MONKEY = (
    "Respondent ID,Collector ID,Start Date,End Date,IP Address,Email Address,First Name,Last Name,Custom Data 1,"
    "How likely is it that you would recommend us to a friend?,Which?,\n"
    ",,,,,,,,,Response,North,South\n"
    "118,42,02/13/2026 10:00:00 AM,02/13/2026 11:05:00 PM,10.1.1.1,x@y.example,Al,Bo,C3,9 - Extremely likely,North,\n"
    "119,42,02/01/2026 10:00:00 AM,02/01/2026 10:05:00 AM,10.1.1.1,x@y.example,Al,Bo,C4,0 - Not at all,,South\n"
)
HISTORY = (
    "Date,USD,JPY,TRL,GBP,HRK,\n2026-04-13,1.1684,171.2,N/A,0.87,N/A,\n2005-01-03,1.3507,139.0,1828000,0.7073,7.5550,\n"
)
DAILY = "Date, USD, JPY, GBP, \n13 April 2026, 1.1684, 171.20, 0.87000, \n"
RATES_XML = (
    '<?xml version="1.0" encoding="UTF-8"?><gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" '
    'xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref"><gesmes:subject>Reference rates</gesmes:subject>'
    "<gesmes:Sender><gesmes:name>European Central Bank</gesmes:name></gesmes:Sender><Cube>"
    "<Cube time='2026-04-13'><Cube currency='USD' rate='1.1684'/><Cube currency='JPY' rate='171.2'/></Cube>"
    "<Cube time='2026-04-10'><Cube currency='USD' rate='1.1711'/></Cube></Cube></gesmes:Envelope>"
)


def seeds() -> dict[str, bytes]:
    """Small files for mutation."""
    return {
        "A20260302.xml": day(),
        "A20260302-pairs.xml": measured(info(QUARTERS[0], {"Cell=1": "1 -"}, shape="pairs")),
        "A20260302-5g.xml": day(namespace=NS_5G),
        "A20260302-prefixed.xml": prefixed(),
        "A20260302.zip": parts(),
        "incidents.csv": LOG.encode(),
        "task.csv": TASKS.encode(),
        "issue.csv": ISSUES.encode(),
        "qualtrics.csv": QUALTRICS.encode(),
        "qualtrics legacy.csv": LEGACY.encode(),
        "surveymonkey.csv": MONKEY.encode(),
        "eurofxref-hist.csv": HISTORY.encode(),
        "eurofxref.csv": DAILY.encode(),
        "eurofxref-daily.xml": RATES_XML.encode(),
        "eurofxref-hist.zip": zipped({"eurofxref-hist.csv": HISTORY.encode()}),
    }

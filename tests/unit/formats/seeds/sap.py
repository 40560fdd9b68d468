"""Lists and tables of SAP, made by hand with the columns that real layouts have: name -> bytes."""

from __future__ import annotations

import io
from collections.abc import Sequence

import xlsxwriter

CJI3 = (
    "Document Number", "Posting Row", "Fiscal Year", "Cost Element", "Cost element name", "Val/COArea Crcy",
    "WBS Element", "CO Object Name", "Posting Date", "Document Date", "Ref. document number", "Posting Row",
    "Total quantity", "Posted unit of meas.", "Purchasing Document", "Partner-CCtr", "Transaction Currency",
    "Value TranCurr", "Object Currency", "Value in Obj. Crcy", "Report currency", "Val.in rep.cur.",
    "Project definition", "User Name", "Period", "Personnel Number",
)  # fmt: skip
# five lines of two projects: material, a foreign currency, labour, a reversal, an outside service
CJI3_ROWS = (
    ("0100000001", "1", "2026", "0000400100", "Material", "1.234,56", "P-1001.1", "Piping", "15.01.2026", "14.01.2026",
     "5100000007", "2", "10", "EA", "4500000011", "", "EUR", "1.234,56", "EUR", "1.234,56", "EUR", "1.234,56",
     "P-1001", "MILLER", "1", ""),
    ("0100000001", "2", "2026", "0000400200", "Freight", "100,00", "P-1001.1", "Piping", "15.01.2026", "14.01.2026",
     "5100000007", "3", "", "", "4500000011", "", "USD", "108,00", "EUR", "100,00", "EUR", "100,00", "P-1001",
     "MILLER", "1", ""),
    ("0100000002", "1", "2026", "0000620000", "Engineering hours", "8.000,00", "P-1001.2", "Design", "31.01.2026",
     "31.01.2026", "", "", "80,5", "H", "", "4711", "EUR", "8.000,00", "EUR", "8.000,00", "EUR", "8.000,00", "P-1001",
     "CATS", "1", "00001234"),
    ("0100000003", "1", "2026", "0000400100", "Material", "1.234,56-", "P-1001.1", "Piping", "02.02.2026",
     "02.02.2026", "5100000009", "1", "10-", "EA", "4500000011", "", "EUR", "1.234,56-", "EUR", "1.234,56-", "EUR",
     "1.234,56-", "P-1001", "MILLER", "2", ""),
    ("0100000004", "1", "2026", "0000415000", "Outside services", "2.500,00", "P-2002.1", "Erection", "03.02.2026",
     "01.02.2026", "5100000010", "1", "", "", "4500000012", "", "EUR", "2.500,00", "EUR", "2.500,00", "EUR",
     "2.500,00", "P-2002", "MILLER", "2", ""),
)  # fmt: skip

CJI3_GERMAN = (
    "Belegnummer", "Buchungszeile", "Geschäftsjahr", "Kostenart", "Kostenartenbezeichn.", "Wert/KWähr", "PSP-Element",
    "Buchungsdatum", "Referenzbelegnummer", "Menge gesamt", "Projektdefinition", "Bezeichnung",
)  # fmt: skip
KSB1 = (
    "Cost Element", "Cost element name", "Cost Center/Order", "Total Quantity", "Purchasing Document",
    "Purchase order text", "Document Header Text", "Partner-CCtr", "Company Code", "Period", "Fiscal Year",
    "Val/COArea Crcy", "Name",
)  # fmt: skip
KSB1_GERMAN = (
    "Per", "Objekt", "Objektbezeichnung", "Kostenart", "Kostenartenbezeichn.", "Buchungsdatum", "Menge", "Wert/KWähr",
    "Gegenkontobezeichnung", "Bezeichnung", "PSP-Element", "Einkaufsbeleg",
)  # fmt: skip
CJI5 = (
    "Project definition", "WBS element", "Ref.doc.no", "Item", "CO object name", "Supplier", "Name", "Year", "Per",
    "Cost Element", "Cost element descr.", "Matl Group", "Material", "Description", "User Name", "DocC", "CoCode",
    "Exch. Rate", "Quantity", "Qty/plan", "Debit date", "Doc. Date", "Report currency", "Val.in rep.cur.", "TCurr",
    "Value TCur", "Obj Curr.", "Value in Obj. Crcy",
)  # fmt: skip
ME2N = (
    "Purchasing Document", "Item", "Document Date", "Supplier/Supplying Plant", "Material", "Short Text",
    "Order Quantity", "Net Price", "Price Unit", "Net Order Value", "Currency", "Still to be delivered (value)",
    "Still to be invoiced (val.)", "WBS Element", "Delivery Date", "Deletion Indicator",
)  # fmt: skip
MB51 = (
    "Material Document", "Material Doc.Item", "Material Doc. Year", "Movement Type", "Posting Date",
    "Qty in unit of entry", "Amt.in Loc.Cur.", "WBS Element",
)  # fmt: skip

_TITLE = ("Display Actual Cost Line Items for Projects", "", "Layout\t/PM_REPORT", "Controlling Area\t1000")


def lines(header: Sequence[str], rows: Sequence[Sequence[str]], delimiter: str, end: str = "\r\n") -> str:
    """Rows of text with nothing around them."""
    return end.join(delimiter.join(row) for row in (header, *rows)) + end


def framed(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    title: Sequence[str] = (),
    page: int = 40,
    end: str = "\r\n",
) -> str:
    """A spool list: cells padded and framed with bars, the header again on every page."""
    widths = [max(len(row[i]) for row in (header, *rows)) for i in range(len(header))]

    def line(row: Sequence[str]) -> str:
        return "|" + "|".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + "|"

    rule = "-" * len(line(header))
    out: list[str] = list(title)
    for start in range(0, len(rows), page):
        if start:
            out += ["", f"04.02.2026           Dynamic List Display          {start // page + 1}"]
        out += [rule, line(header), rule, *(line(row) for row in rows[start : start + page]), rule]
    return end.join(out) + end


def html(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    def row(cells: Sequence[str], tag: str) -> str:
        return "<tr>" + "".join(f"<{tag} nowrap>{cell or '&nbsp;'}</{tag}>" for cell in cells) + "</tr>"

    body = "\n".join([row(header, "th"), *(row(cells, "td") for cells in rows)])
    return f'<html><head><meta charset="utf-8"></head><body><h1>List</h1><table border=1>{body}</table></body></html>'


def spreadsheet_xml(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    def row(cells: Sequence[str]) -> str:
        return "<Row>" + "".join(f'<Cell><Data ss:Type="String">{cell}</Data></Cell>' for cell in cells) + "</Row>"

    space = "urn:schemas-microsoft-com:office:spreadsheet"
    table = "".join(row(cells) for cells in (("Line items",), header, *rows))
    return (
        f'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="{space}" xmlns:ss="{space}">'
        f'<Worksheet ss:Name="List"><Table>{table}</Table></Worksheet></Workbook>'
    )


def workbook(
    header: Sequence[str], rows: Sequence[Sequence[object]], *, title: Sequence[str] = ("Line items", "")
) -> bytes:
    """A sheet with a title; numbers as numbers, texts as texts."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("Format")
    for number, line in enumerate(title):
        sheet.write_string(number, 0, line)
    for number, row in enumerate((header, *rows), start=len(title)):
        for column, cell in enumerate(row):
            if isinstance(cell, (int, float)):
                sheet.write_number(number, column, cell)
            elif cell is not None and cell != "":
                sheet.write_string(number, column, str(cell))
    book.close()
    return out.getvalue()


def with_totals(rows: Sequence[Sequence[str]], amount: int) -> list[list[str]]:
    """Five CJI3 lines with subtotals by month (*) and their total (**)."""
    width = len(rows[0])

    def total(mark: str, value: str) -> list[str]:
        cells = [""] * width
        cells[0], cells[amount] = mark, value
        return cells

    return [
        *(list(row) for row in rows[:3]), total("*", "9.334,56"),
        *(list(row) for row in rows[3:]), total("*", "1.265,44"), total("**", "10.600,00"),
    ]  # fmt: skip


def plain(row: Sequence[str]) -> list[str]:
    """A row's cells in English spelling."""
    table = str.maketrans({".": ",", ",": "."})
    return [
        cell.translate(table) if "," in cell and cell.replace(".", "").replace(",", "").strip("-").isdigit() else cell
        for cell in row
    ]


def lists() -> dict[str, bytes]:
    """Every list, in every carrier."""
    amount = CJI3.index("Val/COArea Crcy")
    totals = with_totals(CJI3_ROWS, amount)
    tabs = "\r\n".join(_TITLE) + "\r\n" + lines(CJI3, CJI3_ROWS, "\t")
    german = [
        [r[0], r[1], r[2], r[3], r[4], r[amount], r[6], r[8], r[10], r[12], r[22], r[7]] for r in CJI3_ROWS
    ]  # fmt: skip
    ksb1 = [
        ("400100", "Material", "CC4711", "10", "", "", "Invoice", "", "1000", "1", "2026", "1.234,50", "Valves"),
        ("400200", "Freight", "800123", "", "", "", "", "", "1000", "12", "2025", "20,00-", ""),
    ]
    ksb1_german = [
        ("1", "4711", "Werkstatt", "400100", "Material", "15.01.2026", "3,000", "1.500,75", "Müller GmbH", "Ventile",
         "P-1001.1", "4500000011"),
        ("2", "4711", "Werkstatt", "400200", "Fracht", "02.02.2026", "", "99,00", "", "Fracht", "P-1001.1", ""),
    ]  # fmt: skip
    cji5 = [
        ("P-1001", "P-1001.1", "4500000011", "10", "Piping", "100023", "Steel Ltd", "2026", "3", "400100", "Material",
         "M1", "R-77", "Pipes", "MILLER", "POrd", "1000", "1,00000", "10", "10", "15.03.2026", "10.01.2026", "EUR",
         "12.000,00", "EUR", "12.000,00", "EUR", "12.000,00"),
        ("P-1001", "P-1001.2", "4500000012", "20", "Design", "100024", "Ink GmbH", "2026", "4", "415000", "Services",
         "", "", "Drawings", "MILLER", "POrd", "1000", "1,00000", "", "", "30.04.2026", "12.01.2026", "EUR", "800,50",
         "EUR", "800,50", "EUR", "800,50"),
    ]  # fmt: skip
    me2n = [
        ("4500000011", "10", "10.01.2026", "0000100023  Steel Ltd", "R-77", "Pipes", "10", "1.500,00", "1",
         "15.000,00", "EUR", "12.000,00", "13.000,00", "P-1001.1", "15.03.2026", ""),
        ("4500000013", "10", "11.01.2026", "0000100024  Ink GmbH", "", "Drawings", "1", "99,00", "1", "99,00", "EUR",
         "0,00", "0,00", "P-1001.2", "20.01.2026", "L"),
    ]  # fmt: skip
    mb51 = [("4900000001", "1", "2026", "281", "15.01.2026", "10", "1.234,56", "P-1001.1")]
    return {
        "cji3.txt": framed(CJI3, CJI3_ROWS, title=_TITLE[:1], page=2).encode("cp1252"),
        "cji3 totals.txt": framed(CJI3, totals, page=3).encode("cp1252"),
        "cji3.xls": b"\xff\xfe" + tabs.encode("utf-16-le"),
        "cji3 without mark.xls": tabs.encode("utf-16-le"),
        "cji3.csv": lines(CJI3, CJI3_ROWS, ";").encode("utf-8"),
        "cji3 english.csv": lines(
            CJI3, [[f'"{c}"' if "," in c else c for c in plain(r)] for r in CJI3_ROWS], ","
        ).encode(),
        "cji3.htm.xls": html(CJI3, totals).encode(),
        "cji3.xml.xls": spreadsheet_xml(CJI3, CJI3_ROWS).encode(),
        "cji3 german.csv": lines(CJI3_GERMAN, german, ";").encode("cp1252"),
        "cji3.xlsx": workbook(CJI3, CJI3_ROWS),
        "ksb1.txt": lines(KSB1, ksb1, "\t").encode(),
        "ksb1 german.txt": framed(KSB1_GERMAN, ksb1_german).encode("cp1252"),
        "cji5.txt": lines(CJI5, cji5, "\t").encode(),
        "me2n.txt": lines(ME2N, me2n, "\t").encode(),
        "mb51.txt": framed(MB51, mb51).encode(),
    }


ACDOCA = (
    "RCLNT,RLDNR,RBUKRS,GJAHR,BELNR,DOCLN,BUDAT,RACCT,HSL,RHCUR,MSL,PS_PSP_PNR,PS_POSID,GLACCOUNT_TYPE,LIFNR,PERNR,SGTXT\n"
    "100,0L,1000,2026,0000000101,000001,20260115,0000400100,1234.56,EUR,10,00000077,P-1001.1,P,0000100023,00000000,Pipes\n"
    "100,0L,1000,2026,0000000101,000002,20260115,0000160000,-1234.56,EUR,0,00000000,,X,0000100023,00000000,Pipes\n"
    "100,0L,1000,2026,0000000102,000001,20260220,0000620000,800.00,EUR,8,00000078,,S,,00001234,Hours\n"
    "100,0L,1000,2026,0000000102,000002,20260220,0000943000,-800.00,EUR,-8,00000000,,S,,00000000,\n"
    "100,2L,1000,2026,0000000101,000001,20260115,0000400100,1300.00,EUR,10,00000077,P-1001.1,P,,00000000,IFRS\n"
)
BSEG = (
    "MANDT\tBUKRS\tBELNR\tGJAHR\tBUZEI\tBUDAT\tHWAER\tSHKZG\tDMBTR\tHKONT\tPROJK\tLIFNR\tSGTXT\n"
    "100\t1000\t0000000101\t2026\t001\t20260115\tEUR\tS\t1234.56\t0000400100\t00000077\t\tPipes\n"
    "100\t1000\t0000000101\t2026\t002\t20260115\tEUR\tH\t1234.56\t0000160000\t00000000\t0000100023\t\n"
    "100\t1000\t0000000103\t2026\t001\t20260203\tEUR\tH\t34.56\t0000400100\t00000077\t\tCredit\n"
    "100\t1000\t0000000103\t2026\t002\t20260203\tEUR\tS\t34.56\t0000160000\t00000000\t0000100023\t\n"
)
COEP = (
    "MANDT;KOKRS;BELNR;BUZEI;PERIO;WKGBTR;MEGBTR;MEINH;OBJNR;GJAHR;WRTTP;VERSN;KSTAR;VRGNG;KWAER;PERNR;SGTXT\n"
    "100;1000;0200000001;001;001;1234,56;10,000;EA;PR00000077;2026;04;000;0000400100;COIN;EUR;00000000;Pipes\n"
    "100;1000;0200000002;001;002;8000,00;80,000;H;PR00000078;2026;04;000;0000620000;RKL;EUR;00000000;Hours\n"
    "100;1000;0200000003;001;001;99999,00;0,000;EA;PR00000077;2026;01;000;0000400100;RKP1;EUR;00000000;Plan\n"
    "100;1000;0200000004;001;001;50,00;0,000;EA;KS10004711;2026;04;000;0000400100;COIN;EUR;00000000;Rent\n"
)
PRPS = "MANDT,PSPNR,POSID,POST1,PSPHI,OBJNR,STUFE\n100,00000077,P-1001.1,Piping,00000007,PR00000077,2\n"
PROJ = "MANDT,PSPNR,PSPID,POST1,VBUKR\n100,00000007,P-1001,Plant North,1000\n"
EKPO = (
    "EBELN,EBELP,BEDAT,WAERS,LIFNR,NETWR,MATNR,LOEKZ,PS_PSP_PNR,EINDT\n"
    "4500000011,00010,20260110,EUR,0000100023,15000.00,R-77,,00000077,20260315\n"
    "4500000012,00010,20260111,EUR,0000100024,99.00,,L,00000078,20260315\n"
)
KNA1 = "MANDT,KUNNR,LAND1,NAME1,NAME2,STCEG,LOEVM\n100,0000001000,DE,Stadtwerke Nord,GmbH,DE123456789,\n"
# GDATU is 99999999 less the date
TCURR = (
    "MANDT,KURST,FCURR,TCURR,GDATU,UKURS,FFACT,TFACT\n"
    "100,M,USD,EUR,79739884,0.92000,1,1\n"
    "100,M,EUR,USD,79739884,-0.92000,1,1\n"
    "100,M,GBP,EUR,79739884,-0.85000,0,0\n"
    "100,M,JPY,EUR,79739884,0.62000,100,1\n"
    "100,P,USD,EUR,79739884,0.90000,1,1\n"
    "100,M,HUF,EUR,79739884,0.25000,0,0\n"
)
SKA1 = "MANDT,KTOPL,SAKNR,BILKT,GVTYP,XBILK,TXT50\n100,INT,0000400100,,X,,Material\n100,INT,0000160000,,,X,Payables\n"
PA0008 = "MANDT,PERNR,BEGDA,ENDDA,TRFAR,TRFGR,LGA01,BET01\n100,00001234,20260101,99991231,01,E5,1000,4200.00\n"


def tables() -> dict[str, bytes]:
    """Tables by their technical names."""
    return {
        "acdoca.csv": ACDOCA.encode(),
        "bseg.txt": BSEG.encode("utf-16"),
        "coep.csv": COEP.encode(),
        "prps.csv": PRPS.encode(),
        "proj.csv": PROJ.encode(),
        "ekpo.csv": EKPO.encode(),
        "kna1.csv": KNA1.encode(),
        "tcurr.csv": TCURR.encode(),
        "ska1.csv": SKA1.encode(),
        "pa0008.csv": PA0008.encode(),
    }


def seeds() -> dict[str, bytes]:
    """Small files for mutation."""
    return {**lists(), **tables()}

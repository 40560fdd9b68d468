"""Tables of ERP systems, told by their columns' technical names: who reads them, or why they are not wanted.

A table is known by columns that only it has together; its name, and the file's, prove nothing. What is read belongs to
`sap_tables`, `netsuite` and `intacct`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from pipelines.errors import RefusedFile
from pipelines.formats.base import Context, RawTable, TableRead
from pipelines.formats.erp import intacct, netsuite, sap_tables
from pipelines.formats.erp.cells import Cells
from pipelines.formats.headers import normalise

Reader = Callable[[Cells], list[TableRead]]

_PERSONAL = "personal data that Outturn has no use for"
_UNUSED = "Outturn has no use for it"


@dataclass(frozen=True, kw_only=True)
class Known:
    """One table. `columns`: all of them are in its header. Either `read`, or `holds` and `remedy` say why not."""

    system: str
    table: str
    columns: str
    read: Reader | None = None
    holds: str = ""
    why: str = _UNUSED
    remedy: str = "leave it out of the inbox"

    @property
    def needed(self) -> frozenset[str]:
        return frozenset(self.columns.split())


def _sap(table: str, columns: str, **more: object) -> Known:
    return Known(system="SAP", table=table, columns=columns, **more)  # type: ignore[arg-type]


def _netsuite(table: str, columns: str, **more: object) -> Known:
    return Known(system="NetSuite", table=table, columns=columns, **more)  # type: ignore[arg-type]


def _intacct(table: str, columns: str, **more: object) -> Known:
    return Known(system="Sage Intacct", table=table, columns=columns, **more)  # type: ignore[arg-type]


_WITH_BKPF = (
    "export BSEG joined with BKPF: one row an item with BUKRS, BELNR, GJAHR, BUZEI, BUDAT, HWAER, SHKZG, DMBTR, HKONT, "
    "PROJK"
)
_WITH_EKKO = (
    "export EKPO joined with EKKO and EKKN: one row an item with EBELN, EBELP, BEDAT, WAERS, LIFNR, NETWR, PS_PSP_PNR"
)
_NETSUITE_LINES = (
    "export one query that joins transaction, transactionline and transactionaccountingline: transaction, "
    "transactionline, accountingbook, account (or acctnumber), accttype, amount, posting, trandate, subsidiary, "
    "project, basecurrency"
)

TABLES: tuple[Known, ...] = (
    _sap("ACDOCA", "rldnr rbukrs gjahr belnr docln racct hsl", read=sap_tables.acdoca),
    _sap("BSEG", "bukrs belnr gjahr buzei shkzg dmbtr hkont", read=sap_tables.bseg),
    _sap("BKPF", "bukrs belnr gjahr blart budat waers cpudt", holds="heads of accounting documents without amounts",
         why="they say nothing alone", remedy=_WITH_BKPF),
    _sap("COEP", "kokrs belnr buzei perio objnr gjahr wrttp wkgbtr", read=sap_tables.coep),
    _sap("PRPS", "pspnr posid post1 psphi", read=sap_tables.prps),
    _sap("PROJ", "pspnr pspid post1", read=sap_tables.proj),
    _sap("EKPO with EKKO", "ebeln ebelp netwr bedat waers", read=sap_tables.ekpo),
    _sap("EKPO", "ebeln ebelp netwr", holds="order items without date, currency and project",
         why="they are no orders alone", remedy=_WITH_EKKO),
    _sap("EKKO", "ebeln bsart lifnr bedat waers", holds="heads of orders without items", why="they say nothing alone",
         remedy=_WITH_EKKO),
    _sap("EKKN", "ebeln ebelp zekkn kostl", holds="account assignments of order items", why="they say nothing alone",
         remedy=_WITH_EKKO),
    _sap("COBK", "kokrs belnr budat bltxt orgvg", holds="heads of controlling documents without amounts",
         why="they say nothing alone", remedy="export COEP (or the view COVP, which has their posting date)"),
    _sap("KNA1", "kunnr name1 land1", read=sap_tables.kna1),
    _sap("LFA1", "lifnr name1 land1", holds="suppliers", why="costs and orders name their suppliers by number and "
         "Outturn keeps nothing else of them"),
    _sap("TCURR", "kurst fcurr tcurr gdatu ukurs", read=sap_tables.tcurr),
    _sap("SKA1", "ktopl saknr xbilk gvtyp", read=sap_tables.ska1),
    _sap("T001", "bukrs butxt waers ktopl", holds="company codes",
         why="companies are told by their number in each posting",
         remedy="leave it out; a company's currency is [sap] local_currency in outturn.toml"),
    _sap("T001W", "werks name1 vkorg bwkey fabkl", holds="plants"),
    _sap("TKA01", "kokrs bezei waers ktopl ctyp", holds="controlling areas",
         remedy='leave it out; the area\'s currency is [sap] co_area_currency = "EUR" in outturn.toml'),
    _sap("CSKS", "kokrs kostl datbi datab", holds="cost centres",
         why="a cost centre is no project", remedy="where one stands for a project, deliver project_alias with "
         "source_system sap"),
    _sap("TJ01", "vrgng xcoep xcosp wtkat", holds="business transactions of controlling"),
    _sap("DD07L", "domname domvalue_l as4vers valpos", holds="permitted values of data fields"),
    _sap("DD07T", "domname domvalue_l ddlanguage ddtext as4vers", holds="texts of data fields' permitted values"),
    _sap("DD02T", "tabname ddlanguage ddtext", holds="names of tables"),
    _sap("PA0000", "pernr begda endda massn massg stat2", holds="personnel actions: entries, moves and leavings",
         why=_PERSONAL),
    _sap("PA0001", "pernr begda endda persg persk orgeh plans", holds="names, positions and units of employees",
         why="it names people; Outturn wants no more of them than the canonical table employee holds",
         remedy="deliver employee.csv with number, role and cost centre; leave this table out"),
    _sap("PA0002", "pernr begda endda nachn vorna gbdat", holds="names and birth dates of employees", why=_PERSONAL),
    _sap("PA0006", "pernr begda endda stras ort01", holds="addresses of employees", why=_PERSONAL),
    _sap("PA0007", "pernr begda endda schkz empct wostd", holds="working time rules of employees", why=_PERSONAL,
         remedy="deliver employee.csv with weekly_capacity_hours; leave this table out"),
    _sap("PA0008", "pernr begda endda trfar trfgr lga01 bet01", holds="salaries of employees", why=_PERSONAL,
         remedy="leave it out and delete this copy; what an hour costs is the canonical table cost_rate, best by role"),
    _netsuite("transactions, joined", "transaction transactionline accountingbook amount trandate",
              read=netsuite.transactions),
    _netsuite("transactionaccountingline", "transaction transactionline accountingbook amount posting",
              holds="postings without date and project", why="they say nothing alone", remedy=_NETSUITE_LINES),
    _netsuite("transactionline", "transaction uniquekey mainline subsidiary linesequencenumber",
              holds="lines of transactions without their account", why="they say nothing alone",
              remedy=_NETSUITE_LINES),
    _netsuite("transaction", "id trandate type entity postingperiod",
              holds="heads of transactions without amounts by account", why="they say nothing alone",
              remedy=_NETSUITE_LINES),
    _netsuite("job", "id entityid customer startdate projectmanager jobtype", read=netsuite.job),
    _netsuite("customer", "id entityid companyname searchstage isperson", read=netsuite.customer),
    _netsuite("account", "id acctnumber accttype eliminate", read=netsuite.account),
    _netsuite("accounttype", "id longname balancesheet defaultgeneralratetype", holds="kinds of accounts"),
    _netsuite("accountingbook", "id basebook isprimary isconsolidated", holds="accounting books",
              remedy='leave it out; the book that counts is [netsuite] accounting_book in outturn.toml'),
    _netsuite("accountingbooksubsidiaries", "accountingbook status subsidiary", holds="books of subsidiaries"),
    _netsuite("accountingperiod", "id periodname startdate enddate isposting", holds="accounting periods",
              why="every posting has its date"),
    _netsuite("accountingperiodfiscalcalendars", "accountingperiod fiscalcalendar fullname",
              holds="periods of fiscal calendars"),
    _netsuite("consolidatedexchangerate", "averagerate currentrate historicalrate fromsubsidiary postingperiod",
              holds="exchange rates between subsidiaries by internal numbers of periods and currencies",
              why="they name neither dates nor currencies",
              remedy="deliver exchange_rate.csv, or the rates of the European Central Bank"),
    _netsuite("currency", "id symbol isbasecurrency exchangerate currencyprecision", holds="currencies",
              remedy="leave it out; what their internal numbers stand for is [netsuite.currencies] in outturn.toml, "
              'such as 1 = "USD"'),
    _netsuite("customersubsidiaryrelationship", "id entity isprimarysub subsidiary",
              holds="which subsidiary serves which customer"),
    _netsuite("department", "id fullname name includechildren parent subsidiary", holds="departments"),
    _netsuite("location", "id fullname name mainaddress locationtype", holds="locations"),
    _netsuite("item", "id itemtype fullname incomeaccount expenseaccount", holds="items that are sold and bought"),
    _netsuite("subsidiary", "id country currency legalname iselimination fiscalcalendar", holds="subsidiaries",
              remedy="leave it out; their currencies are [netsuite.subsidiaries] in outturn.toml"),
    _netsuite("employee", "id entityid firstname lastname approvallimit expenselimit",
              holds="names, e-mails and limits of employees", why=_PERSONAL,
              remedy="deliver employee.csv with number, role and cost centre; leave this table out"),
    _netsuite("entity", "id entityid altname genericresource laborcost toplevelparent",
              holds="customers, suppliers and employees, with their e-mails and what employees cost", why=_PERSONAL,
              remedy="export job and customer instead"),
    _netsuite("entityaddress", "nkey addr1 addressee addrphone zip", holds="postal addresses", why=_PERSONAL),
    _netsuite("vendor", "id entityid companyname vendortype payablesaccount", holds="suppliers",
              why="costs and orders name their suppliers and Outturn keeps nothing else of them"),
    _intacct("gl_detail", "recordno accountno amount entry_date bookid", read=intacct.gl_detail),
    _intacct("gl_account", "accountno title accounttype normalbalance", read=intacct.gl_account),
    _intacct("gl_batch", "recordno batch_date batch_title batchno journal", holds="heads of journals without amounts",
             why="they say nothing alone", remedy="export gl_detail, which has the lines with their accounts"),
    _intacct("ap_bill", "recordno recordid totalentered totaldue vendorid", read=intacct.ap_bill),
    _intacct("ap_bill_item", "recordno recordkey accountno amount vendorid entry_date lineitem",
             read=intacct.ap_bill_item),
    _intacct("ar_invoice", "recordno recordid totalentered totaldue customerid", read=intacct.ar_invoice),
    _intacct("ar_invoice_item", "recordno recordkey accountno amount customerid entry_date",
             read=intacct.ar_invoice_item),
    _intacct("project", "projectid name customerid projectstatus begindate", read=intacct.project),
    _intacct("customer", "customerid name recordno status totaldue", read=intacct.customer),
    _intacct("vendor", "vendorid name recordno status totaldue", holds="suppliers",
             why="bills and costs name their suppliers and Outturn keeps nothing else of them"),
    _intacct("timesheetentry", "recordno employeeid projectid entrydate qty", read=intacct.timesheet_entry),
    _intacct("timesheet", "recordno employeeid begindate enddate hoursinday", holds="heads of time sheets",
             why="they say nothing alone", remedy="export timesheetentry, which has the hours"),
    _intacct("employee", "employeeid personalinfo startdate", holds="employees", why=_PERSONAL,
             remedy="deliver employee.csv with number, role and cost centre; leave this table out"),
    Known(
        system="A register of", table="payments",
        columns="vendor accountcode accountdescription docno amount date source",
        holds="what was paid to suppliers, without project and currency",
        why="a cost line belongs to a project",
        remedy="declare in a profile which project (perhaps one for all) and which currency: docs/formats.md, "
        "Payments without projects",
    ),
)  # fmt: skip


def find(header: Sequence[str]) -> Known | None:
    """The table with these columns: of those that fit, the one which asks for most."""
    names = frozenset(normalise(column) for column in header)
    fitting = [known for known in TABLES if known.needed <= names]
    return max(fitting, key=lambda known: len(known.needed), default=None)


def read_raw(raw: RawTable, columns: Mapping[str, str], context: Context, *, where: str) -> list[TableRead] | None:
    """The canonical tables in an ERP table; None where it is none. Raises RefusedFile for those not wanted."""
    known = find(raw.header)
    if known is None:
        return None
    if known.read is None:
        raise RefusedFile(
            f"{known.system} {known.table} holds {known.holds}: {known.why}", where=where, remedy=known.remedy
        )
    return known.read(Cells(raw, columns, context, where=where))

"""Tables of NetSuite and Sage Intacct and a register of payments, made by hand: name -> bytes."""

from __future__ import annotations

NETSUITE_LINES = (
    "transaction,transactionline,accountingbook,trandate,tranid,acctnumber,accttype,amount,posting,subsidiary,project,"
    "basecurrency,memo\n"
    "9001,1,1,2026-01-15 0:00:00,BILL-1,5000,COGS,1200.50,T,1,1548,USD,Pipes\n"
    "9001,2,1,2026-01-15 0:00:00,BILL-1,2000,AcctPay,-1200.50,T,1,,USD,\n"
    "9002,1,1,2026-01-31 0:00:00,INV-7,4000,Income,-3000.00,T,1,1548,USD,Milestone 1\n"
    "9002,2,1,2026-01-31 0:00:00,INV-7,1100,AcctRec,3000.00,T,1,,USD,\n"
    "9003,1,1,2026-02-03 0:00:00,SO-3,5000,COGS,77.00,F,1,1548,USD,not posted\n"
)
NETSUITE_JOB = (
    "id,entityid,companyname,customer,currency,startdate,projectedenddate,projectmanager,jobtype,entitystatus,isinactive,"
    "_fivetran_active,_fivetran_deleted\n"
    "1548,PRJ-1,Plant North,1547,1,2026-01-01 0:00:00,2026-12-31 0:00:00,9,2,In Progress,F,TRUE,FALSE\n"
    "1549,PRJ-2,Plant South,1547,1,2025-01-01 0:00:00,,9,2,,T,TRUE,FALSE\n"
    "1550,PRJ-3,Plant West,1547,1,2025-06-01 0:00:00,,9,2,17,F,TRUE,FALSE\n"
    "1550,PRJ-3,Plant Vest,1547,1,2025-06-01 0:00:00,,9,2,17,F,FALSE,FALSE\n"
)
GL_DETAIL = (
    "recordno,bookid,accountno,amount,tr_type,entry_date,entry_state,basecurr,projectid,vendorid,recordid,locationid,"
    "entrydescription\n"
    "1,ACCRUAL,50300,100.25,1,2026-01-05,P,USD,P-1,V-1,BILL-1,L1,Pipes\n"
    "2,ACCRUAL,20000,100.25,-1,2026-01-05,P,USD,,V-1,BILL-1,L1,\n"
    "3,CASH,50300,100.25,1,2026-01-05,P,USD,P-1,V-1,BILL-1,L1,Pipes\n"
    "4,ACCRUAL,50300,7.00,1,2026-01-06,D,USD,P-1,V-1,BILL-2,L1,a draft\n"
    "5,ACCRUAL,50300,20.25,-1,2026-02-01,P,USD,P-1,V-1,CR-1,L1,Credit\n"
    "6,ACCRUAL,50300,1.00,3,2026-02-01,P,USD,P-1,V-1,CR-1,L1,no side\n"
)
AP_BILL_ITEM = (
    "recordno,recordkey,accountno,amount,basecurr,billable,entry_date,lineitem,projectid,vendorid,state\n"
    "11,501,50300,100.25,USD,TRUE,2026-01-05,T,P-1,V-1,A\n"
    "12,501,50400,9.75,USD,FALSE,2026-01-05,T,,V-1,A\n"
    "13,502,50300,55.00,USD,FALSE,2026-01-09,T,P-1,V-1,Draft\n"
)
AR_INVOICE = (
    "recordno,recordid,customerid,totalentered,totaldue,totaltax,basecurr,whencreated,whendue,state\n"
    "71,INV-1,C-1,1190.00,0,190.00,EUR,2026-01-31,2026-03-01,Paid\n"
    "72,CR-1,C-1,-119.00,0,-19.00,EUR,2026-02-01,2026-03-01,Posted\n"
    "73,INV-2,C-1,50.00,50,0,EUR,2026-02-02,2026-03-01,Draft\n"
)
PROJECT = (
    "recordno,projectid,name,customerid,currency,projectstatus,begindate,enddate\n"
    "1,P-1,Plant North,C-1,EUR,In Progress,01/15/2026,12/31/2026\n"
)
TIMESHEET_ENTRY = (
    "recordno,employeeid,projectid,taskid,entrydate,qty,state,billable\n"
    "1,E-1,P-1,T-9,2026-01-05,7.5,Approved,TRUE\n"
    "2,E-1,P-1,T-9,2026-01-06,2.25,Submitted,FALSE\n"
)
# columns of a real register of payments; the rows are made up
PAYMENTS = (
    "ID,VendorID,Vendor,AccountCode,AccountDescription,DocNo,Amount,Date,Source\n"
    '0,100,Steel Ltd,542000,Materials,1900000001,"1,390.11",2010-04-01,2-april\n'
    "1,101,Ink GmbH,544000,Consultancy,1900000002,(978.00),2010-04-02,3-april\n"
)


def seeds() -> dict[str, bytes]:
    """Small files for mutation."""
    return {
        "netsuite lines.csv": NETSUITE_LINES.encode(),
        "netsuite job.csv": NETSUITE_JOB.encode(),
        "gl_detail.csv": GL_DETAIL.encode(),
        "ap_bill_item.csv": AP_BILL_ITEM.encode(),
        "ar_invoice.csv": AR_INVOICE.encode(),
        "intacct project.csv": PROJECT.encode(),
        "timesheetentry.csv": TIMESHEET_ENTRY.encode(),
        "payments.csv": PAYMENTS.encode(),
    }

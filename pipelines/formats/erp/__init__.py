"""Exports of ERP systems: SAP lists and tables, NetSuite, Sage Intacct, and postings of any payables ledger."""

"""Outturn: from files in an inbox to margin, forecast and KPI marts and a published report site."""

{{ as_closed('receivables_ageing') }}

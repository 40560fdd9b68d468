{{ as_closed('revenue_by_contract_line_month') }}

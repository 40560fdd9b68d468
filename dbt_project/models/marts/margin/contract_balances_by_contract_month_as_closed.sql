{{ as_closed('contract_balances_by_contract_month') }}

{{ scorecard_rolled_up('customer', 'customer_id', 'margin_by_customer_month') }}

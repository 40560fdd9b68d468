{{ margin_rolled_up('customer_id') }}

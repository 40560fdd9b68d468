{{ margin_rolled_up('business_group') }}

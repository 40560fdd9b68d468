{{ margin_rolled_up('programme_id') }}

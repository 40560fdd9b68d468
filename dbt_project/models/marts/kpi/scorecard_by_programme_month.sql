{{ scorecard_rolled_up('programme', 'programme_id', 'margin_by_programme_month') }}

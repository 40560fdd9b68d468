{{ scorecard_rolled_up('business_group', 'business_group', 'margin_by_business_group_month') }}

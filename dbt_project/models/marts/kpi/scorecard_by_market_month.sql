{{ scorecard_rolled_up('market', 'market', 'margin_by_market_month') }}

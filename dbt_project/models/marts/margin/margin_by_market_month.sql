{{ margin_rolled_up('market') }}

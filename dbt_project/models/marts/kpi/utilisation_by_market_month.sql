{{ utilisation('market', 'market') }}

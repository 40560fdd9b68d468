{{ utilisation('cost_centre', 'cost_centre') }}

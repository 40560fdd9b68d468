{#- The 14 points of the DCMA assessment: how each is passed. Names and thresholds have this one home. -#}
{% macro schedule_checks() -%}
    {{ return([
        {'number': 1, 'name': 'missing_logic', 'passes': 'at most', 'threshold': 0.05},
        {'number': 2, 'name': 'leads', 'passes': 'at most', 'threshold': 0},
        {'number': 3, 'name': 'lags', 'passes': 'at most', 'threshold': 0.05},
        {'number': 4, 'name': 'relationship_types', 'passes': 'at least', 'threshold': 0.9},
        {'number': 5, 'name': 'hard_constraints', 'passes': 'at most', 'threshold': 0.05},
        {'number': 6, 'name': 'high_float', 'passes': 'at most', 'threshold': 0.05},
        {'number': 7, 'name': 'negative_float', 'passes': 'at most', 'threshold': 0},
        {'number': 8, 'name': 'high_duration', 'passes': 'at most', 'threshold': 0.05},
        {'number': 9, 'name': 'invalid_dates', 'passes': 'at most', 'threshold': 0},
        {'number': 10, 'name': 'resources', 'passes': 'at most', 'threshold': 0},
        {'number': 11, 'name': 'missed_tasks', 'passes': 'at most', 'threshold': 0.05},
        {'number': 12, 'name': 'critical_path_test', 'passes': 'at least', 'threshold': 1},
        {'number': 13, 'name': 'critical_path_length_index', 'passes': 'at least', 'threshold': 0.95},
        {'number': 14, 'name': 'baseline_execution_index', 'passes': 'at least', 'threshold': 0.95}
    ]) }}
{%- endmacro %}

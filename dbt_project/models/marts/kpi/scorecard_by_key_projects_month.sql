{{ scorecard_rolled_up('project_group', 'project_group', 'margin_by_key_projects_month') }}

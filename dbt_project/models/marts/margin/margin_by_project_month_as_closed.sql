{{ as_closed('margin_by_project_month') }}

{{ as_closed('backlog_by_project_month') }}

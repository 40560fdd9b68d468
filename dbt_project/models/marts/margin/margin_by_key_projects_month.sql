{{ margin_rolled_up("case when projects.is_key_project then 'key projects' else 'other projects' end", name='project_group') }}

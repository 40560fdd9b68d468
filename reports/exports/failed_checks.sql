-- One row per check that did not pass.
select
    check_name,
    suite,
    concat_ws('.', schema_name, model_name) as model,
    column_name,
    severity,
    failing_rows,
    message
from wh.ops.check_results
where status <> 'passed'
order by severity, suite, check_name

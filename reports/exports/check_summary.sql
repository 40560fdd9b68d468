-- One row per suite of checks.
select
    suite,
    count(*) as checks,
    count(*) filter (where status = 'passed') as passed,
    count(*) filter (where status <> 'passed' and severity <> 'critical') as warnings,
    count(*) filter (where status <> 'passed' and severity = 'critical') as critical
from wh.ops.check_results
group by suite
order by suite

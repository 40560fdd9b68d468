-- One row per project and month with a new plan version: what its versions did to revenue and margin at completion; the first
-- version of a project brings all of its margin, a later one moves it.
select
    p.project_key,
    v.month,
    count(*) as versions,
    count(*) filter (where v.previous_plan_version_id is null) as new_projects,
    sum(coalesce(v.revenue_amount_base, 0) - coalesce(v.previous_revenue, 0)) as revenue,
    coalesce(sum(coalesce(v.margin_amount_base, 0)) filter (where v.previous_plan_version_id is null), 0) as added,
    coalesce(
        sum(coalesce(v.margin_amount_base, 0) - coalesce(v.previous_margin_amount_base, 0))
            filter (where v.previous_plan_version_id is not null),
        0
    ) as moved
from (
    select
        *,
        lag(revenue_amount_base) over (partition by project_id order by version_number) as previous_revenue
    from wh.forecast.forecast_versions
) as v
join out.projects as p on v.project_id = p.project_id
group by p.project_key, v.month
order by p.project_key, v.month

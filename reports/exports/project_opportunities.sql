-- One row per sales opportunity that grew out of a project.
select
    p.project_key,
    f.title,
    replace(f.kind, '_', ' ') as kind,
    f.stage,
    f.probability_pct,
    f.opportunity_amount_base as amount,
    f.weighted_amount_base as weighted,
    f.expected_close_date
from wh.core.fct_sales_opportunities as f
join out.projects as p on f.project_id = p.project_id
order by p.project_key, f.weighted_amount_base desc nulls last, f.opportunity_id

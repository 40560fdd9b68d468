-- One row per project and month: what its customer says, owes and may still buy, over all of the customer's projects.
select
    p.project_key,
    h.month,
    p.customer_name as customer,
    h.nps_12_months as nps,
    h.nps_responses_12_months as nps_responses,
    h.csat_12_months as csat,
    h.csat_responses_12_months as csat_responses,
    h.complaints_open,
    h.complaints_opened,
    h.closure_days,
    h.receivable_amount_base as receivable,
    h.overdue_amount_base as overdue,
    h.upsell_pipeline_amount_base as upsell,
    h.cross_sell_pipeline_amount_base as cross_sell,
    h.renewal_pipeline_amount_base as renewal,
    h.open_pipeline_weighted_amount_base as weighted
from wh.kpi.customer_health_by_month as h
join out.projects as p on h.customer_id = p.customer_id
join out.months as m on h.month = m.month
order by p.project_key, h.month

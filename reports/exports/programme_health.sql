-- One row per programme, month and customer of its projects: what the customer says, owes and may still buy, over all of its projects.
select
    g.programme_key,
    h.month,
    coalesce(c.customer_name, h.customer_id) as customer,
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
from (
    select distinct g.programme_key, p.customer_id
    from out.programmes as g
    join out.projects as p on g.programme_id = p.programme_id
) as g
join wh.kpi.customer_health_by_month as h on g.customer_id = h.customer_id
join out.months as m on h.month = m.month
left join out.customers as c on h.customer_id = c.customer_id
order by g.programme_key, h.month, customer

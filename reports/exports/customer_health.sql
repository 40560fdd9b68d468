-- One row per customer and month: what it says over twelve months, what it complains of, owes and may still buy.
select
    h.month,
    h.customer_id,
    coalesce(c.customer_name, case h.customer_id when '(none)' then 'not given' else h.customer_id end) as customer,
    h.nps_12_months as nps,
    h.nps_responses_12_months as nps_responses,
    h.promoters_12_months as promoters,
    h.detractors_12_months as detractors,
    h.csat_12_months as csat,
    h.csat_responses_12_months as csat_responses,
    h.satisfied_12_months as satisfied,
    h.complaints_open,
    h.complaints_opened,
    h.complaints_closed,
    h.closure_days,
    h.oldest_open_age_days as oldest_complaint_days,
    h.receivable_amount_base as receivable,
    h.overdue_amount_base as overdue,
    h.overdue_pct,
    h.upsell_pipeline_amount_base as upsell,
    h.cross_sell_pipeline_amount_base as cross_sell,
    h.renewal_pipeline_amount_base as renewal,
    h.open_pipeline_weighted_amount_base as weighted
from wh.kpi.customer_health_by_month as h
join out.months as m on h.month = m.month
left join out.customers as c on h.customer_id = c.customer_id
order by h.month, customer, h.customer_id

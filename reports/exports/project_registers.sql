-- One row per project and month: its risks, change requests, milestones, quality and safety in figures.
select
    p.project_key,
    r.month,
    r.open_threats,
    r.open_opportunities,
    r.open_threat_emv_amount_base as threat_emv,
    r.open_opportunity_emv_amount_base as opportunity_emv,
    r.emv_amount_base as emv,
    r.contingency_left_amount_base as contingency_left,
    c.pending_count,
    c.pending_price_amount_base as pending_price,
    c.pending_cost_amount_base as pending_cost,
    c.pending_schedule_days as pending_days,
    c.oldest_pending_days,
    c.approved_count_to_date as approved_count,
    c.approved_price_amount_base_to_date as approved_price,
    c.approved_cost_amount_base_to_date as approved_cost,
    c.approved_schedule_days_to_date as approved_days,
    c.cycle_time_days,
    ms.due_to_date,
    ms.hit_to_date,
    ms.hit_rate_pct_to_date,
    ms.average_slip_days_to_date as slip_days,
    ms.next_milestone,
    ms.next_milestone_date,
    q.first_submissions_to_date as first_submissions,
    q.first_time_right_to_date as first_time_right,
    q.first_time_right_pct_to_date as first_time_right_pct,
    q.tests_judged_to_date as tests_judged,
    q.tests_accepted_to_date as tests_accepted,
    q.acceptance_pct_to_date as acceptance_pct,
    q.defects_to_date as defects,
    q.supply_on_time_pct_to_date as supply_on_time_pct,
    s.hours,
    s.is_hours_withheld,
    s.hours_12_months,
    s.incidents,
    s.near_misses,
    s.recordable_cases_12_months as recordable_cases,
    s.lost_time_cases_12_months as lost_time_cases,
    s.days_lost,
    s.trir_12_months as trir,
    s.ltifr_12_months as ltifr
from wh.kpi.risk_exposure_by_project_month as r
join out.projects as p on r.project_id = p.project_id
join out.months as m on r.month = m.month
left join wh.kpi.change_requests_by_project_month as c on r.project_id = c.project_id and r.month = c.month
left join wh.kpi.milestone_performance_by_project_month as ms on r.project_id = ms.project_id and r.month = ms.month
left join wh.kpi.delivery_quality_by_project_month as q on r.project_id = q.project_id and r.month = q.month
left join wh.kpi.safety_by_project_month as s on r.project_id = s.project_id and r.month = s.month
order by p.project_key, r.month

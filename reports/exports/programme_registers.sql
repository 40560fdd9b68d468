-- One row per programme and month: risks, change requests, milestones, quality and safety of its projects, added up; ratios from the sums.
with summed as (
    select
        g.programme_key,
        r.month,
        sum(r.open_threats) as open_threats,
        sum(r.open_opportunities) as open_opportunities,
        sum(r.threat_emv) as threat_emv,
        sum(r.opportunity_emv) as opportunity_emv,
        sum(r.emv) as emv,
        sum(r.contingency_left) as contingency_left,
        sum(r.pending_count) as pending_count,
        sum(r.pending_price) as pending_price,
        sum(r.pending_cost) as pending_cost,
        sum(r.pending_days) as pending_days,
        max(r.oldest_pending_days) as oldest_pending_days,
        sum(r.approved_count) as approved_count,
        sum(r.approved_price) as approved_price,
        sum(r.approved_cost) as approved_cost,
        sum(r.approved_days) as approved_days,
        sum(r.due_to_date) as due_to_date,
        sum(r.hit_to_date) as hit_to_date,
        sum(r.first_submissions) as first_submissions,
        sum(r.first_time_right) as first_time_right,
        sum(r.tests_judged) as tests_judged,
        sum(r.tests_accepted) as tests_accepted,
        sum(r.defects) as defects,
        -- hours that are withheld in one project leave none for the programme: a part is not the whole
        case when not bool_or(r.is_hours_withheld) then sum(r.hours) end as hours,
        bool_or(r.is_hours_withheld) as is_hours_withheld,
        sum(r.incidents) as incidents,
        sum(r.near_misses) as near_misses,
        sum(r.recordable_cases) as recordable_cases,
        sum(r.lost_time_cases) as lost_time_cases,
        sum(r.days_lost) as days_lost,
        arg_min(r.next_milestone, r.next_milestone_date) as next_milestone,
        min(r.next_milestone_date) as next_milestone_date
    from out.project_registers as r
    join out.projects as p on r.project_key = p.project_key
    join out.programmes as g on p.programme_id = g.programme_id
    group by g.programme_key, r.month
)
select
    programme_key,
    month,
    * exclude (programme_key, month),
    cast(hit_to_date / nullif(due_to_date, 0) as decimal(18, 6)) as hit_rate_pct_to_date,
    cast(first_time_right / nullif(first_submissions, 0) as decimal(18, 6)) as first_time_right_pct,
    cast(tests_accepted / nullif(tests_judged, 0) as decimal(18, 6)) as acceptance_pct
from summed
order by programme_key, month

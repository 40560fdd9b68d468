-- One row per kind of finding: what a reader should know before believing the figures, and where it is told.
with exceptions as (
    select
        position * 10 as position,
        upper(substr(rule, 1, 1)) || substr(rule, 2) as what,
        cases,
        amount_at_stake as at_stake,
        unit,
        case severity
            when 'error' then 'an amount is missing in the figures'
            else 'a figure rests on an assumption'
        end as meaning
    from out.exception_summary
    where severity <> 'notice'
),
others as (
    select
        30 as position,
        'Files refused' as what,
        count(*) as cases,
        'nothing of them is in the figures' as meaning,
        '/trust/#refused-files' as link
    from wh.ops.loads
    where status = 'refused'
    union all
    select
        31 as position,
        'Rows rejected' as what,
        count(distinct (source_file_id, table_name, source_line)) as cases,
        'they are not in the figures' as meaning,
        '/trust/#rejected-rows' as link
    from wh.ops.rejected_rows
    union all
    select
        32 as position,
        'Checks that did not pass' as what,
        count(*) as cases,
        'warnings: the figures were published all the same' as meaning,
        '/trust/#checks' as link
    from wh.ops.check_results
    where status <> 'passed'
    union all
    select
        33 as position,
        'Control totals that differ' as what,
        count(*) as cases,
        'a file contradicts itself, or the warehouse does not hold what was delivered' as meaning,
        '/trust/#control-totals' as link
    from out.control_totals
    where state = 'differs'
    union all
    select
        34 as position,
        'Feeds that are late' as what,
        count(*) as cases,
        'deliveries are missing' as meaning,
        '/trust/#freshness' as link
    from wh.ops.feed_freshness
    where is_late
    union all
    select
        35 as position,
        'Months that are not over' as what,
        count(*) as cases,
        'their figures will change' as meaning,
        '/margin/#month-by-month' as link
    from out.months
    where not is_complete
)
select
    position,
    what,
    cases,
    at_stake,
    unit,
    meaning,
    '/trust/#exceptions' as link
from exceptions
union all
select
    position,
    what,
    cases,
    null as at_stake,
    null as unit,
    meaning,
    link
from others
where cases > 0
order by position, at_stake desc nulls last, what

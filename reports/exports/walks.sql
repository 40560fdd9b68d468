-- One row per project and walk: `sold` from as sold to the forecast and `todate` from there to what has happened, of projects that
-- have both; `last` from the forecast before to the one in force. The drivers of margin_bridge; negative is adverse.
with bridges as (
    select
        project_id,
        case
            when from_version = 'as_sold' and to_version = 'forecast' then 'sold'
            when from_version = 'forecast' and to_version = 'actual' then 'todate'
            when from_version = 'previous_forecast' and to_version = 'forecast' then 'last'
        end as walk,
        driver,
        effect_amount_base,
        from_margin_amount_base,
        to_margin_amount_base
    from wh.margin.margin_bridge
),
walked as (
    select
        project_id,
        walk,
        any_value(from_margin_amount_base) as from_margin,
        any_value(to_margin_amount_base) as to_margin,
        coalesce(sum(effect_amount_base) filter (where driver = 'price'), 0) as price,
        coalesce(sum(effect_amount_base) filter (where driver = 'approved_changes'), 0) as approved_changes,
        coalesce(sum(effect_amount_base) filter (where driver = 'hours'), 0) as hours,
        coalesce(sum(effect_amount_base) filter (where driver = 'rate'), 0) as rate,
        coalesce(sum(effect_amount_base) filter (where driver = 'subcontract'), 0) as subcontract,
        coalesce(sum(effect_amount_base) filter (where driver = 'material'), 0) as material,
        coalesce(sum(effect_amount_base) filter (where driver = 'equipment'), 0) as equipment,
        coalesce(sum(effect_amount_base) filter (where driver = 'travel'), 0) as travel,
        coalesce(sum(effect_amount_base) filter (where driver = 'other'), 0) as other,
        coalesce(sum(effect_amount_base) filter (where driver = 'fx'), 0) as fx,
        coalesce(sum(effect_amount_base) filter (where driver = 'risk'), 0) as risk,
        coalesce(sum(effect_amount_base) filter (where driver = 'residual'), 0) as residual
    from bridges
    where walk is not null
    group by project_id, walk
)
select
    p.project_key,
    w.* exclude (project_id)
from walked as w
join out.projects as p on w.project_id = p.project_id
qualify w.walk = 'last' or count(*) filter (where w.walk <> 'last') over (partition by w.project_id) = 2
order by w.walk, p.project_key

-- One row per project and step of its history: from each version of its margin that is known to the next one, and from the
-- first to the last, with what each driver did; and from as sold to the forecast, which is the walk at completion.
with versions (version, title, place) as (
    values
        ('as_sold', 'as sold', 1),
        ('baseline', 'baseline', 2),
        ('previous_forecast', 'previous forecast', 3),
        ('forecast', 'forecast', 4),
        ('actual', 'actual to date', 5)
),
walks as (
    select
        project_id,
        from_version,
        to_version,
        any_value(from_margin_amount_base) as from_margin,
        any_value(to_margin_amount_base) as to_margin,
        sum(effect_amount_base) filter (where driver = 'price') as price,
        sum(effect_amount_base) filter (where driver = 'approved_changes') as approved_changes,
        sum(effect_amount_base) filter (where driver = 'hours') as hours,
        sum(effect_amount_base) filter (where driver = 'rate') as rate,
        sum(effect_amount_base) filter (where driver = 'subcontract') as subcontract,
        sum(effect_amount_base) filter (where driver = 'material') as material,
        sum(effect_amount_base) filter (where driver = 'equipment') as equipment,
        sum(effect_amount_base) filter (where driver = 'travel') as travel,
        sum(effect_amount_base) filter (where driver = 'other') as other,
        sum(effect_amount_base) filter (where driver = 'fx') as fx,
        sum(effect_amount_base) filter (where driver = 'risk') as risk,
        sum(effect_amount_base) filter (where driver = 'residual') as residual,
        max(note) as note
    from wh.margin.margin_bridge
    group by project_id, from_version, to_version
),
placed as (
    select
        w.*,
        a.title as from_title,
        b.title as to_title,
        a.place as from_place,
        b.place as to_place,
        min(b.place) over (partition by w.project_id, w.from_version) as next_place,
        min(a.place) over (partition by w.project_id) as first_place,
        max(b.place) over (partition by w.project_id) as last_place
    from walks as w
    join versions as a on w.from_version = a.version
    join versions as b on w.to_version = b.version
)
select
    p.project_key,
    from_place * 10 + to_place + case when to_place = next_place then 0 else 100 end as position,
    from_title || ' to ' || to_title as walk,
    from_margin,
    price,
    approved_changes,
    hours,
    rate,
    subcontract,
    material,
    equipment,
    travel,
    other,
    fx,
    risk,
    residual,
    to_margin,
    note
from placed as w
join out.projects as p on w.project_id = p.project_id
where
    to_place = next_place
    or (from_place = first_place and to_place = last_place)
    or (from_version = 'as_sold' and to_version = 'forecast')
order by p.project_key, position

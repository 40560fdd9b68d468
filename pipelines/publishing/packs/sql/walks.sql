-- One row per pack, project and walk of its margin: from each version that is known to the next one, and from as sold to the
-- forecast. The walk from as sold to the forecast is the one that packs add up: both are margins of the whole project.
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
        a.title || ' to ' || b.title as walk,
        a.place as from_place,
        b.place as to_place,
        min(b.place) over (partition by w.project_id, w.from_version) as next_place,
        w.from_version = 'as_sold' and w.to_version = 'forecast' as is_added_up
    from walks as w
    join versions as a on w.from_version = a.version
    join versions as b on w.to_version = b.version
)
select
    s.scope_key,
    s.project_name,
    s.project_id,
    w.walk,
    w.from_margin,
    w.price,
    w.approved_changes,
    w.hours,
    w.rate,
    w.subcontract,
    w.material,
    w.equipment,
    w.travel,
    w.other,
    w.fx,
    w.risk,
    w.residual,
    w.to_margin,
    w.note,
    w.is_added_up
from placed as w
join out.scopes as s on w.project_id = s.project_id
where w.to_place = w.next_place or w.is_added_up
order by s.scope_key, s.project_id, w.is_added_up desc, w.from_place, w.to_place

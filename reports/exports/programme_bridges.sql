-- One row per programme and walk between two versions of the margin: the sums of those of its projects that have both.
with numbered as (
    select
        g.programme_key,
        b.*
    from out.project_bridges as b
    join out.projects as p on b.project_key = p.project_key
    join out.programmes as g on p.programme_id = g.programme_id
)
select
    programme_key,
    min(position) as position,
    walk,
    count(*) as projects,
    sum(from_margin) as from_margin,
    sum(price) as price,
    sum(approved_changes) as approved_changes,
    sum(hours) as hours,
    sum(rate) as rate,
    sum(subcontract) as subcontract,
    sum(material) as material,
    sum(equipment) as equipment,
    sum(travel) as travel,
    sum(other) as other,
    sum(fx) as fx,
    sum(risk) as risk,
    sum(residual) as residual,
    sum(to_margin) as to_margin,
    max(note) as note
from numbered
group by programme_key, walk
order by programme_key, position

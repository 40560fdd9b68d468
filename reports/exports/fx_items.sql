-- One row per project, month and currency of open documents: what the rates did to receivables and payables, beside the margin.
select
    p.project_key,
    f.month,
    f.currency_code,
    cast(sum(f.realised_effect_amount_base) as decimal(18, 2)) as realised,
    cast(sum(f.unrealised_effect_amount_base) as decimal(18, 2)) as unrealised,
    cast(sum(f.closing_amount) as decimal(18, 2)) as open_amount
from wh.margin.fx_effects_by_month as f
left join out.projects as p on f.project_id = p.project_id
join out.months as m on f.month = m.month
where f.realised_effect_amount_base <> 0 or f.unrealised_effect_amount_base <> 0
group by p.project_key, f.month, f.currency_code
order by f.month, p.project_key, f.currency_code

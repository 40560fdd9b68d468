-- One row per project and month that is over: its estimate at completion by each method, in its own currency; which one is
-- recommended and why; and why a method has none.
with methods as (
    select
        project_id,
        month,
        any_value(currency_code) as currency,
        any_value(bac_amount) as bac,
        max(eac_amount) filter (where method = 'bottom_up') as bottom_up,
        max(eac_amount) filter (where method = 'remaining_at_budget') as remaining_at_budget,
        max(eac_amount) filter (where method = 'cpi') as cpi,
        max(eac_amount) filter (where method = 'cpi_spi') as cpi_spi,
        max(eac_amount) filter (where method = 'cpi_spi_t') as cpi_spi_t,
        max(eac_amount) filter (where method = 'last_3') as last_3,
        max(eac_amount) filter (where method = 'last_6') as last_6,
        max(eac_amount) filter (where method = 'weighted') as weighted,
        max(eac_amount) filter (where method = 'reference_class') as reference_class,
        string_agg(
            coalesce(n.name, method) || ': ' || replace(no_eac_reason, '_', ' '), '; ' order by method
        ) filter (where no_eac_reason is not null) as missing,
        bool_or(is_stale) filter (where method = 'bottom_up') as is_stale
    from wh.forecast.eac_by_project_month_method
    left join out.method_names as n using (method)
    group by project_id, month
)
select
    m.month,
    p.project_key,
    m.currency,
    m.bac,
    m.bottom_up,
    m.remaining_at_budget,
    m.cpi,
    m.cpi_spi,
    m.cpi_spi_t,
    m.last_3,
    m.last_6,
    m.weighted,
    m.reference_class,
    coalesce(n.name, f.recommended_method) as recommended,
    f.recommended_eac_amount as eac,
    f.recommendation_reason as why,
    concat_ws(
        '; ',
        m.missing,
        case
            when m.is_stale and coalesce(p.actual_end_date > last_day(m.month), true) then 'the forecast in force has run out'
        end
    ) as missing
from methods as m
join out.projects as p on m.project_id = p.project_id
left join wh.forecast.forecast_by_project_month as f on m.project_id = f.project_id and m.month = f.month
left join out.method_names as n on f.recommended_method = n.method
order by m.month, p.project_key

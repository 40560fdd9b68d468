{#- A notice is worth knowing and leaves no figure open. -#}
with found as (

    select
        project_id,
        month
    from {{ ref('int_labour__exceptions_found') }}
    where severity <> 'notice'

    union

    select
        project_id,
        month
    from {{ ref('int_cost__exceptions_found') }}
    where severity <> 'notice'

    union

    select
        project_id,
        month
    from {{ ref('int_invoices__exceptions_found') }}
    where severity <> 'notice'

    union

    select
        project_id,
        month
    from {{ ref('int_currency__exceptions_found') }}
    where severity <> 'notice'

    union

    select
        project_id,
        month
    from {{ ref('int_revenue__exceptions_found') }}
    where severity <> 'notice'

)

select
    project_id,
    month
from found
where
    project_id is not null
    and month is not null

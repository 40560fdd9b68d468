with loads as (

    select * from {{ source('ledger', 'loads') }}

)

-- a file that several tools could have written, or none is known of, speaks for all: '*'
select
    source_file_id,
    case
        when min(lower(trim(source_system))) = max(lower(trim(source_system))) then min(lower(trim(source_system)))
        else '*'
    end as source_system,
    coalesce(max(case when format in ('ubl', 'cii', 'pdf+ubl', 'pdf+cii') then 1 else 0 end), 0) = 1 as is_e_invoice
from loads
group by source_file_id

with purchase_order_lines as (

    select * from {{ ref('stg_erp__purchase_order_lines') }}

),

aliases as (

    select * from {{ ref('int_projects__aliases') }}

),

source_files as (

    select * from {{ ref('int_projects__source_files') }}

)

select
    purchase_order_lines.purchase_order_id,
    purchase_order_lines.line_id,
    purchase_order_lines.project_id as delivered_project_id,
    coalesce(aliases.project_id, purchase_order_lines.project_id) as project_id,
    coalesce(purchase_order_lines.wbs_id, aliases.wbs_id) as wbs_id,
    purchase_order_lines.supplier_id,
    purchase_order_lines.category,
    purchase_order_lines.ordered_on,
    purchase_order_lines.expected_on,
    purchase_order_lines.promised_on,
    purchase_order_lines.delivered_on,
    purchase_order_lines.currency_code,
    purchase_order_lines.ordered_amount,
    purchase_order_lines.received_amount,
    purchase_order_lines.invoiced_amount,
    purchase_order_lines.source_file_id,
    purchase_order_lines.source_line
from purchase_order_lines
left join source_files
    on purchase_order_lines.source_file_id = source_files.source_file_id
left join aliases
    on purchase_order_lines.project_id = aliases.alias
    and coalesce(source_files.source_system, '*') = aliases.source_system

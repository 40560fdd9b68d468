{#- Classes of account that are a cost of a project; their names are the categories. -#}
{%- set cost_classes = ['labour', 'subcontract', 'material', 'uninstalled_material', 'equipment', 'travel', 'other'] -%}

with cost_lines as (

    select * from {{ ref('stg_erp__cost_lines') }}

),

accounts as (

    select * from {{ ref('stg_erp__accounts') }}

),

projects as (

    select * from {{ ref('stg_erp__projects') }}

),

aliases as (

    select * from {{ ref('int_projects__aliases') }}

),

source_files as (

    select * from {{ ref('int_projects__source_files') }}

),

judged_texts as (

    select * from {{ ref('int_quality__texts_judged') }}

),

complaints as (

    select * from {{ ref('stg_kpi__complaints') }}

),

complaint_numbers as (

    select distinct
        {{ document_key('complaint_id') }} as document_key,
        project_id
    from complaints

),

rates_to_base as (

    select * from {{ ref('int_currency__daily_rates_to_base') }}

),

named as (

    select
        cost_lines.cost_line_id,
        cost_lines.project_id as delivered_project_id,
        coalesce(aliases.project_id, cost_lines.project_id) as project_id,
        coalesce(cost_lines.wbs_id, aliases.wbs_id) as wbs_id,
        cost_lines.posting_date,
        {{ month_of('cost_lines.posting_date') }} as cost_month,
        cost_lines.account_code,
        accounts.class as account_class,
        -- the delivered category goes before the account's; a line that neither classifies is a cost all the same
        coalesce(cost_lines.category, accounts.class, 'other') as category,
        cost_lines.category is null and accounts.class is null as is_unclassified,
        cost_lines.amount,
        cost_lines.currency_code,
        cost_lines.supplier_id,
        cost_lines.document_number,
        cost_lines.is_billable,
        descriptions.text is not null or account_codes.text is not null as is_quality_text,
        cost_lines.description,
        cost_lines.source_file_id,
        cost_lines.source_line
    from cost_lines
    left join judged_texts as descriptions
        on cost_lines.description = descriptions.text
        and descriptions.signal = 'description'
    left join judged_texts as account_codes
        on cost_lines.account_code = account_codes.text
        and account_codes.signal = 'account'
    left join accounts
        on cost_lines.account_code = accounts.account_code
    left join source_files
        on cost_lines.source_file_id = source_files.source_file_id
    left join aliases
        on cost_lines.project_id = aliases.alias
        and coalesce(source_files.source_system, '*') = aliases.source_system

)

select
    named.cost_line_id,
    named.delivered_project_id,
    named.project_id,
    projects.project_id is not null as is_project_known,
    named.wbs_id,
    named.posting_date,
    named.cost_month,
    named.account_code,
    named.account_class,
    named.category,
    named.is_unclassified,
    case
        when named.category = 'out_of_scope' then 'out_of_scope'
        when named.category not in ('{{ cost_classes | join("', '") }}') then 'not_a_cost'
        when named.category = 'labour' and '{{ var("labour_cost_source") }}' <> 'erp' then 'labour_left_out'
        else 'cost'
    end as treatment,
    named.amount,
    named.currency_code,
    {{ to_base('named.amount', 'rates_to_base.rate_to_base') }} as amount_base,
    named.supplier_id,
    named.document_number,
    named.is_billable,
    -- or the document is a complaint of the project
    named.is_quality_text or complaint_numbers.document_key is not null as is_quality_cost,
    named.description,
    named.source_file_id,
    named.source_line
from named
left join projects
    on named.project_id = projects.project_id
left join complaint_numbers
    on {{ document_key('named.document_number') }} = complaint_numbers.document_key
    and named.delivered_project_id = complaint_numbers.project_id
left join rates_to_base
    on named.currency_code = rates_to_base.currency_code
    and named.posting_date = rates_to_base.rate_date

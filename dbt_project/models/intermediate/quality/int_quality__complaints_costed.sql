with complaints as (

    select * from {{ ref('fct_complaints') }}

),

cost_lines as (

    select * from {{ ref('int_cost__lines_classified') }}

),

projects as (

    select * from {{ ref('dim_projects') }}

),

-- a cost line whose document number is the complaint's, or whose text speaks of poor quality and names it, has posted its
-- cost
posted_numbers as (

    select distinct
        {{ document_key('document_number') }} as document_key,
        project_id
    from cost_lines
    where
        document_number is not null
        and treatment = 'cost'

),

posted_texts as (

    select distinct
        {{ as_words('description') }} as words,
        project_id
    from cost_lines
    where
        is_quality_cost
        and description is not null
        and treatment = 'cost'

),

named_in_texts as (

    select distinct complaints.complaint_id
    from complaints
    inner join posted_texts
        on complaints.project_id = posted_texts.project_id
        and posted_texts.words like '%' || {{ as_words('complaints.complaint_id') }} || '%'
    where complaints.cost_amount <> 0

)

select
    complaints.complaint_id,
    complaints.project_id,
    projects.project_id is not null as is_project_known,
    complaints.opened_date,
    complaints.opened_month,
    complaints.currency_code,
    complaints.cost_amount,
    complaints.cost_amount_base,
    posted_numbers.document_key is not null or named_in_texts.complaint_id is not null as is_posted,
    complaints.source_file_id,
    complaints.source_line
from complaints
left join projects
    on complaints.project_id = projects.project_id
left join posted_numbers
    on {{ document_key('complaints.complaint_id') }} = posted_numbers.document_key
    and complaints.project_id = posted_numbers.project_id
left join named_in_texts
    on complaints.complaint_id = named_in_texts.complaint_id
where complaints.cost_amount <> 0

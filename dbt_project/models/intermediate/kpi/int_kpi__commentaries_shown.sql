{#- What the project manager wrote beside a month's variance. The words are free text: a text that names a person of the firm, by
    name or identifier, or that holds an address, is withheld as a whole; that there is one is shown. The author is never. -#}
with commentaries as (

    select * from {{ ref('stg_projects__commentaries') }}

),

employees as (

    select * from {{ ref('stg_erp__employees') }}

),

aliases as (

    select * from {{ ref('int_projects__aliases') }}

),

source_files as (

    select * from {{ ref('int_projects__source_files') }}

),

projects as (

    select * from {{ ref('stg_erp__projects') }}

),

named as (

    select
        coalesce(aliases.project_id, commentaries.project_id) as project_id,
        commentaries.month,
        commentaries.topic,
        commentaries.text,
        commentaries.author,
        {{ as_words('commentaries.text') }} as words
    from commentaries
    left join source_files
        on commentaries.source_file_id = source_files.source_file_id
    left join aliases
        on commentaries.project_id = aliases.alias
        and coalesce(source_files.source_system, '*') = aliases.source_system

),

people as (

    select {{ as_words('employee_name') }} as words
    from employees
    where length(trim({{ as_words('employee_name') }})) > 2

    union

    select {{ as_words('employee_id') }} as words
    from employees
    where length(trim({{ as_words('employee_id') }})) > 2

    union

    select {{ as_words('author') }} as words
    from commentaries
    -- an author such as "Finance" is an office
    where trim({{ as_words('author') }}) like '% %'
    {%- if not var('show_project_managers') %}

    union

    select {{ as_words('project_manager') }} as words
    from projects
    where length(trim({{ as_words('project_manager') }})) > 2
    {%- endif %}

),

-- also "Surname, Given name"
spellings as (

    select words
    from people

    union

    select {{ turned_around('words') }} as words
    from people

),

naming as (

    select distinct
        named.project_id,
        named.month,
        named.topic
    from named
    inner join spellings
        on named.words like '%' || spellings.words || '%'

)

select
    named.project_id,
    named.month,
    named.topic,
    max({{ masked('named.text', '(naming.project_id is null and ' ~ is_free_of_addresses('named.text') ~ ')') }}) as commentary
from named
inner join projects
    on named.project_id = projects.project_id
left join naming
    on named.project_id = naming.project_id
    and named.month = naming.month
    and named.topic = naming.topic
group by
    named.project_id,
    named.month,
    named.topic

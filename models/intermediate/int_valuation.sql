{%- set as_of = var('as_of') -%}
{%- if as_of and not modules.re.match(iso_8601_pattern(), as_of | string) -%}
  {{ exceptions.raise_compiler_error("The var as_of is '" ~ as_of ~ "'; it is a time in UTC such as 2026-03-01 or 2026-03-01T12:00:00Z.") }}
{%- endif -%}

with fetches as (
  select * from {{ ref('int_ticket_log') }}
),

{% if as_of -%}

asked as (
  select cast('{{ as_of }}' as {{ dbt.type_string() }}) as moment
),

final as (
  select
    {{ wire_time('moment') }} as as_of,
    {{ wire_time('moment') }} as known_until
  from asked
)

{%- else -%}

final as (
  select
    max(observed_at) as as_of,
    cast(null as timestamp) as known_until
  from fetches
)

{%- endif %}

select * from final

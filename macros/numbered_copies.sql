{#-
  The rows of a stream, with copy_number: 1 for each once, and more for its copies. While files are
  being merged a row stands in two of them. That is rare, so only the ids are counted for all of them;
  rows are compared where an id stands twice. Both of its files lie in the folder of one day: `days` may
  say which folders are looked into. Where few of the stream's columns are wanted, `columns` names them: an engine
  would read all of them for both parts.
-#}
{% macro numbered_copies(relation, id, days='true', condition='true', columns=['*']) -%}
  {%- set wanted = 'landed.' ~ columns | join(',\n    landed.') -%}
  with repeated as (
    select {{ id }}
    from {{ relation }}
    where {{ days }}
    group by {{ id }}
    having count(*) > 1
  )

  select
    {{ wanted }},
    1 as copy_number
  from {{ relation }} as landed
  left join repeated
    on landed.{{ id }} = repeated.{{ id }}
  where repeated.{{ id }} is null and {{ days }} and {{ condition }}
  union all
  select
    {{ wanted }},
    row_number() over (partition by landed.{{ id }} order by landed.landed_at) as copy_number
  from {{ relation }} as landed
  inner join repeated
    on landed.{{ id }} = repeated.{{ id }}
  where {{ days }} and {{ condition }}
{%- endmacro %}

{#- The rows of ticket_fetches that a model which appends them lacks, each once, in these columns. It looks into the
    newest folder of which it has rows, into those of some days before, and into all after. -#}
{% macro lacking_fetches(columns, condition='true') -%}
  {%- set days = 'true' -%}
  {%- if is_incremental() -%}
    {%- set days = "landed_on >= cast('" ~ newest_landed_on(this) ~ "' as date) - " ~ var('landing_lookback_days') -%}
  {%- endif -%}
  with copies as (
    {{ numbered_copies(ref('stg_suptask__ticket_fetches'), 'fetch_id', days, condition, columns) }}
  )

  select {{ columns | join(', ') }}
  from copies
  where
    copies.copy_number = 1
    {%- if is_incremental() %}
    and not exists (
      select 1 from {{ this }} as appended
      where appended.fetch_id = copies.fetch_id and appended.landed_on = copies.landed_on
    )
    {%- endif %}
{%- endmacro %}

{#- The newest folder that a model has rows of, as text; everything, where it has none. -#}
{% macro newest_landed_on(relation) -%}
  {%- if execute -%}
    {%- set newest = run_query('select max(landed_on) from ' ~ relation).columns[0].values()[0] -%}
  {%- endif -%}
  {{ return(newest or '2000-01-01') }}
{%- endmacro %}

{#-
  Models of which a build makes only a part: some ticket by ticket (by_ticket.sql), some day by day (by_day.sql). Each of
  their rows carries the mark of what it was made from.
-#}

{#- Marts are made so on DuckDB. On PostgreSQL all rows of a mart are replaced in one transaction (table_materialization.sql),
    which leaves analysts' views on it alone also where everything is made anew. -#}
{% macro mart_in_part() -%}
  {{ return('incremental' if target.type == 'duckdb' else 'table') }}
{%- endmacro %}

{#- Before a model is made of which a part stays: what of it is to be made. -#}
{% macro find_what_to_make() -%}
  {%- if execute and leaves_some_alone() -%}
    {%- set strategy = model.config.get('incremental_strategy') -%}
    {%- if strategy == 'by_ticket' -%}
      {{ adapter.dispatch('find_tickets_to_make')() }}
    {%- elif strategy == 'by_day' -%}
      {{ find_days_to_make() }}
    {%- endif -%}
  {%- endif -%}
{%- endmacro %}

{#- Not in a first build, nor in a unit test, which has no table; nor where a model is only shown. -#}
{% macro leaves_some_alone() -%}
  {{ return(this is not none and flags.WHICH in ('build', 'run', 'retry') and is_incremental()) }}
{%- endmacro %}

{#- The keys of what was made from something else than these marks say, not yet, or is no more. -#}
{% macro made_otherwise(marks, keys) -%}
  with made as (
    select distinct {{ keys | join(', ') }}, mark
    from {{ this }}
  )

  select distinct
    {%- for key in keys %}
    coalesce(marks.{{ key }}, made.{{ key }}) as {{ key }}{{ ',' if not loop.last }}
    {%- endfor %}
  from {{ marks }} as marks
  full outer join made
    on
      marks.mark = made.mark
      {%- for key in keys %}
      and marks.{{ key }} = made.{{ key }}
      {%- endfor %}
  where marks.mark is null or made.mark is null
{%- endmacro %}

{#- Takes out the rows with the keys that are to be made, and puts in what has been made of them. -#}
{% macro put_in(arguments, to_make, keys) -%}
  {%- set columns = get_quoted_csv(arguments['dest_columns'] | map(attribute='name') | list) -%}
  {%- set key = keys | join(', ') -%}
  delete from {{ arguments['target_relation'] }}
  where ({{ key }}) in (select {{ key }} from {{ to_make }});
  insert into {{ arguments['target_relation'] }} ({{ columns }})
  select {{ columns }} from {{ arguments['temp_relation'] }};
{%- endmacro %}

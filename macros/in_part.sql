{#-
  Models of which a build makes only a part: some ticket by ticket (by_ticket.sql), some day by day (by_day.sql). Each of
  their rows carries the mark of what it was made from.
-#}

{#- Plain Parquet on Spark cannot take rows out: there everything is made each time. -#}
{% macro in_part() -%}
  {{ return('table' if target.type == 'spark' else 'incremental') }}
{%- endmacro %}

{#- Before a model is made of which a part stays: what of it is to be made. -#}
{% macro find_what_to_make() -%}
  {%- if execute and leaves_some_alone() -%}
    {%- set strategy = model.config.get('incremental_strategy') -%}
    {%- if strategy == 'by_ticket' -%}
      {{ find_tickets_to_make() }}
    {%- elif strategy == 'by_day' -%}
      {{ find_days_to_make() }}
    {%- endif -%}
  {%- endif -%}
{%- endmacro %}

{#- A table that ends with the connection. Counted there, an engine knows how little is to be made, and does not hash the whole
    of each input to look for it. -#}
{% macro passing_table(name, query) -%}
  {{ adapter.dispatch('passing_table')(name, query) }}
{%- endmacro %}

{% macro default__passing_table(name, query) -%}
  create or replace temp table {{ name }} as
  {{ query }};
{%- endmacro %}

{% macro postgres__passing_table(name, query) -%}
  drop table if exists pg_temp.{{ name }};
  create temp table {{ name }} as
  {{ query }};
  analyze {{ name }};
{%- endmacro %}

{#- Not in a first build, nor in a unit test, which has no table; nor where a model is only shown. -#}
{% macro leaves_some_alone() -%}
  {{ return(this is not none and flags.WHICH in ('build', 'run', 'retry') and is_incremental()) }}
{%- endmacro %}

{#- The keys of what was made from something else than these marks say, not yet, or is no more. -#}
{% macro made_otherwise(marks, keys) -%}
  select distinct
    {%- for key in keys %}
    coalesce(marks.{{ key }}, made.{{ key }}) as {{ key }}{{ ',' if not loop.last }}
    {%- endfor %}
  from {{ marks }} as marks
  full outer join {{ this }} as made
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

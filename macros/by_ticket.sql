{#-
  Models that are made ticket by ticket. Each of their rows carries the mark (int_ticket_marks) of what its ticket
  was made from; a build makes anew the tickets of which a model has no row with their present mark, and leaves the
  others alone. Nothing is kept elsewhere, so a build that was cut short or left a model out is made up for by the next.
-#}
{% macro by_ticket() -%}
  {#- Plain Parquet on Spark cannot take rows out: there all tickets are made each time. -#}
  {{ return('table' if target.type == 'spark' else 'incremental') }}
{%- endmacro %}

{#- So are marts on DuckDB. On PostgreSQL all rows of a mart are replaced in one transaction (table_materialization.sql),
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

{#- The tickets, in a table that ends with the connection. Counted there, an engine knows how few they are, and does not hash
    the whole of each input to look for them. -#}
{% macro default__find_tickets_to_make() -%}
  create or replace temp table tickets_to_make as
  {{ differing_tickets() }}
{%- endmacro %}

{% macro postgres__find_tickets_to_make() -%}
  drop table if exists pg_temp.tickets_to_make;
  create temp table tickets_to_make as
  {{ differing_tickets() }};
  analyze tickets_to_make
{%- endmacro %}

{#- Tickets that were made from something else, not yet, or are no more. -#}
{% macro differing_tickets() -%}
  with made as (
    select distinct workspace, ticket_number, mark
    from {{ this }}
  )

  select distinct
    coalesce(marks.workspace, made.workspace) as workspace,
    coalesce(marks.ticket_number, made.ticket_number) as ticket_number
  from {{ made_by('int_ticket_marks') }} as marks
  full outer join made
    on
      marks.workspace = made.workspace
      and marks.ticket_number = made.ticket_number
      and marks.mark = made.mark
  where marks.mark is null or made.mark is null
{%- endmacro %}

{#- The rows of an input that tell of these tickets. (Spark takes a `where` before a bracket for an alias of the table.) -#}
{% macro to_make(input, condition='true', columns='*') -%}
  select {{ columns }} from {{ input }}
  where
    true
    and ({{ condition }})
    {%- if leaves_some_alone() %}
    and (workspace, ticket_number) in (select workspace, ticket_number from tickets_to_make)
    {%- endif %}
{%- endmacro %}

{#- At the head of a CTE of such rows which several others read. An engine would first copy all columns of all rows; only
    where few tickets are made is it better to look for their rows once. -#}
{% macro each_reads() -%}
  {{ return('' if target.type == 'spark' or leaves_some_alone() else 'not materialized ') }}
{%- endmacro %}

{#- The mark that all of these columns have; null where one has another, and was made from something else. -#}
{% macro shared_mark(columns) -%}
  case
    when {% for column in columns[1:] %}{{ columns[0] }} = {{ column }}{{ ' and ' if not loop.last }}{% endfor %} then {{ columns[0] }}
  end
{%- endmacro %}

{#- Not in a first build, nor in a unit test, which has no table; nor where a model is only shown. -#}
{% macro leaves_some_alone() -%}
  {{ return(this is not none and flags.WHICH in ('build', 'run', 'retry') and is_incremental()) }}
{%- endmacro %}

{#- Takes out what was made from something else, and puts in what has been made. What is over stands as it stood; the moment
    that it speaks of is the present one, and its columns that go on growing (the model's `grows`) do so until then. -#}
{% macro get_incremental_by_ticket_sql(arguments) -%}
  {%- set names = arguments['dest_columns'] | map(attribute='name') | list -%}
  {%- set columns = get_quoted_csv(names) -%}
  delete from {{ arguments['target_relation'] }}
  where (workspace, ticket_number) in (select workspace, ticket_number from tickets_to_make);
  insert into {{ arguments['target_relation'] }} ({{ columns }})
  select {{ columns }} from {{ arguments['temp_relation'] }};
  {%- if 'as_of' in names %}
  {{ speak_of_the_present(arguments['target_relation'], config.get('grows', {})) }}
  {%- endif %}
{%- endmacro %}

{% macro speak_of_the_present(mart, grows) -%}
  create or replace temp table passed as
  select
    spoken.*,
    valuation.as_of as present,
    {{ whole_minute('valuation.as_of') }} - {{ whole_minute('spoken.as_of') }} as minutes
    {%- if grows %},
    {{ business_minute('now_days', 'valuation.as_of') }}
    - ({{ business_minute('then_days', 'spoken.as_of') }}) as business_minutes
    {%- endif %}
  from (select distinct as_of{{ ', calendar_id' if grows }} from {{ mart }}) as spoken
  cross join {{ made_by('int_valuation') }} as valuation
  {%- if grows %}
  left join {{ made_by('int_business_days') }} as now_days
    on {{ business_day_of('now_days', 'spoken.calendar_id', 'valuation.as_of') }}
  left join {{ made_by('int_business_days') }} as then_days
    on {{ business_day_of('then_days', 'spoken.calendar_id', 'spoken.as_of') }}
  {%- endif %}
  where spoken.as_of <> valuation.as_of;
  update {{ mart }} as spoken
  set
    as_of = passed.present
    {%- for unit, columns in grows.items() %}
    {%- for column in columns %},
    {{ column }} = spoken.{{ column }} + passed.{{ unit }}
    {%- endfor %}
    {%- endfor %}
  from passed
  where
    spoken.as_of = passed.as_of
    {%- if grows %}
    and spoken.calendar_id is not distinct from passed.calendar_id
    {%- endif %};
{%- endmacro %}

{#- What a model made, which is an ancestor of the one that asks, also where that does not read it. -#}
{% macro made_by(name) -%}
  {{ return(graph.nodes['model.' ~ project_name ~ '.' ~ name].relation_name) }}
{%- endmacro %}

{#- What a table says, as one text: two tables with the same rows say the same. -#}
{% macro contents(relation) -%}
  (select coalesce(md5({{ distinct_list(row_as_text('given')) }}), '-') from {{ relation }} as given)
{%- endmacro %}

{#- By what tickets and days are made, beside the log: the models' and macros' own text, and the vars that they read. (A unit
    test knows of no other models.) -#}
{% macro model_texts() -%}
  {%- set texts = [
    var('as_of') | string, var('business_days_from') | string, var('business_days_ahead') | string, var('metrics_version') | string,
  ] -%}
  {%- if graph.nodes -%}
    {%- for node in graph.nodes.values() | sort(attribute='unique_id')
      if node.resource_type == 'model'
      and (node.fqn[1] in ('staging', 'intermediate') or node.config.get('incremental_strategy') in ('by_ticket', 'by_day')) -%}
      {%- do texts.append(node.checksum.checksum) -%}
    {%- endfor -%}
    {%- for name, callable in context[project_name].items() | sort(attribute='0') -%}
      {%- do texts.append(callable.macro.macro_sql) -%}
    {%- endfor -%}
  {%- endif -%}
  {{ return(local_md5(texts | join(' '))) }}
{%- endmacro %}

{#-
  Models that are made ticket by ticket. Each of their rows carries the mark (int_ticket_marks) of what its ticket
  was made from; a build makes anew the tickets of which a model has no row with their present mark, and leaves the
  others alone. Nothing is kept elsewhere, so a build that was cut short or left a model out is made up for by the next.
-#}
{% macro find_tickets_to_make() -%}
  {{ passing_table('tickets_to_make', made_otherwise(made_by('int_ticket_marks'), ['workspace', 'ticket_number'])) }}
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

{#- What is over stands as it stood; its columns that go on growing (the model's `grows`) do so until the present moment, and
    speak of that. -#}
{% macro get_incremental_by_ticket_sql(arguments) -%}
  {%- set mart = arguments['target_relation'] -%}
  {{ put_in(arguments, 'tickets_to_make', ['workspace', 'ticket_number']) }}
  {%- if config.get('grows') %}
  {{ grow(mart, config.get('grows')) }}
  {%- elif 'as_of' in arguments['dest_columns'] | map(attribute='name') %}
  update {{ mart }}
  set as_of = valuation.as_of
  from {{ made_by('int_valuation') }} as valuation
  where {{ mart.identifier }}.as_of <> valuation.as_of;
  {%- endif %}
{%- endmacro %}

{#- Adds the minutes, and those of its business calendar, that have passed since the moment that a row speaks of (of all rows, or of
    those in which a column, the model's `grows_while`, is true): it then speaks of the present one. -#}
{% macro grow(mart, grows) -%}
  {%- set while = config.get('grows_while') -%}
  {%- set by_calendar = 'business_minutes' in grows -%}
  {%- set grown = ['as_of = passed.as_of'] -%}
  {%- for unit, columns in grows.items() -%}
    {%- set passed = 'case when spoken.' ~ while ~ ' then passed.' ~ unit ~ ' else 0 end' if while else 'passed.' ~ unit -%}
    {%- for column in columns -%}
      {%- do grown.append(column ~ ' = spoken.' ~ column ~ ' + ' ~ passed) -%}
    {%- endfor -%}
  {%- endfor -%}
  update {{ mart }} as spoken
  set {{ grown | join(', ') }}
  from (
    select
      since.as_of as since,
      valuation.as_of,
      {%- if by_calendar %}
      since.calendar_id,
      {{ business_minute('now_days', 'valuation.as_of') }}
      - ({{ business_minute('then_days', 'since.as_of') }}) as business_minutes,
      {%- endif %}
      {{ whole_minute('valuation.as_of') }} - {{ whole_minute('since.as_of') }} as minutes
    from (select distinct as_of{{ ', calendar_id' if by_calendar }} from {{ mart }}) as since
    cross join {{ made_by('int_valuation') }} as valuation
    {%- if by_calendar %}
    left join {{ made_by('int_business_days') }} as now_days
      on {{ business_day_of('now_days', 'since.calendar_id', 'valuation.as_of') }}
    left join {{ made_by('int_business_days') }} as then_days
      on {{ business_day_of('then_days', 'since.calendar_id', 'since.as_of') }}
    {%- endif %}
    where since.as_of <> valuation.as_of
  ) as passed
  where
    spoken.as_of = passed.since
    {%- if by_calendar %}
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

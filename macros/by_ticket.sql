{#-
  Models that are made ticket by ticket. Each of their rows carries the mark (int_ticket_marks) of what its ticket
  was made from; a build makes anew the tickets of which a model has no row with their present mark, and leaves the
  others alone. Nothing is kept elsewhere, so a build that was cut short or left a model out is made up for by the next.
-#}
{% macro by_ticket() -%}
  {#- Plain Parquet on Spark cannot take rows out: there all tickets are made each time. -#}
  {{ return('table' if target.type == 'spark' else 'incremental') }}
{%- endmacro %}

{#- The first CTE of such a model. -#}
{% macro tickets_to_make() -%}
  {%- if leaves_some_alone() -%}
    tickets_to_make as (
      select
        marks.workspace,
        marks.ticket_number
      from {{ ticket_marks() }} as marks
      where not exists (
        select 1 from {{ this }} as made
        where
          made.workspace = marks.workspace
          and made.ticket_number = marks.ticket_number
          and made.mark = marks.mark
      )
    ),
  {%- endif -%}
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

{#- Not in a first build, nor in a unit test, which has no table. -#}
{% macro leaves_some_alone() -%}
  {{ return(this is not none and is_incremental()) }}
{%- endmacro %}

{#- Takes out what was made from something else, and puts in what has been made. -#}
{% macro get_incremental_by_ticket_sql(arguments) -%}
  {%- set columns = get_quoted_csv(arguments['dest_columns'] | map(attribute='name')) -%}
  delete from {{ arguments['target_relation'] }} as made
  where not exists (
    select 1 from {{ ticket_marks() }} as marks
    where
      marks.workspace = made.workspace
      and marks.ticket_number = made.ticket_number
      and marks.mark = made.mark
  );
  insert into {{ arguments['target_relation'] }} ({{ columns }})
  select {{ columns }} from {{ arguments['temp_relation'] }};
{%- endmacro %}

{#- An ancestor of each such model, also where the model does not read it. -#}
{% macro ticket_marks() -%}
  {{ return(graph.nodes['model.' ~ project_name ~ '.int_ticket_marks'].relation_name) }}
{%- endmacro %}

{#- What a table says, as one text: two tables with the same rows say the same. -#}
{% macro contents(relation) -%}
  (select coalesce(md5({{ distinct_list(row_as_text('given')) }}), '-') from {{ relation }} as given)
{%- endmacro %}

{#- By what the tickets are made, beside the log: the models' own text, and the vars that they read. -#}
{% macro model_texts() -%}
  {%- set texts = [var('as_of') | string, var('business_days_from') | string, var('business_days_ahead') | string] -%}
  {%- if execute -%}
    {%- for node in graph.nodes.values() | sort(attribute='unique_id')
      if node.resource_type == 'model' and node.fqn[1] in ('staging', 'intermediate') -%}
      {%- do texts.append(node.checksum.checksum) -%}
    {%- endfor -%}
  {%- endif -%}
  {{ return(local_md5(texts | join(' '))) }}
{%- endmacro %}

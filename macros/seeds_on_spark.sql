{#-
  Seeds on Spark. dbt's own way knows the seeds' types by no other engine's names, and writes a cell
  without a value as the text None.
-#}
{% macro spark__create_csv_table(model, agate_table) -%}
  {%- set sql -%}
    create table {{ this }} (
      {%- for name in agate_table.column_names %}
      {{ name }} {{ engine_type(model.config.column_types[name]) }}{{ ',' if not loop.last }}
      {%- endfor %}
    ) {{ file_format_clause() }} {{ location_clause() }}
  {%- endset -%}
  {%- do run_query(sql) -%}
  {{ return(sql) }}
{%- endmacro %}

{% macro spark__load_csv_rows(model, agate_table) -%}
  {%- set sql -%}
    insert into {{ this }}
    select
      {%- for name in agate_table.column_names %}
      cast({{ name }} as {{ engine_type(model.config.column_types[name]) }}) as {{ name }}{{ ',' if not loop.last }}
      {%- endfor %}
    from values
      {%- for row in agate_table.rows %}
      ({% for cell in row %}{{ 'null' if cell is none else spark_text(cell | string) }}{{ ', ' if not loop.last }}{% endfor %}){{ ',' if not loop.last }}
      {%- endfor %}
    as given ({{ agate_table.column_names | join(', ') }})
  {%- endset -%}
  {%- do run_query(sql) -%}
  {{ return(sql) }}
{%- endmacro %}

{% macro spark_text(text) -%}
  {{ return("'" ~ text | replace('\\', '\\\\') | replace("'", "\\'") ~ "'") }}
{%- endmacro %}

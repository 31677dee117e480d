{#- The engine's word for a type that the project declares by a name which not every engine knows. -#}
{% macro engine_type(name) -%}
  {{ return(adapter.dispatch('engine_type')(name)) }}
{%- endmacro %}

{% macro default__engine_type(name) -%}
  {{ return(name) }}
{%- endmacro %}

{% macro spark__engine_type(name) -%}
  {{ return({'varchar': 'string', 'float8': 'double'}.get(name, name)) }}
{%- endmacro %}

{#- What a contract's columns are compared with: dbt's own, with the types in Spark's words. -#}
{% macro spark__get_empty_schema_sql(columns) -%}
  select
    {% for column in columns.values() -%}
    cast(null as {{ engine_type(column.data_type) }}) as {{ column.name }}{{ ',' if not loop.last }}
    {% endfor -%}
{%- endmacro %}

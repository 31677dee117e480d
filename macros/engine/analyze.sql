{#- After a table is written: PostgreSQL plans the next model by statistics that it has not gathered
    yet, and chooses nested loops. -#}
{% macro analyze(relation) -%}
  {{ adapter.dispatch('analyze')(relation) }}
{%- endmacro %}

{% macro default__analyze(relation) -%}
{%- endmacro %}

{% macro postgres__analyze(relation) -%}
  {%- if model.config.materialized != 'view' -%}
    analyze {{ relation }}
  {%- endif -%}
{%- endmacro %}

{#- Before a table is written: PostgreSQL cannot know how many rows a CTE will have. Where it takes them for one it
    loops over all rows of the other side for each, and ten thousand tickets take an hour. -#}
{% macro join_without_loops() -%}
  {{ adapter.dispatch('join_without_loops')() }}
{%- endmacro %}

{% macro default__join_without_loops() -%}
{%- endmacro %}

{% macro postgres__join_without_loops() -%}
  {%- if model.config.materialized != 'view' -%}
    set local enable_nestloop = off
  {%- endif -%}
{%- endmacro %}

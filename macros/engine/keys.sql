{#- DuckDB makes an index for each key, which takes longer than the table itself, and nobody reads by it. There, as on
    Spark, the tests look at keys; names, types and what must not be null stay in the contract. -#}
{% macro duckdb__get_table_columns_and_constraints() -%}
  ({{ adapter.render_raw_columns_constraints(raw_columns=model['columns']) | join(', ') }})
{%- endmacro %}

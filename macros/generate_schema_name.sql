{#- Schemas are named as they are, not target_schema + custom: marts stand in `suptask` on every
    engine, so that a BI tool's address does not depend on who built. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
  {{ var('schema_prefix') ~ (custom_schema_name or target.schema) | trim }}
{%- endmacro %}

{#- A table that people give: the seed of that name, or the same table in their warehouse. -#}
{% macro given(name) -%}
  {%- if var('identities_from') == 'warehouse' -%}
    {{ source('identities', name) }}
  {%- elif var('identities_from') == 'seeds' -%}
    {{ ref(name) }}
  {%- else -%}
    {{ exceptions.raise_compiler_error("The var identities_from is '" ~ var('identities_from') ~ "'; it can be 'seeds' or 'warehouse'.") }}
  {%- endif -%}
{%- endmacro %}

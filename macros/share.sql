{#- A part of a whole, as a number from 0 to 1; null where the whole is 0. -#}
{% macro share(part, whole) -%}
  cast({{ part }} as {{ engine_type('float8') }}) / nullif(cast({{ whole }} as {{ engine_type('float8') }}), 0)
{%- endmacro %}

{#- Several places of a JSON document at once, as an array of text: `names` are its top-level keys,
    or keys joined by a dot. One call, because a call a field costs four to five times as much.
    A document that cannot be read gives null. -#}
{% macro json_texts(document, names) -%}
  {{ adapter.dispatch('json_texts')(document, names) }}
{%- endmacro %}

{% macro duckdb__json_texts(document, names) -%}
  try(json_extract_string({{ document }}, [{% for name in names %}'$.{{ name }}'{{ ', ' if not loop.last }}{% endfor %}]))
{%- endmacro %}

{% macro postgres__json_texts(document, names) -%}
  array[{% for name in names %}{{ document }} #>> '{ {{- name | replace('.', ',') -}} }'{{ ', ' if not loop.last }}{% endfor %}]
{%- endmacro %}

{#- One top-level key of a JSON document, as text; null where there is no such key or no document. -#}
{% macro json_text(document, name) -%}
  {{ adapter.dispatch('json_text')(document, name) }}
{%- endmacro %}

{% macro duckdb__json_text(document, name) -%}
  try(json_extract_string({{ document }}, '$.{{ name }}'))
{%- endmacro %}

{% macro postgres__json_text(document, name) -%}
  {{ document }} ->> '{{ name }}'
{%- endmacro %}

{#- The texts in a JSON array, or one key of each of its elements, a line each; null where there is
    no such array. -#}
{% macro json_lines(document, name, key=none) -%}
  {{ adapter.dispatch('json_lines')(document, name, key) }}
{%- endmacro %}

{% macro duckdb__json_lines(document, name, key) -%}
  nullif(array_to_string(try(json_extract_string({{ document }}, '$.{{ name }}[*]{{ '.' ~ key if key }}')), chr(10)), '')
{%- endmacro %}

{% macro postgres__json_lines(document, name, key) -%}
  (
    select string_agg(element {{ "->> '" ~ key ~ "'" if key else "#>> '{}'" }}, chr(10) order by position)
    from jsonb_array_elements(
      case when jsonb_typeof({{ document }} -> '{{ name }}') = 'array' then {{ document }} -> '{{ name }}' end
    ) with ordinality as elements (element, position)
  )
{%- endmacro %}

{#- The document as the engine reads it best; null where it is no JSON. -#}
{% macro readable_json(text) -%}
  {{ adapter.dispatch('readable_json')(text) }}
{%- endmacro %}

{% macro duckdb__readable_json(text) -%}
  {{ text }}
{%- endmacro %}

{% macro postgres__readable_json(text) -%}
  {{ json_reader_schema() }}.json_or_null({{ text }})
{%- endmacro %}

{#- At the end of a CTE whose columns are costly and read more than once: PostgreSQL would put the
    expression in place of each mention of it. -#}
{% macro compute_once() -%}
  {{ adapter.dispatch('compute_once')() }}
{%- endmacro %}

{% macro default__compute_once() -%}
{%- endmacro %}

{% macro postgres__compute_once() %}
  offset 0
{%- endmacro %}

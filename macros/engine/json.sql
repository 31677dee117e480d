{#- What is read of a JSON document, as columns of a select: the texts at `names` (top-level keys, or
    keys joined by a dot) and the lines of `lists` (arrays, the key of their elements that is wanted, and
    what an element must have in it, or none). They are then spoken of by document_text and document_lines. A document that cannot be read
    gives null. Each document is parsed once: a call a field costs four to five times as much. -#}
{% macro document_columns(document, names, lists) -%}
  {{ adapter.dispatch('document_columns')(document, names, lists) }}
{%- endmacro %}

{% macro default__document_columns(document, names, lists) -%}
  {{ json_texts(document, names) }} as texts
  {%- for list in lists %},
    {{ json_lines(document, list) }} as lines_{{ loop.index }}
  {%- endfor %}
{%- endmacro %}

{#- As one typed value: what has another type in the document is null in it, texts take anything. -#}
{% macro duckdb__document_columns(document, names, lists) -%}
  {%- set shape = {} -%}
  {%- for name in names -%}
    {%- set keys = name.split('.') -%}
    {%- do shape.update({keys[0]: 'VARCHAR' if keys | length == 1 else {keys[1]: 'VARCHAR'}}) -%}
  {%- endfor -%}
  {%- for list in lists -%}
    {%- do shape.update({list.name: [{list.key: 'VARCHAR'} if list.key else 'VARCHAR']}) -%}
  {%- endfor -%}
  try(json_transform({{ document }}, '{{ tojson(shape) }}')) as fields
{%- endmacro %}

{#- Elements are read as texts: one of another type than the others would make the whole array null. -#}
{% macro spark__document_columns(document, names, lists) -%}
  {%- set shape = [] -%}
  {%- for name in names -%}
    {%- set keys = name.split('.') -%}
    {%- do shape.append('`' ~ keys[0] ~ '` ' ~ ('string' if keys | length == 1 else 'struct<`' ~ keys[1] ~ '`: string>')) -%}
  {%- endfor -%}
  {%- for list in lists -%}
    {%- do shape.append('`' ~ list.name ~ '` array<string>') -%}
  {%- endfor -%}
  from_json({{ document }}, '{{ shape | join(', ') }}') as fields
{%- endmacro %}

{#- One of the texts that document_columns has read. -#}
{% macro document_text(name, names) -%}
  {{ adapter.dispatch('document_text')(name, names) }}
{%- endmacro %}

{% macro default__document_text(name, names) -%}
  texts[{{ names.index(name) + 1 }}]
{%- endmacro %}

{% macro duckdb__document_text(name, names) -%}
  fields."{{ name | replace('.', '"."') }}"
{%- endmacro %}

{% macro spark__document_text(name, names) -%}
  fields.`{{ name | replace('.', '`.`') }}`
{%- endmacro %}

{#- One of the lists that document_columns has read: a line each; null where there is no such array. -#}
{% macro document_lines(list, lists) -%}
  {{ adapter.dispatch('document_lines')(list, lists) }}
{%- endmacro %}

{% macro default__document_lines(list, lists) -%}
  lines_{{ lists.index(list) + 1 }}
{%- endmacro %}

{% macro duckdb__document_lines(list, lists) -%}
  {%- set lines = 'fields."' ~ list.name ~ '"' -%}
  {%- if list.key %}{% set lines = 'list_transform(' ~ lines ~ ', lambda element: element."' ~ list.key ~ '")' %}{% endif -%}
  {%- if list.with %}{% set lines = 'list_filter(' ~ lines ~ ", lambda line: contains(line, '" ~ list.with ~ "'))" %}{% endif -%}
  nullif(array_to_string({{ lines }}, chr(10)), '')
{%- endmacro %}

{% macro spark__document_lines(list, lists) -%}
  {%- set lines = 'fields.`' ~ list.name ~ '`' -%}
  {%- if list.key %}{% set lines = 'transform(' ~ lines ~ ", element -> get_json_object(element, '$." ~ list.key ~ "'))" %}{% endif -%}
  {%- if list.with %}{% set lines = 'filter(' ~ lines ~ ", line -> contains(line, '" ~ list.with ~ "'))" %}{% endif -%}
  nullif(array_join({{ lines }}, chr(10)), '')
{%- endmacro %}

{#- Several places of a JSON document at once, as an array of text. -#}
{% macro json_texts(document, names) -%}
  {{ adapter.dispatch('json_texts')(document, names) }}
{%- endmacro %}

{% macro default__json_texts(document, names) -%}
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

{% macro spark__json_text(document, name) -%}
  get_json_object({{ document }}, '$.{{ name }}')
{%- endmacro %}

{#- The texts in a JSON array, or one key of each of its elements, a line each; null where there is
    no such array. -#}
{% macro json_lines(document, list) -%}
  {{ adapter.dispatch('json_lines')(document, list) }}
{%- endmacro %}

{% macro default__json_lines(document, list) -%}
  {%- set line = "element ->> '" ~ list.key ~ "'" if list.key else "element #>> '{}'" -%}
  (
    select string_agg({{ line }}, chr(10) order by position)
    from jsonb_array_elements(
      case when jsonb_typeof({{ document }} -> '{{ list.name }}') = 'array' then {{ document }} -> '{{ list.name }}' end
    ) with ordinality as elements (element, position)
    {%- if list.with %}
    where {{ line }} like '%{{ list.with }}%'
    {%- endif %}
  )
{%- endmacro %}

{#- The document as the engine reads it best; null where it is no JSON. -#}
{% macro readable_json(text) -%}
  {{ adapter.dispatch('readable_json')(text) }}
{%- endmacro %}

{% macro default__readable_json(text) -%}
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

{#- Whether a pattern (the part that RE2, PostgreSQL and Java share) is found in a text. -#}
{% macro matches(text, pattern) -%}
  {{ adapter.dispatch('matches')(text, pattern) }}
{%- endmacro %}

{% macro duckdb__matches(text, pattern) -%}
  regexp_matches({{ text }}, '{{ pattern }}')
{%- endmacro %}

{% macro postgres__matches(text, pattern) -%}
  {{ text }} ~ '{{ pattern }}'
{%- endmacro %}

{#- For Java a line break may follow the end. -#}
{% macro spark__matches(text, pattern) -%}
  {{ text }} rlike '{{ pattern | replace('$', '\\\\z') }}'
{%- endmacro %}

{#- What a pattern matches directly after another one, at its first place. -#}
{% macro first_match(text, pattern, before='') -%}
  {{ adapter.dispatch('first_match')(text, pattern, before) }}
{%- endmacro %}

{% macro duckdb__first_match(text, pattern, before) -%}
  regexp_extract({{ text }}, '{{ before }}({{ pattern }})', 1)
{%- endmacro %}

{% macro postgres__first_match(text, pattern, before) -%}
  substring({{ text }} from '{{ before }}({{ pattern }})')
{%- endmacro %}

{% macro spark__first_match(text, pattern, before) -%}
  regexp_extract({{ text }}, '{{ before }}({{ pattern }})', 1)
{%- endmacro %}

{#- A row for each e-mail address in a text, for use as a column of a select. Letters of other alphabets and
    apostrophes belong to it, or `joséana@` and `o’ana@` would be found to be ana; Chinese and Japanese text
    around an address, written without spaces, does not. -#}
{% macro email_addresses(text) -%}
  {{ adapter.dispatch('email_addresses')(
    text, "[a-z0-9_À-῿][a-z0-9._%+''’À-῿-]*@[a-z0-9À-῿-]+(?:[.][a-z0-9À-῿-]+)+"
  ) }}
{%- endmacro %}

{% macro duckdb__email_addresses(text, pattern) -%}
  unnest(regexp_extract_all(lower({{ text }}), '{{ pattern }}'))
{%- endmacro %}

{% macro postgres__email_addresses(text, pattern) -%}
  (regexp_matches(lower({{ text }}), '({{ pattern }})', 'g'))[1]
{%- endmacro %}

{% macro spark__email_addresses(text, pattern) -%}
  explode(regexp_extract_all(lower({{ text }}), '{{ pattern | replace("''", "\\'") }}', 0))
{%- endmacro %}

{#- A text with each match of a pattern replaced. -#}
{% macro replace_matches(text, pattern, replacement) -%}
  {{ adapter.dispatch('replace_matches')(text, pattern, replacement) }}
{%- endmacro %}

{% macro default__replace_matches(text, pattern, replacement) -%}
  regexp_replace({{ text }}, '{{ pattern }}', '{{ replacement }}', 'g')
{%- endmacro %}

{% macro spark__replace_matches(text, pattern, replacement) -%}
  regexp_replace({{ text }}, '{{ pattern | replace('[[:space:]]', '\\\\s') }}', '{{ replacement }}')
{%- endmacro %}

{#- A text without the spaces around it. -#}
{% macro trimmed(text) -%}
  {{ return(adapter.dispatch('trimmed')(text)) }}
{%- endmacro %}

{% macro default__trimmed(text) -%}
  {{ return('trim(' ~ text ~ ')') }}
{%- endmacro %}

{#- DuckDB looks at each letter for spaces of any kind; hardly any text begins or ends with one. -#}
{% macro duckdb__trimmed(text) -%}
  {{ return("case when starts_with(" ~ text ~ ", ' ') or ends_with(" ~ text ~ ", ' ') then trim(" ~ text ~ ", ' ') else " ~ text ~ " end") }}
{%- endmacro %}

{#- A name as the reference tables key it: `In-progress`, `IN_PROGRESS` and ` in progress ` are one. -#}
{% macro reference_key(text) -%}
  {{ replace_matches('lower(' ~ trimmed(text) ~ ')', '[ _-]+', ' ') }}
{%- endmacro %}

{#- An address without what stands between a plus and the @. -#}
{% macro without_plus_tag(address) -%}
  regexp_replace({{ address }}, '[+][^@]*@', '@')
{%- endmacro %}

{#- A person's name for comparing: without regard to case and to how it is spaced; null where blank. -#}
{% macro comparable_name(name) -%}
  nullif(lower({{ replace_matches(trimmed(name), '[[:space:]]+', ' ') }}), '')
{%- endmacro %}

{#- The values of a group that differ, in their order, as one text: `P01, P02`; null where there is none. -#}
{% macro distinct_list(value) -%}
  {{ adapter.dispatch('distinct_list')(value) }}
{%- endmacro %}

{% macro default__distinct_list(value) -%}
  string_agg(distinct {{ value }}, ', ' order by {{ value }})
{%- endmacro %}

{% macro spark__distinct_list(value) -%}
  nullif(array_join(array_sort(collect_set({{ value }})), ', '), '')
{%- endmacro %}

{#- A whole row of a relation, by its alias. -#}
{% macro row_as_text(alias) -%}
  {{ return(adapter.dispatch('row_as_text')(alias)) }}
{%- endmacro %}

{% macro default__row_as_text(alias) -%}
  {{ return('cast(' ~ alias ~ ' as ' ~ dbt.type_string() ~ ')') }}
{%- endmacro %}

{% macro spark__row_as_text(alias) -%}
  {{ return('to_json(struct(' ~ alias ~ '.*))') }}
{%- endmacro %}

{#- A number by which texts can be told apart. -#}
{% macro text_as_number(text) -%}
  {{ adapter.dispatch('text_as_number')(text) }}
{%- endmacro %}

{% macro duckdb__text_as_number(text) -%}
  cast(hash({{ text }}) // 2 as bigint)
{%- endmacro %}

{% macro postgres__text_as_number(text) -%}
  hashtextextended({{ text }}, 0)
{%- endmacro %}

{% macro spark__text_as_number(text) -%}
  xxhash64({{ text }})
{%- endmacro %}

{#- A number by which rows of these columns can be told apart. -#}
{% macro row_as_number(columns) -%}
  {{ adapter.dispatch('row_as_number')(columns) }}
{%- endmacro %}

{#- These hash any number of columns together. -#}
{% macro default__row_as_number(columns) -%}
  {{ text_as_number(columns | join(', ')) }}
{%- endmacro %}

{% macro postgres__row_as_number(columns) -%}
  hash_record_extended(row({{ columns | join(', ') }}), 0)
{%- endmacro %}

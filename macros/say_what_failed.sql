{#- dbt tells how many rows a test found, not what they say. Where a test's rows have a column
    `finding`, a sentence, the first three are printed. -#}
{% macro say_what_failed(results) -%}
  {%- if execute -%}
    {%- for result in results
      if result.node.resource_type == 'test' and result.status in ('fail', 'warn')
      and 'as finding' in (result.node.compiled_code or '') -%}
      {%- set found = run_query('select finding from (' ~ result.node.compiled_code ~ ') as failures limit 3') -%}
      {%- for row in found.rows -%}
        {%- do log('Found by ' ~ result.node.name ~ ': ' ~ row[0], info=true) -%}
      {%- endfor -%}
    {%- endfor -%}
  {%- endif -%}
{%- endmacro %}

{#- No two rows have the same values in these columns together; null counts as a value. -#}
{% test unique_combination(model, columns) %}

with duplicates as (
  select
    {{ columns | join(', ') }},
    count(*) as copies
  from {{ model }}
  group by {{ columns | join(', ') }}
  having count(*) > 1
)

select * from duplicates

{% endtest %}

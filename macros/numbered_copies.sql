{#-
  The rows of a stream, with copy_number: 1 for each once, and more for its copies. While files are
  being merged a row stands in two of them. That is rare, so only the ids are counted for all of them;
  rows are compared where an id stands twice.
-#}
{% macro numbered_copies(relation, id, condition='true') -%}
  with repeated as (
    select {{ id }}
    from {{ relation }}
    group by {{ id }}
    having count(*) > 1
  )

  select
    landed.*,
    1 as copy_number
  from {{ relation }} as landed
  left join repeated
    on landed.{{ id }} = repeated.{{ id }}
  where repeated.{{ id }} is null and {{ condition }}
  union all
  select
    landed.*,
    row_number() over (partition by landed.{{ id }} order by landed.landed_at) as copy_number
  from {{ relation }} as landed
  inner join repeated
    on landed.{{ id }} = repeated.{{ id }}
  where {{ condition }}
{%- endmacro %}

-- Rows that were imported into old folders are not looked for by an ordinary build.
with lacking as (
  select landed.fetch_id
  from {{ ref('stg_suptask__ticket_fetches') }} as landed
  left join {{ ref('int_ticket_log') }} as log
    on landed.fetch_id = log.fetch_id
  where log.fetch_id is null
  union all
  select log.fetch_id
  from {{ ref('int_ticket_log') }} as log
  left join {{ ref('int_ticket_versions') }} as versions
    on log.fetch_id = versions.fetch_id
  where log.outcome = 'found' and versions.fetch_id is null
)

select
  count(*) as lacking_rows,
  cast(count(*) as {{ dbt.type_string() }})
  || ' landed rows are not in the models, as after an import into old folders. Build once with --full-refresh.'
    as finding
from lacking
having count(*) > 0

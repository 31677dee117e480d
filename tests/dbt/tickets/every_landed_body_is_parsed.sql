-- Rows that were imported into old folders are not looked for by an ordinary build. A day with as many rows in the log
-- as in the models lacks none; of another day each row is looked for: rows stand there twice while files are merged.
with landed_days as (
  select
    landed_on,
    count(*) as landed_rows
  from {{ ref('stg_suptask__ticket_fetches') }}
  group by landed_on
),

logged_days as (
  select
    landed_on,
    count(*) as logged_rows,
    sum(case when outcome = 'found' then 1 else 0 end) as found_rows
  from {{ ref('int_ticket_log') }}
  group by landed_on
),

parsed_days as (
  select
    landed_on,
    count(*) as parsed_rows
  from {{ ref('int_ticket_versions') }}
  group by landed_on
),

days_to_look_at as (
  select landed_days.landed_on
  from landed_days
  left join logged_days
    on landed_days.landed_on = logged_days.landed_on
  left join parsed_days
    on landed_days.landed_on = parsed_days.landed_on
  where
    landed_days.landed_rows <> coalesce(logged_days.logged_rows, 0)
    or coalesce(logged_days.found_rows, 0) <> coalesce(parsed_days.parsed_rows, 0)
),

landed as (
  select fetches.fetch_id
  from {{ ref('stg_suptask__ticket_fetches') }} as fetches
  inner join days_to_look_at
    on fetches.landed_on = days_to_look_at.landed_on
),

logged as (
  select
    log.fetch_id,
    log.outcome
  from {{ ref('int_ticket_log') }} as log
  inner join days_to_look_at
    on log.landed_on = days_to_look_at.landed_on
),

parsed as (
  select versions.fetch_id
  from {{ ref('int_ticket_versions') }} as versions
  inner join days_to_look_at
    on versions.landed_on = days_to_look_at.landed_on
),

lacking as (
  select landed.fetch_id
  from landed
  left join logged
    on landed.fetch_id = logged.fetch_id
  where logged.fetch_id is null
  union all
  select logged.fetch_id
  from logged
  left join parsed
    on logged.fetch_id = parsed.fetch_id
  where logged.outcome = 'found' and parsed.fetch_id is null
)

select
  count(*) as lacking_rows,
  cast(count(*) as {{ dbt.type_string() }})
  || ' landed rows are not in the models, as after an import into old folders. Build once with --full-refresh.'
    as finding
from lacking
having count(*) > 0

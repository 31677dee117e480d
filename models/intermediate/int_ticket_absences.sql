with fetches as (
  select * from {{ ref('int_ticket_fetches') }}
),

-- Few numbers ever answer so: the others are not looked at.
missing as (
  select * from fetches
  where outcome = 'not_found'
),

numbers_missing as (
  select distinct
    workspace,
    ticket_number
  from missing
),

last_found as (
  select
    fetches.workspace,
    fetches.ticket_number,
    max(fetches.seen_at) as last_found_at
  from fetches
  inner join numbers_missing
    on
      fetches.workspace = numbers_missing.workspace
      and fetches.ticket_number = numbers_missing.ticket_number
  where fetches.is_found
  group by
    fetches.workspace,
    fetches.ticket_number
),

final as (
  select
    missing.workspace,
    missing.ticket_number,
    last_found.last_found_at,
    min(missing.seen_at) as gone_at
  from missing
  inner join last_found
    on
      missing.workspace = last_found.workspace
      and missing.ticket_number = last_found.ticket_number
  where missing.seen_at > last_found.last_found_at
  group by
    missing.workspace,
    missing.ticket_number,
    last_found.last_found_at
  -- One 404 may be a slip; two on separate days are not.
  having count(distinct cast(missing.seen_at as date)) >= 2
)

select * from final

with fetches as (
  select * from {{ ref('int_ticket_fetches') }}
),

last_found as (
  select
    workspace,
    ticket_number,
    max(seen_at) as last_found_at
  from fetches
  where is_found
  group by
    workspace,
    ticket_number
),

final as (
  select
    fetches.workspace,
    fetches.ticket_number,
    last_found.last_found_at,
    min(fetches.seen_at) as gone_at
  from fetches
  inner join last_found
    on
      fetches.workspace = last_found.workspace
      and fetches.ticket_number = last_found.ticket_number
  where
    fetches.outcome = 'not_found'
    and fetches.seen_at > last_found.last_found_at
  group by
    fetches.workspace,
    fetches.ticket_number,
    last_found.last_found_at
  -- One 404 may be a slip; two on separate days are not.
  having count(distinct cast(fetches.seen_at as date)) >= 2
)

select * from final

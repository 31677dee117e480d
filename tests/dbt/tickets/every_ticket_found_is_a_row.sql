with readable as (
  select distinct
    workspace,
    ticket_number
  from {{ ref('int_ticket_versions') }}
  where is_readable
),

lacking as (
  select
    readable.workspace,
    readable.ticket_number
  from readable
  left join {{ ref('suptask_tickets') }} as tickets
    on
      readable.workspace = tickets.workspace
      and readable.ticket_number = tickets.ticket_number
  where tickets.ticket_number is null
),

fetches as (
  select
    fetches.workspace,
    fetches.ticket_number,
    fetches.fetch_id
  from {{ ref('int_ticket_fetches') }} as fetches
  inner join lacking
    on
      fetches.workspace = lacking.workspace
      and fetches.ticket_number = lacking.ticket_number
  where fetches.is_found
)

-- Seen until the valuation time.
select distinct
  fetches.workspace,
  fetches.ticket_number
from fetches
inner join {{ ref('int_ticket_versions') }} as versions
  on fetches.fetch_id = versions.fetch_id
where versions.is_readable

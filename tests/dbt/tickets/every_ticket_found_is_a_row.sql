with lacking as (
  select
    versions.workspace,
    versions.ticket_number,
    versions.fetch_id
  from {{ ref('int_ticket_versions') }} as versions
  left join {{ ref('suptask_tickets') }} as tickets
    on
      versions.workspace = tickets.workspace
      and versions.ticket_number = tickets.ticket_number
  where versions.is_readable and tickets.ticket_number is null
)

-- Seen until the valuation time.
select distinct
  fetches.workspace,
  fetches.ticket_number
from {{ ref('int_ticket_fetches') }} as fetches
inner join lacking
  on fetches.fetch_id = lacking.fetch_id
where fetches.is_found

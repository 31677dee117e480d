with lacking as (
  select distinct
    versions.workspace,
    versions.ticket_number
  from {{ ref('int_ticket_versions') }} as versions
  left join {{ ref('suptask_tickets') }} as tickets
    on
      versions.workspace = tickets.workspace
      and versions.ticket_number = tickets.ticket_number
  where versions.is_readable and tickets.ticket_number is null
)

-- Seen until the valuation time.
select distinct
  lacking.workspace,
  lacking.ticket_number
from lacking
inner join {{ ref('int_ticket_fetches') }} as fetches
  on
    lacking.workspace = fetches.workspace
    and lacking.ticket_number = fetches.ticket_number
inner join {{ ref('int_ticket_versions') }} as versions
  on fetches.fetch_id = versions.fetch_id
where fetches.is_found and versions.is_readable

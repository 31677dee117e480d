-- Counted from 1, each once and from where the one before ended; the last one alone has no end and is the current one.
with neighbours as (
  select
    workspace,
    ticket_number,
    interval_number,
    valid_from,
    valid_to,
    is_current,
    created_at,
    lag(interval_number) over intervals as previous_interval_number,
    lag(valid_to) over intervals as previous_valid_to,
    lead(interval_number) over intervals as next_interval_number
  from {{ ref('suptask_ticket_history') }}
  window intervals as (partition by workspace, ticket_number order by interval_number)
)

select * from neighbours
where
  interval_number <> coalesce(previous_interval_number, 0) + 1
  or valid_to < valid_from
  or valid_from is distinct from (case when interval_number = 1 then created_at else previous_valid_to end)
  or is_current <> (next_interval_number is null)
  or (valid_to is null) <> (next_interval_number is null)

with ledger as (
  select * from {{ ref('int_number_ledger') }}
),

details as (
  select * from {{ ref('int_ticket_details') }}
),

intervals as (
  select * from {{ ref('int_ticket_intervals') }}
  where is_current
),

final as (
  select
    ledger.workspace,
    ledger.ticket_number,

    ledger.last_outcome,
    intervals.status as ticket_status,
    intervals.status_class,

    cast(ledger.reads as integer) as reads,
    cast(coalesce(details.versions_seen, 0) as integer) as versions_seen,
    ledger.failures_in_row,

    ledger.failures_in_row >= {{ var('retries_before_parked') }} as is_parked,

    ledger.first_read_at,
    ledger.last_read_at,
    ledger.last_found_at,
    details.last_change_seen_at,
    details.last_change_at,
    ledger.missing_since,
    details.gone_at
  from ledger
  left join details
    on
      ledger.workspace = details.workspace
      and ledger.ticket_number = details.ticket_number
  left join intervals
    on
      ledger.workspace = intervals.workspace
      and ledger.ticket_number = intervals.ticket_number
)

select * from final

with ledger as (
  select * from {{ ref('int_number_ledger') }}
),

final as (
  select
    workspace,
    ticket_number,

    last_outcome,
    last_error,

    last_http_status,
    failures_in_row,

    failures_in_row >= {{ var('retries_before_parked') }} as is_parked,
    last_found_at is not null as is_ever_found,

    failing_since,
    last_read_at,
    last_found_at
  from ledger
  where failures_in_row > 0
)

select * from final

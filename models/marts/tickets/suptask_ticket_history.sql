{{ config(materialized=in_part(), incremental_strategy='by_ticket', on_schema_change='fail') }}

with intervals as (
  {{ to_make(ref('int_ticket_intervals')) }}
),

holdings as (
  {{ to_make(ref('int_ticket_holdings')) }}
),

details as (
  {{ to_make(ref('int_ticket_details')) }}
),

final as (
  select
    intervals.workspace,
    intervals.ticket_number,
    intervals.interval_number,
    details.ticket_key,
    intervals.queue_id,
    intervals.assignee_id,
    holdings.holder_id,
    details.partner_id,

    intervals.status,
    intervals.status_class,
    intervals.priority,
    holdings.holder_kind,
    holdings.holder_name,
    details.partner_kind,
    details.partner_name,
    intervals.basis,

    intervals.priority_rank,
    {{ minutes_between('intervals.valid_from', 'intervals.valid_to') }} as duration_minutes,

    intervals.is_archived,
    intervals.is_backlog,
    intervals.is_current,

    intervals.valid_from,
    intervals.valid_from_earliest,
    intervals.valid_from_latest,
    intervals.valid_to,
    details.created_at,
    details.gone_at,

    {{ shared_mark(['intervals.mark', 'holdings.mark', 'details.mark']) }} as mark
  from intervals
  inner join holdings
    on
      intervals.workspace = holdings.workspace
      and intervals.ticket_number = holdings.ticket_number
      and intervals.holding_number = holdings.holding_number
  inner join details
    on
      intervals.workspace = details.workspace
      and intervals.ticket_number = details.ticket_number
)

select * from final

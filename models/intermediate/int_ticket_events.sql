{{ config(materialized=in_part(), incremental_strategy='by_ticket', on_schema_change='fail') }}

with intervals as (
  {{ to_make(ref('int_ticket_intervals')) }}
),

details as (
  {{ to_make(ref('int_ticket_details')) }}
),

named as (
  select
    intervals.*,
    case
      when interval_number = 1 then 'created'
      when status_class = 'closed' and previous_status_class <> 'closed' then 'closed'
      when status_class <> 'closed' and previous_status_class = 'closed' then 'reopened'
    end as event
  from intervals
),

final as (
  select
    named.workspace,
    named.ticket_number,
    named.interval_number,
    -- A reopening is told of whoever held the ticket that had been closed.
    case
      when named.event = 'reopened' then named.previous_holding_number
      else named.holding_number
    end as holding_number,
    details.partner_id,
    details.form_id,

    named.event,
    named.basis,
    details.source,
    details.partner_kind,
    details.partner_name,
    named.priority,

    named.priority_rank,
    -- Of a ticket that does not say when it was created and was first seen closed, nobody knows.
    case
      when named.valid_from_earliest is not null then {{ minutes_between('details.created_at', 'named.valid_from') }}
    end as minutes_since_creation,

    named.valid_from as happened_at,
    named.valid_from_earliest as happened_at_earliest,
    named.valid_from_latest as happened_at_latest,

    {{ shared_mark(['named.mark', 'details.mark']) }} as mark
  from named
  inner join details
    on
      named.workspace = details.workspace
      and named.ticket_number = details.ticket_number
  where named.event is not null
)

select * from final

with events as (
  select * from {{ ref('int_ticket_events') }}
),

details as (
  select * from {{ ref('int_ticket_details') }}
),

final as (
  select
    cast(events.happened_at as date) as day,
    events.partner_id,
    details.form_id,

    events.partner_kind,
    events.partner_name,
    details.source,
    events.priority,

    events.priority_rank,
    cast(sum(case when events.event = 'created' then 1 else 0 end) as bigint) as created,
    cast(sum(case when events.event = 'closed' then 1 else 0 end) as bigint) as closed,
    cast(sum(case when events.event = 'reopened' then 1 else 0 end) as bigint) as reopened,

    '{{ var('metrics_version') }}' as metrics_version
  from events
  inner join details
    on
      events.workspace = details.workspace
      and events.ticket_number = details.ticket_number
  group by
    cast(events.happened_at as date),
    events.partner_id,
    details.form_id,
    events.partner_kind,
    events.partner_name,
    details.source,
    events.priority,
    events.priority_rank
)

select * from final

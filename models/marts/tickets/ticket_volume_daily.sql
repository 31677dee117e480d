with events as (
  select * from {{ ref('int_ticket_events') }}
),

final as (
  select
    cast(happened_at as date) as day,
    partner_id,
    form_id,

    partner_kind,
    partner_name,
    source,
    priority,

    priority_rank,
    cast(sum(case when event = 'created' then 1 else 0 end) as bigint) as created,
    cast(sum(case when event = 'closed' then 1 else 0 end) as bigint) as closed,
    cast(sum(case when event = 'reopened' then 1 else 0 end) as bigint) as reopened,

    '{{ var('metrics_version') }}' as metrics_version
  from events
  group by
    cast(happened_at as date),
    partner_id,
    form_id,
    partner_kind,
    partner_name,
    source,
    priority,
    priority_rank
)

select * from final

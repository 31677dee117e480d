{{
  config(
    materialized=in_part(),
    incremental_strategy='by_ticket',
    on_schema_change='fail',
    grows={
      'minutes': ['closed_minutes', 'closed_minutes_least', 'closed_minutes_most', 'minutes_since_last_change'],
      'business_minutes': ['business_minutes_since_last_change'],
    }
  )
}}

with tickets as (
  {{ to_make(ref('suptask_tickets')) }}
),

measures as (
  {{ to_make(ref('int_ticket_measures')) }}
),

business_days as (
  select * from {{ ref('int_business_days') }}
),

final as (
  select
    tickets.workspace,
    tickets.ticket_number,
    tickets.ticket_key,
    tickets.queue_id,
    tickets.partner_id,
    tickets.holder_id,
    measures.calendar_id,

    tickets.status_class,
    tickets.priority,
    measures.first_closed_at_basis,
    tickets.closed_at_basis,
    measures.first_reply_at_basis,
    measures.first_assigned_at_basis,

    measures.first_resolution_minutes,
    measures.first_resolution_minutes_least,
    measures.first_resolution_minutes_most,
    measures.first_resolution_business_minutes,

    tickets.resolution_minutes as final_resolution_minutes,
    {{ minutes_between('tickets.created_at', 'tickets.closed_at_earliest') }} as final_resolution_minutes_least,
    case
      when tickets.created_at_basis = 'source'
        then {{ minutes_between('tickets.created_at', 'tickets.closed_at_latest') }}
    end as final_resolution_minutes_most,
    case
      when tickets.status_class = 'closed' then measures.last_resolution_business_minutes
    end as final_resolution_business_minutes,

    case when tickets.resolution_minutes is not null then measures.counted_business_minutes end
      as actual_resolution_business_minutes,
    case when tickets.status_class = 'closed' then measures.counted_business_minutes_least end
      as actual_resolution_business_minutes_least,
    case
      when tickets.status_class = 'closed' and tickets.created_at_basis = 'source'
        then measures.counted_business_minutes_most
    end as actual_resolution_business_minutes_most,

    measures.first_reply_minutes,
    measures.first_reply_minutes_least,
    measures.first_reply_business_minutes,
    measures.first_reply_business_minutes_least,

    measures.first_assigned_minutes,
    measures.first_assigned_minutes_least,
    measures.first_assigned_minutes_most,
    measures.first_assigned_business_minutes,

    {%- for status_class in ['open', 'active'] %}
    measures.{{ status_class }}_minutes,
    measures.{{ status_class }}_minutes_least,
    measures.{{ status_class }}_minutes_most,
    {%- endfor %}
    -- A closing that stands was measured up to some build, and has lasted longer since.
    {%- for bound in ['', '_least', '_most'] %}
    measures.closed_minutes{{ bound }}
    + coalesce({{ whole_minute('tickets.as_of') }} - measures.closed_until_minute, 0) as closed_minutes{{ bound }},
    {%- endfor %}
    measures.open_business_minutes,
    measures.active_business_minutes,

    tickets.age_minutes,
    case
      when tickets.status_class <> 'closed'
        then {{ business_minute('today', 'tickets.as_of') }} - measures.created_business_minute
    end as age_business_minutes,
    {{ minutes_between('measures.changed_at', 'tickets.as_of') }} as minutes_since_last_change,
    {{ business_minute('today', 'tickets.as_of') }}
    - measures.changed_business_minute as business_minutes_since_last_change,

    tickets.reopen_count,
    measures.reassignment_count,
    tickets.requester_messages,
    tickets.responder_messages,

    tickets.created_at,
    measures.first_closed_at,
    measures.first_closed_at_earliest,
    measures.first_closed_at_latest,
    tickets.closed_at,
    tickets.closed_at_earliest,
    tickets.closed_at_latest,
    measures.first_reply_at,
    measures.first_reply_at_earliest,
    measures.first_assigned_at,
    measures.first_assigned_at_earliest,
    measures.first_assigned_at_latest,
    measures.changed_at as last_change_at,
    tickets.last_seen_at,
    tickets.as_of,

    '{{ var('metrics_version') }}' as metrics_version,

    -- Of one that is gone the minutes that it has been closed grow no longer: it is made anew.
    case
      when tickets.gone_at is null then {{ shared_mark(['tickets.mark', 'measures.mark']) }}
    end as mark
  from tickets
  inner join measures
    on
      tickets.workspace = measures.workspace
      and tickets.ticket_number = measures.ticket_number
  left join business_days as today
    on {{ business_day_of('today', 'measures.calendar_id', 'tickets.as_of') }}
)

select * from final

{{ config(materialized=in_part(), incremental_strategy='by_ticket', on_schema_change='fail') }}

{%- set marks = ['details.mark', 'current_states.mark', 'holdings.mark', 'requesters.mark', 'closings.mark'] %}

with details as (
  {{ to_make(ref('int_ticket_details')) }}
),

current_states as (
  {{ to_make(ref('int_ticket_intervals'), 'is_current') }}
),

holdings as (
  {{ to_make(ref('int_ticket_holdings'), 'is_current') }}
),

events as {{ each_reads() }}(
  {{ to_make(ref('int_ticket_events')) }}
),

requesters as (
  {{ to_make(ref('int_ticket_requesters')) }}
),

valuation as (
  select * from {{ ref('int_valuation') }}
),

closings as (
  select
    events.*,
    row_number() over (
      partition by workspace, ticket_number
      order by interval_number desc
    ) as newest_first
  from events
  where event = 'closed'
),

reopenings as (
  select
    workspace,
    ticket_number,
    count(*) as reopen_count
  from events
  where event = 'reopened'
  group by
    workspace,
    ticket_number
),

final as (
  select
    details.workspace,
    details.ticket_number,
    details.ticket_key,
    details.team_id,
    details.ticket_id,
    details.team_ticket_id,
    current_states.queue_id,
    details.form_id,
    details.channel_id,
    details.partner_id,
    details.requester_id,
    requesters.staff_id as requester_staff_id,
    current_states.assignee_id,
    holdings.holder_id,
    holdings.staff_id as assignee_staff_id,

    current_states.status,
    current_states.status_class,
    current_states.priority,
    details.source,
    details.tags,
    details.partner_kind,
    details.partner_name,
    details.requester_email,
    coalesce(requesters.staff_name, requesters.display_name) as requester_name,
    holdings.holder_kind,
    holdings.holder_name,
    details.requester_permalink,
    details.responder_permalink,
    details.created_at_basis,
    case when current_states.status_class = 'closed' then closings.basis end as closed_at_basis,

    current_states.priority_rank,
    cast(coalesce(reopenings.reopen_count, 0) as integer) as reopen_count,
    details.requester_messages,
    details.responder_messages,
    details.versions_seen,
    case when current_states.status_class = 'closed' then closings.minutes_since_creation end as resolution_minutes,
    case
      when current_states.status_class <> 'closed' then {{ minutes_between('details.created_at', 'valuation.as_of') }}
    end as age_minutes,

    current_states.is_archived,
    current_states.is_backlog and details.gone_at is null as is_backlog,
    details.is_slack_sourced,
    details.is_slack_connect,
    details.is_collaboration,
    details.has_contradictory_updated_at,

    details.created_at,
    details.updated_at,
    case when current_states.status_class = 'closed' then closings.happened_at end as closed_at,
    case when current_states.status_class = 'closed' then closings.happened_at_earliest end as closed_at_earliest,
    case when current_states.status_class = 'closed' then closings.happened_at_latest end as closed_at_latest,
    holdings.held_from as assigned_at,
    details.last_requester_message_at,
    details.last_responder_message_at,
    details.first_seen_at,
    details.last_seen_at,
    details.last_change_seen_at,
    details.gone_at,
    valuation.as_of,

    -- While it is not closed its age grows.
    case
      when current_states.status_class = 'closed'
        then {{ shared_mark(marks) }}
    end as mark
  from details
  cross join valuation
  inner join current_states
    on
      details.workspace = current_states.workspace
      and details.ticket_number = current_states.ticket_number
  inner join holdings
    on
      details.workspace = holdings.workspace
      and details.ticket_number = holdings.ticket_number
  inner join requesters
    on
      details.workspace = requesters.workspace
      and details.ticket_number = requesters.ticket_number
  left join closings
    on
      details.workspace = closings.workspace
      and details.ticket_number = closings.ticket_number
      and closings.newest_first = 1
  left join reopenings
    on
      details.workspace = reopenings.workspace
      and details.ticket_number = reopenings.ticket_number
)

select * from final

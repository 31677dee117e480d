{{ config(materialized=in_part(), incremental_strategy='by_ticket', on_schema_change='fail') }}

with looks as (
  {{ to_make(ref('int_ticket_looks'), 'is_new_version') }}
),

versions as (
  {{ to_make(ref('int_ticket_versions')) }}
),

details as (
  {{ to_make(ref('int_ticket_details')) }}
),

business_days as (
  select * from {{ ref('int_business_days') }}
),

counters as (
  select
    looks.workspace,
    looks.ticket_number,
    looks.look_number,
    looks.seen_at,
    looks.previous_seen_at,
    versions.responder_messages,
    versions.last_requester_message_at,
    versions.last_responder_message_at,
    coalesce(lag(versions.responder_messages) over (
      partition by looks.workspace, looks.ticket_number
      order by looks.look_number
    ), 0) as previous_responder_messages
  from looks
  inner join versions
    on looks.version_id = versions.fetch_id
),

-- The first look that shows a reply.
first_replies as (
  select
    counters.*,
    row_number() over (partition by workspace, ticket_number order by look_number) as nth_look
  from counters
  where coalesce(responder_messages, case when last_responder_message_at is not null then 1 end) > 0
),

asked_first as (
  select
    details.workspace,
    details.ticket_number,
    details.calendar_id,
    details.mark,
    'first_reply' as reply,
    details.created_at as asked_at,
    first_replies.seen_at,
    first_replies.previous_seen_at,
    first_replies.last_responder_message_at,
    first_replies.responder_messages = 1 as is_alone
  from details
  left join first_replies
    on
      details.workspace = first_replies.workspace
      and details.ticket_number = first_replies.ticket_number
      and first_replies.nth_look = 1
),

-- What the requester wrote last came after this message of the responders, as far as looks tell; at the
-- earliest after the first reply.
answered_before as (
  select
    details.workspace,
    details.ticket_number,
    details.calendar_id,
    details.mark,
    greatest(
      min(least(first_replies.seen_at, coalesce(first_replies.last_responder_message_at, first_replies.seen_at))),
      max(
        case
          when counters.last_responder_message_at < details.last_requester_message_at
            then counters.last_responder_message_at
        end
      )
    ) as answered_at
  from details
  inner join first_replies
    on
      details.workspace = first_replies.workspace
      and details.ticket_number = first_replies.ticket_number
      and first_replies.nth_look = 1
  inner join counters
    on
      details.workspace = counters.workspace
      and details.ticket_number = counters.ticket_number
  -- No time that cannot be.
  where details.last_requester_message_at <= details.last_seen_at
  group by
    details.workspace,
    details.ticket_number,
    details.calendar_id,
    details.mark
),

-- The first message since then that a look showed: who asks again while waiting has not asked anew.
asked_since as (
  select
    answered_before.workspace,
    answered_before.ticket_number,
    answered_before.calendar_id,
    answered_before.mark,
    min(counters.last_requester_message_at) as asked_at
  from answered_before
  inner join counters
    on
      answered_before.workspace = counters.workspace
      and answered_before.ticket_number = counters.ticket_number
      and counters.last_requester_message_at > answered_before.answered_at
  group by
    answered_before.workspace,
    answered_before.ticket_number,
    answered_before.calendar_id,
    answered_before.mark
),

-- The first look that shows it as answered.
next_replies as (
  select
    counters.*,
    row_number() over (
      partition by counters.workspace, counters.ticket_number
      order by counters.look_number
    ) as nth_look
  from counters
  inner join asked_since
    on
      counters.workspace = asked_since.workspace
      and counters.ticket_number = asked_since.ticket_number
  where
    counters.last_responder_message_at >= asked_since.asked_at
    and counters.last_requester_message_at >= asked_since.asked_at
),

asked_again as (
  select
    asked_since.workspace,
    asked_since.ticket_number,
    asked_since.calendar_id,
    asked_since.mark,
    'next_reply' as reply,
    asked_since.asked_at,
    next_replies.seen_at,
    next_replies.previous_seen_at,
    next_replies.last_responder_message_at,
    next_replies.responder_messages = next_replies.previous_responder_messages + 1 as is_alone
  from asked_since
  left join next_replies
    on
      asked_since.workspace = next_replies.workspace
      and asked_since.ticket_number = next_replies.ticket_number
      and next_replies.nth_look = 1
),

asked as (
  select * from asked_first
  union all
  select * from asked_again
),

told as (
  select
    asked.*,
    greatest(asked_at, coalesce(previous_seen_at, asked_at)) as not_before,
    coalesce(
      last_responder_message_at >= greatest(asked_at, coalesce(previous_seen_at, asked_at))
      and last_responder_message_at <= seen_at,
      false
    ) as is_told
  from asked
),

-- A single new message is the reply, and its time is told; of several, only the last one's is.
dated as (
  select
    told.*,
    case when is_told then last_responder_message_at else seen_at end as replied_at,
    case when is_told and is_alone then last_responder_message_at when seen_at is not null then not_before end
      as replied_at_earliest,
    case
      when is_told and is_alone then 'message_time'
      when is_told then 'last_message_time'
      when seen_at is not null then 'look'
    end as basis
  from told
),

final as (
  select
    dated.workspace,
    dated.ticket_number,

    dated.reply,
    dated.basis,

    {{ whole_minute('dated.asked_at') }} as asked_minute,
    {{ whole_minute('dated.replied_at_earliest') }} as replied_minute_earliest,
    {{ whole_minute('dated.replied_at') }} as replied_minute,
    {{ business_minute('asked_days', 'dated.asked_at') }} as asked_business_minute,
    {{ business_minute('earliest_days', 'dated.replied_at_earliest') }} as replied_business_minute_earliest,
    {{ business_minute('replied_days', 'dated.replied_at') }} as replied_business_minute,

    dated.asked_at,
    dated.replied_at_earliest,
    -- The estimate is the latest that it can have been.
    dated.replied_at,

    dated.mark
  from dated
  left join business_days as asked_days
    on {{ business_day_of('asked_days', 'dated.calendar_id', 'dated.asked_at') }}
  left join business_days as earliest_days
    on {{ business_day_of('earliest_days', 'dated.calendar_id', 'dated.replied_at_earliest') }}
  left join business_days as replied_days
    on {{ business_day_of('replied_days', 'dated.calendar_id', 'dated.replied_at') }}
)

select * from final

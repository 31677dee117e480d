{{ config(materialized=mart_by_ticket(), incremental_strategy='by_ticket', on_schema_change='fail') }}

with {{ tickets_to_make() }}
segments as {{ each_reads() }}(
  {{ to_make(ref('int_sla_segments')) }}
),

details as (
  {{ to_make(ref('int_ticket_details')) }}
),

closings as (
  {{ to_make(ref('int_ticket_events'), "event = 'closed'") }}
),

replies as (
  {{ to_make(ref('int_ticket_replies')) }}
),

holdings as (
  {{ to_make(ref('int_ticket_holdings')) }}
),

rules as (
  select * from {{ ref('sla_rules') }}
),

valuation as (
  select * from {{ ref('int_valuation') }}
),

business_days as (
  select * from {{ ref('int_business_days') }}
  where open_minutes > 0
),

last_closings as (
  select
    workspace,
    ticket_number,
    max(happened_at) as closed_at
  from closings
  group by
    workspace,
    ticket_number
),

tickets as (
  select
    details.*,
    last_closings.closed_at
  from details
  left join last_closings
    on
      details.workspace = last_closings.workspace
      and details.ticket_number = last_closings.ticket_number
),

-- Where it stands, and where a target was exceeded first.
summed as (
  select
    workspace,
    ticket_number,
    sla_rule_id,
    max(interval_number) as last_interval_number,
    min(case when is_backlog and elapsed_minutes > target_minutes then interval_number end) as breach_interval_number,
    max(case when is_backlog then interval_number end) as last_backlog_interval_number
  from segments
  group by
    workspace,
    ticket_number,
    sla_rule_id
),

last_segments as (
  select
    segments.*,
    summed.breach_interval_number,
    coalesce(
      summed.breach_interval_number,
      summed.last_backlog_interval_number,
      summed.last_interval_number
    ) as deciding_interval_number
  from segments
  inner join summed
    on
      segments.workspace = summed.workspace
      and segments.ticket_number = summed.ticket_number
      and segments.sla_rule_id = summed.sla_rule_id
      and segments.interval_number = summed.last_interval_number
),

-- What decides: the moment at which more time had passed than the priority of then allowed; else how
-- it stood at last while it was not closed: a priority given with the closing allows nothing any more.
judged as (
  select
    last_segments.workspace,
    last_segments.ticket_number,
    last_segments.sla_rule_id,
    deciding.calendar_id,
    deciding.holding_number,
    rules.name as sla_rule_name,
    rules.measure,
    rules.clock,
    deciding.priority,
    deciding.target_minutes,
    last_segments.elapsed_minutes,
    last_segments.is_counting,
    last_segments.mark,
    case
      when rules.measure <> 'resolution' then replies.replied_at
      when last_segments.status_class = 'closed' then tickets.closed_at
    end as ended_at,
    case when rules.measure = 'resolution' then tickets.created_at else replies.asked_at end as started_at,
    deciding.valid_from as deciding_from,
    case
      when last_segments.breach_interval_number is not null then 'breached'
      when deciding.target_minutes is null then 'no_target'
      when rules.measure = 'resolution' and last_segments.status_class = 'closed' then 'met'
      when replies.replied_at is not null then 'met'
      when not last_segments.is_backlog or tickets.gone_at is not null then 'ended'
      else 'running'
    end as outcome,
    deciding.from_reading + greatest(
      deciding.target_minutes - (deciding.elapsed_minutes - deciding.counted_minutes), 0
    ) as breach_reading,
    -- Of a closed ticket: where the clock stopped, whatever changed after that.
    case when rules.measure = 'resolution' then deciding.to_reading else last_segments.to_reading end as end_reading,
    -- More time can only have been added to what had been used at the least by the end of what decided.
    deciding.elapsed_minutes_least,
    last_segments.elapsed_minutes_most,
    tickets.created_at_basis
  from last_segments
  inner join rules
    on last_segments.sla_rule_id = rules.sla_rule_id
  inner join segments as deciding
    on
      last_segments.workspace = deciding.workspace
      and last_segments.ticket_number = deciding.ticket_number
      and last_segments.sla_rule_id = deciding.sla_rule_id
      and deciding.interval_number = last_segments.deciding_interval_number
  inner join tickets
    on
      last_segments.workspace = tickets.workspace
      and last_segments.ticket_number = tickets.ticket_number
  left join replies
    on
      last_segments.workspace = replies.workspace
      and last_segments.ticket_number = replies.ticket_number
      and rules.measure = replies.reply
),

due as (
  select
    judged.*,
    case when clock = 'business' then calendar_id end as due_calendar_id,
    case
      when outcome = 'breached' then breach_reading
      when outcome = 'met' then end_reading + target_minutes - elapsed_minutes
      when outcome = 'running' and is_counting then end_reading + target_minutes - elapsed_minutes
    end as due_reading
  from judged
),

-- To find the opening in which a clock shows a reading: by its day's worth of open minutes, since an
-- opening touches two of these at most.
openings as (
  select
    business_days.*,
    cast(floor(business_minutes_before / 1440.0) as bigint) as bucket
  from business_days
  union all
  select
    business_days.*,
    cast(floor((business_minutes_before + open_minutes - 1) / 1440.0) as bigint) as bucket
  from business_days
  where floor(business_minutes_before / 1440.0) <> floor((business_minutes_before + open_minutes - 1) / 1440.0)
),

dated as (
  select
    due.*,
    case
      when due.clock = 'business' then openings.opens_minute + due.due_reading - openings.business_minutes_before
      else due.due_reading
    end as due_minute
  from due
  left join openings
    on
      due.due_calendar_id = openings.calendar_id
      and openings.bucket = cast(floor((due.due_reading - 1) / 1440.0) as bigint)
      and openings.business_minutes_before < due.due_reading
      and openings.business_minutes_before + openings.open_minutes >= due.due_reading
),

final as (
  select
    dated.workspace,
    dated.ticket_number,
    dated.sla_rule_id,
    tickets.ticket_key,
    tickets.partner_id,
    holdings.holder_id,
    dated.calendar_id,

    dated.sla_rule_name,
    dated.outcome,
    dated.priority,
    dated.clock,
    tickets.partner_kind,
    tickets.partner_name,
    holdings.holder_kind,
    holdings.holder_name,

    cast(dated.target_minutes as bigint) as target_minutes,
    dated.elapsed_minutes,
    cast(dated.target_minutes - dated.elapsed_minutes as bigint) as minutes_left,

    dated.outcome = 'running' and not dated.is_counting as is_paused,
    case
      -- Who does not know when a ticket was created knows no time since then at the most.
      when dated.outcome = 'met'
        then
          dated.elapsed_minutes_most <= dated.target_minutes
          and (dated.measure = 'next_reply' or dated.created_at_basis = 'source')
      when dated.outcome = 'breached' then dated.elapsed_minutes_least > dated.target_minutes
    end as is_certain,

    dated.started_at,
    -- A ticket that was given a target already exceeded was due when it was given it.
    case
      when dated.outcome = 'breached'
        then greatest(
          coalesce({{ epoch_microseconds_to_timestamp('dated.due_minute * 60000000') }}, dated.deciding_from),
          dated.deciding_from
        )
      else {{ epoch_microseconds_to_timestamp('dated.due_minute * 60000000') }}
    end as due_at,
    dated.ended_at,
    valuation.as_of,

    '{{ var('metrics_version') }}' as metrics_version,
    {{ shared_mark(['dated.mark', 'tickets.mark']) }} as mark
  from dated
  cross join valuation
  inner join tickets
    on
      dated.workspace = tickets.workspace
      and dated.ticket_number = tickets.ticket_number
  inner join holdings
    on
      dated.workspace = holdings.workspace
      and dated.ticket_number = holdings.ticket_number
      and dated.holding_number = holdings.holding_number
)

select * from final

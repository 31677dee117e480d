{{ config(materialized=in_part(), incremental_strategy='by_ticket', on_schema_change='fail') }}

with segments as {{ each_reads() }}(
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

-- Where it stands.
summed as (
  select
    workspace,
    ticket_number,
    sla_rule_id,
    max(interval_number) as last_interval_number,
    max(case when is_backlog then interval_number end) as last_backlog_interval_number,
    min(case when is_backlog then target_minutes end) as least_target_minutes,
    cast(sum(counted_minutes) as bigint) as elapsed_minutes,
    cast(sum(counted_minutes_least) as bigint) as elapsed_minutes_least,
    cast(sum(counted_minutes_most) as bigint) as elapsed_minutes_most
  from segments
  group by
    workspace,
    ticket_number,
    sla_rule_id
),

-- Most clocks never come to any of their targets: only of the others it matters when which minute was counted.
run_up as (
  select
    segments.*,
    sum(segments.counted_minutes) over segments_until_then as elapsed_minutes,
    sum(segments.counted_minutes_least) over segments_until_then as elapsed_minutes_least
  from segments
  inner join summed
    on
      segments.workspace = summed.workspace
      and segments.ticket_number = summed.ticket_number
      and segments.sla_rule_id = summed.sla_rule_id
  where summed.elapsed_minutes > summed.least_target_minutes
  window segments_until_then as (
    partition by segments.workspace, segments.ticket_number, segments.sla_rule_id
    order by segments.interval_number
    rows between unbounded preceding and current row
  )
),

exceeded as (
  select
    run_up.*,
    row_number() over (partition by workspace, ticket_number, sla_rule_id order by interval_number) as nth
  from run_up
  where is_backlog and elapsed_minutes > target_minutes
),

-- What decides: the moment at which more time had passed than the priority of then allowed; else how
-- it stood at last while it was not closed: a priority given with the closing allows nothing any more.
deciding as (
  select
    workspace,
    ticket_number,
    sla_rule_id,
    holding_number,
    calendar_id,
    priority,
    true as is_breached,
    target_minutes,
    -- More time can only have been added to what had been used at the least by the end of what decided.
    cast(elapsed_minutes_least as bigint) as elapsed_minutes_least,
    from_reading + greatest(target_minutes - (elapsed_minutes - counted_minutes), 0) as breach_reading,
    to_reading,
    valid_from
  from exceeded
  where nth = 1
  union all
  select
    segments.workspace,
    segments.ticket_number,
    segments.sla_rule_id,
    segments.holding_number,
    segments.calendar_id,
    segments.priority,
    false as is_breached,
    segments.target_minutes,
    summed.elapsed_minutes_least,
    null as breach_reading,
    segments.to_reading,
    segments.valid_from
  from segments
  inner join summed
    on
      segments.workspace = summed.workspace
      and segments.ticket_number = summed.ticket_number
      and segments.sla_rule_id = summed.sla_rule_id
      and segments.interval_number = coalesce(summed.last_backlog_interval_number, summed.last_interval_number)
  left join exceeded
    on
      segments.workspace = exceeded.workspace
      and segments.ticket_number = exceeded.ticket_number
      and segments.sla_rule_id = exceeded.sla_rule_id
      and exceeded.nth = 1
  where exceeded.sla_rule_id is null
),

judged as (
  select
    deciding.workspace,
    deciding.ticket_number,
    deciding.sla_rule_id,
    deciding.calendar_id,
    deciding.holding_number,
    rules.name as sla_rule_name,
    rules.measure,
    rules.clock,
    deciding.priority,
    deciding.target_minutes,
    summed.elapsed_minutes,
    last_segments.is_counting,
    last_segments.mark,
    case
      when rules.measure <> 'resolution' then replies.replied_at
      when last_segments.status_class = 'closed' then tickets.closed_at
    end as ended_at,
    case when rules.measure = 'resolution' then tickets.created_at else replies.asked_at end as started_at,
    deciding.valid_from as deciding_from,
    case
      when deciding.is_breached then 'breached'
      when deciding.target_minutes is null then 'no_target'
      when rules.measure = 'resolution' and last_segments.status_class = 'closed' then 'met'
      when replies.replied_at is not null then 'met'
      when not last_segments.is_backlog or tickets.gone_at is not null then 'ended'
      else 'running'
    end as outcome,
    deciding.breach_reading,
    -- Of a closed ticket: where the clock stopped, whatever changed after that.
    case when rules.measure = 'resolution' then deciding.to_reading else last_segments.to_reading end as end_reading,
    deciding.elapsed_minutes_least,
    summed.elapsed_minutes_most,
    tickets.created_at_basis
  from deciding
  inner join rules
    on deciding.sla_rule_id = rules.sla_rule_id
  inner join summed
    on
      deciding.workspace = summed.workspace
      and deciding.ticket_number = summed.ticket_number
      and deciding.sla_rule_id = summed.sla_rule_id
  inner join segments as last_segments
    on
      summed.workspace = last_segments.workspace
      and summed.ticket_number = last_segments.ticket_number
      and summed.sla_rule_id = last_segments.sla_rule_id
      and summed.last_interval_number = last_segments.interval_number
  inner join tickets
    on
      deciding.workspace = tickets.workspace
      and deciding.ticket_number = tickets.ticket_number
  left join replies
    on
      deciding.workspace = replies.workspace
      and deciding.ticket_number = replies.ticket_number
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

{{ config(materialized=by_ticket(), incremental_strategy='by_ticket', on_schema_change='fail') }}

with {{ tickets_to_make() }}
spells as (
  {{ to_make(ref('int_ticket_spells')) }}
),

details as (
  {{ to_make(ref('int_ticket_details')) }}
),

replies as (
  {{ to_make(ref('int_ticket_replies')) }}
),

rules as (
  select * from {{ ref('sla_rules') }}
),

targets as (
  select * from {{ ref('sla_targets') }}
),

paused_statuses as (
  select * from {{ ref('sla_paused_statuses') }}
),

-- A resolution is waited for all the time, a reply from when it was asked for until it came.
waited_for as (
  select
    spells.*,
    details.partner_id,
    {{ shared_mark(['spells.mark', 'details.mark']) }} as shared_mark,
    rules.sla_rule_id,
    rules.measure,
    rules.clock,
    replies.asked_minute,
    replies.replied_minute,
    replies.asked_business_minute,
    replies.replied_business_minute,
    case
      when rules.clock = 'business' then replies.replied_business_minute_earliest
      else replies.replied_minute_earliest
    end as replied_reading_earliest,
    spells.is_backlog and paused_statuses.status is null as is_counting
  from spells
  cross join rules
  inner join details
    on
      spells.workspace = details.workspace
      and spells.ticket_number = details.ticket_number
  left join replies
    on
      spells.workspace = replies.workspace
      and spells.ticket_number = replies.ticket_number
      and rules.measure = replies.reply
  left join paused_statuses
    on
      rules.sla_rule_id = paused_statuses.sla_rule_id
      and spells.status = paused_statuses.status
  where
    rules.measure = 'resolution'
    or (
      spells.to_minute >= replies.asked_minute
      and (replies.replied_minute is null or spells.from_minute <= replies.replied_minute)
    )
),

clocked as (
  select
    waited_for.*,
    coalesce(partner_targets.target_minutes, general_targets.target_minutes) as target_minutes,
    greatest(waited_for.from_minute, waited_for.asked_minute) as calendar_from,
    least(waited_for.to_minute, waited_for.replied_minute) as calendar_to,
    greatest(waited_for.from_business_minute, waited_for.asked_business_minute) as business_from,
    least(waited_for.to_business_minute, waited_for.replied_business_minute) as business_to
  from waited_for
  left join targets as partner_targets
    on
      waited_for.sla_rule_id = partner_targets.sla_rule_id
      and coalesce(waited_for.priority, '') = coalesce(partner_targets.priority, '')
      and waited_for.partner_id = partner_targets.partner_id
  left join targets as general_targets
    on
      waited_for.sla_rule_id = general_targets.sla_rule_id
      and coalesce(waited_for.priority, '') = coalesce(general_targets.priority, '')
      and general_targets.partner_id is null
),

-- What is carried along the segments is little: to sort it is what this model takes.
measured as (
  select
    workspace,
    ticket_number,
    sla_rule_id,
    interval_number,
    holding_number,
    calendar_id,
    status_class,
    priority,
    is_backlog,
    is_counting,
    valid_from,
    shared_mark,
    replied_reading_earliest,
    target_minutes,
    case when clock = 'business' then business_from else calendar_from end as from_reading,
    greatest(
      case when clock = 'business' then from_business_minute_earliest else from_minute_earliest end,
      case when clock = 'business' then asked_business_minute else asked_minute end
    ) as from_reading_earliest,
    greatest(
      case when clock = 'business' then from_business_minute_latest else from_minute_latest end,
      case when clock = 'business' then asked_business_minute else asked_minute end
    ) as from_reading_latest,
    case when clock = 'business' then business_to else calendar_to end as to_reading,
    case
      when not is_counting then 0
      when clock = 'business' then greatest(business_to - business_from, 0)
      else greatest(calendar_to - calendar_from, 0)
    end as counted_minutes
  from clocked
),

-- A boundary between two segments that both count is none: what the one loses by it the other gains. A
-- reply is waited for until it came, which may have been before the segment began in which it was seen.
bounded as (
  select
    measured.*,
    case
      when not is_counting then 0
      else greatest(
        case
          when lead(is_counting) over segments then to_reading
          else least(
            coalesce(lead(from_reading_earliest) over segments, to_reading),
            coalesce(replied_reading_earliest, to_reading)
          )
        end
        - case when lag(is_counting) over segments then from_reading else from_reading_latest end,
        0
      )
    end as counted_minutes_least,
    case
      when not is_counting then 0
      else greatest(
        case
          when lead(is_counting) over segments then to_reading
          else coalesce(lead(from_reading_latest) over segments, to_reading)
        end
        - case when lag(is_counting) over segments then from_reading else from_reading_earliest end,
        0
      )
    end as counted_minutes_most
  from measured
  window segments as (partition by workspace, ticket_number, sla_rule_id order by interval_number)
),

final as (
  select
    workspace,
    ticket_number,
    sla_rule_id,
    interval_number,
    holding_number,
    calendar_id,

    status_class,
    priority,

    target_minutes,
    from_reading,
    to_reading,
    {%- for bound in ['', '_least', '_most'] %}
    cast(
      sum(counted_minutes{{ bound }}) over (
        partition by workspace, ticket_number, sla_rule_id
        order by interval_number
        rows unbounded preceding
      ) as bigint
    ) as elapsed_minutes{{ bound }},
    {%- endfor %}
    counted_minutes,

    is_backlog,
    is_counting,

    valid_from,

    shared_mark as mark
  from bounded
)

select * from final

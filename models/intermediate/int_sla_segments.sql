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
    details.mark as details_mark,
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
    greatest(from_minute, coalesce(asked_minute, from_minute)) as calendar_from,
    least(to_minute, coalesce(replied_minute, to_minute)) as calendar_to,
    greatest(from_business_minute, coalesce(asked_business_minute, from_business_minute)) as business_from,
    least(to_business_minute, coalesce(replied_business_minute, to_business_minute)) as business_to
  from waited_for
),

measured as (
  select
    clocked.*,
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
    bounded.workspace,
    bounded.ticket_number,
    bounded.sla_rule_id,
    bounded.interval_number,
    bounded.holding_number,
    bounded.calendar_id,

    bounded.measure,
    bounded.clock,
    bounded.status_class,
    bounded.priority,

    coalesce(partner_targets.target_minutes, general_targets.target_minutes) as target_minutes,
    bounded.from_reading,
    bounded.to_reading,
    {%- for bound in ['', '_least', '_most'] %}
    cast(
      sum(bounded.counted_minutes{{ bound }}) over (
        partition by bounded.workspace, bounded.ticket_number, bounded.sla_rule_id
        order by bounded.interval_number
        rows unbounded preceding
      ) as bigint
    ) as elapsed_minutes{{ bound }},
    {%- endfor %}
    bounded.counted_minutes,

    bounded.is_backlog,
    bounded.is_counting,

    bounded.valid_from,

    {{ shared_mark(['bounded.mark', 'bounded.details_mark']) }} as mark
  from bounded
  left join targets as partner_targets
    on
      bounded.sla_rule_id = partner_targets.sla_rule_id
      and coalesce(bounded.priority, '') = coalesce(partner_targets.priority, '')
      and bounded.partner_id = partner_targets.partner_id
  left join targets as general_targets
    on
      bounded.sla_rule_id = general_targets.sla_rule_id
      and coalesce(bounded.priority, '') = coalesce(general_targets.priority, '')
      and general_targets.partner_id is null
)

select * from final

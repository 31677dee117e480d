{{ config(materialized=in_part(), incremental_strategy='by_ticket', on_schema_change='fail') }}

{#- What a clock shows at the beginning of a segment, at its end, and at the bounds of both. -#}
{%- set readings = {
  'from': 'greatest(waited_for.from_@, waited_for.asked_@)',
  'from_earliest': 'greatest(waited_for.from_@_earliest, waited_for.asked_@)',
  'from_latest': 'greatest(waited_for.from_@_latest, waited_for.asked_@)',
  'to': 'least(waited_for.to_@, waited_for.replied_@)',
  'to_earliest': 'greatest(waited_for.to_@_earliest, waited_for.asked_@)',
  'to_latest': 'greatest(waited_for.to_@_latest, waited_for.asked_@)',
} %}

with spells as (
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
    rules.clock,
    replies.asked_minute,
    replies.replied_minute,
    replies.asked_business_minute,
    replies.replied_business_minute,
    case
      when rules.clock = 'business' then replies.replied_business_minute_earliest
      else replies.replied_minute_earliest
    end as replied_reading_earliest,
    spells.is_backlog and paused_statuses.status is null as is_counting,
    spells.interval_number > 1 and (rules.measure = 'resolution' or spells.from_minute >= replies.asked_minute)
      as was_waited_for,
    not spells.is_current
    and (rules.measure = 'resolution' or replies.replied_minute is null or spells.to_minute <= replies.replied_minute)
      as is_waited_for_on
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
    waited_for.was_waited_for and waited_for.previous_is_backlog and paused_before.status is null as was_counting,
    waited_for.is_waited_for_on and waited_for.next_is_backlog and paused_after.status is null as counts_on,
    {%- for reading, shown in readings.items() %}
    case
      when waited_for.clock = 'business' then {{ shown | replace('@', 'business_minute') }}
      else {{ shown | replace('@', 'minute') }}
    end as {{ reading }}_reading,
    {%- endfor %}
    coalesce(partner_targets.target_minutes, general_targets.target_minutes) as target_minutes
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
  left join paused_statuses as paused_before
    on
      waited_for.sla_rule_id = paused_before.sla_rule_id
      and waited_for.previous_status = paused_before.status
  left join paused_statuses as paused_after
    on
      waited_for.sla_rule_id = paused_after.sla_rule_id
      and waited_for.next_status = paused_after.status
),

-- A boundary between two segments that both count is none: what the one loses by it the other gains. A
-- reply is waited for until it came, which may have been before the segment began in which it was seen.
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
    case when is_counting then greatest(to_reading - from_reading, 0) else 0 end as counted_minutes,
    case
      when not is_counting then 0
      else greatest(
        case
          when counts_on then to_reading
          else least(
            case when is_waited_for_on then to_earliest_reading else to_reading end,
            coalesce(replied_reading_earliest, to_reading)
          )
        end
        - case when was_counting then from_reading else from_latest_reading end,
        0
      )
    end as counted_minutes_least,
    case
      when not is_counting then 0
      else greatest(
        case
          when is_waited_for_on and not counts_on then to_latest_reading
          else to_reading
        end
        - case when was_counting then from_reading else from_earliest_reading end,
        0
      )
    end as counted_minutes_most,

    is_backlog,
    is_counting,

    valid_from,

    shared_mark as mark
  from clocked
)

select * from final

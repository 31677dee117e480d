{{ config(materialized=mart_by_ticket(), incremental_strategy='by_ticket', on_schema_change='fail') }}

with {{ tickets_to_make() }}
outcomes as (
  {{ to_make(ref('int_sla_outcomes')) }}
),

valuation as (
  select * from {{ ref('int_valuation') }}
),

final as (
  select
    outcomes.workspace,
    outcomes.ticket_number,
    outcomes.sla_rule_id,
    outcomes.ticket_key,
    outcomes.partner_id,
    outcomes.holder_id,
    outcomes.calendar_id,

    outcomes.sla_rule_name,
    outcomes.outcome,
    outcomes.priority,
    outcomes.clock,
    outcomes.partner_kind,
    outcomes.partner_name,
    outcomes.holder_kind,
    outcomes.holder_name,

    outcomes.target_minutes,
    outcomes.elapsed_minutes,
    outcomes.minutes_left,

    outcomes.is_paused,
    outcomes.is_certain,

    outcomes.started_at,
    outcomes.due_at,
    outcomes.ended_at,
    valuation.as_of,

    '{{ var('metrics_version') }}' as metrics_version,
    outcomes.mark
  from outcomes
  cross join valuation
)

select * from final

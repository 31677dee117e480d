{{ config(materialized=in_part(), incremental_strategy='by_ticket', on_schema_change='fail') }}

with events as (
  {{ to_make(ref('int_ticket_events'), "event = 'closed'") }}
),

closings as (
  select
    events.*,
    row_number() over (partition by workspace, ticket_number order by interval_number) as closing_number,
    count(*) over (partition by workspace, ticket_number) as closing_count
  from events
),

details as (
  {{ to_make(ref('int_ticket_details')) }}
),

holdings as (
  {{ to_make(ref('int_ticket_holdings')) }}
),

spells as {{ each_reads() }}(
  {{ to_make(ref('int_ticket_spells')) }}
),

final as (
  select
    closings.workspace,
    closings.ticket_number,
    cast(closings.closing_number as integer) as closing_number,
    details.ticket_key,
    details.team_id,
    closings.partner_id,
    holdings.holder_id,
    details.calendar_id,

    closings.partner_kind,
    closings.partner_name,
    holdings.holder_kind,
    holdings.holder_name,
    closings.priority,
    closings.basis as closed_at_basis,

    closings.priority_rank,
    closings.minutes_since_creation as resolution_minutes,
    {{ minutes_between('details.created_at', 'closings.happened_at_earliest') }} as resolution_minutes_least,
    -- Where the ticket does not say when it was created, it may have been long before its first look.
    case
      when details.created_at_basis <> 'first_look'
        then {{ minutes_between('details.created_at', 'closings.happened_at_latest') }}
    end as resolution_minutes_most,
    case
      when closings.minutes_since_creation is not null
        then closed.from_business_minute - created.from_business_minute
    end as resolution_business_minutes,

    closings.closing_number = 1 as is_first,
    closings.closing_number = closings.closing_count as is_last,

    {{ week_start('closings.happened_at') }} as week_start,
    closings.happened_at as closed_at,
    closings.happened_at_earliest as closed_at_earliest,
    closings.happened_at_latest as closed_at_latest,

    '{{ var('metrics_version') }}' as metrics_version,
    {{ shared_mark(['closings.mark', 'details.mark', 'holdings.mark', 'closed.mark', 'created.mark']) }} as mark
  from closings
  inner join details
    on
      closings.workspace = details.workspace
      and closings.ticket_number = details.ticket_number
  inner join holdings
    on
      closings.workspace = holdings.workspace
      and closings.ticket_number = holdings.ticket_number
      and closings.holding_number = holdings.holding_number
  inner join spells as closed
    on
      closings.workspace = closed.workspace
      and closings.ticket_number = closed.ticket_number
      and closings.interval_number = closed.interval_number
  inner join spells as created
    on
      closings.workspace = created.workspace
      and closings.ticket_number = created.ticket_number
      and created.interval_number = 1
)

select * from final

{{ config(materialized=in_part(), incremental_strategy='by_ticket', on_schema_change='fail') }}

with looks as (
  {{ to_make(ref('int_ticket_looks'), 'is_new_version or is_newest') }}
),

versions as (
  {{ to_make(ref('int_ticket_versions')) }}
),

told as (
  select
    looks.workspace,
    looks.ticket_number,
    min(looks.seen_at) as first_seen_at,
    max(case when looks.is_newest then versions.created_at end) as newest_created_at,
    min(versions.created_at) as earliest_created_at,
    max(looks.mark) as mark
  from looks
  inner join versions
    on looks.version_id = versions.fetch_id
  group by
    looks.workspace,
    looks.ticket_number
),

final as (
  select
    workspace,
    ticket_number,
    case
      when coalesce(newest_created_at, earliest_created_at) <= first_seen_at then 'source'
      else 'first_look'
    end as created_at_basis,
    -- A ticket that was seen was there: a creation later than that, or none, is the first look.
    least(coalesce(newest_created_at, earliest_created_at, first_seen_at), first_seen_at) as created_at,
    first_seen_at,

    mark
  from told
)

select * from final

with given as (
  select * from {{ ref('stg_identities__entity_external_ids') }}
),

decisions as (
  select * from {{ ref('int_identity_decisions') }}
),

-- What a person decided wins over what was given, also when they decided that it is nobody. What else
-- is known of the id stays known.
decided as (
  select
    decisions.entity_type,
    decisions.entity_id,
    decisions.source,
    decisions.external_id,
    given.metadata,
    'decision' as origin,
    decisions.is_conflicting,
    decisions.mapping_id,
    decisions.reason,
    decisions.decided_by as created_by,
    decisions.first_decided_at as created_at,
    decisions.decided_at as updated_at
  from decisions
  left join given
    on
      decisions.source = given.source
      and decisions.external_id = given.external_id
),

final as (
  select * from decided
  union all
  select
    given.entity_type,
    given.entity_id,
    given.source,
    given.external_id,
    given.metadata,
    'given' as origin,
    false as is_conflicting,
    cast(null as {{ dbt.type_string() }}) as mapping_id,
    cast(null as {{ dbt.type_string() }}) as reason,
    given.created_by,
    given.created_at,
    given.updated_at
  from given
  left join decided
    on
      given.source = decided.source
      and given.external_id = decided.external_id
  where decided.external_id is null
)

select * from final

-- A second account is given with the metadata {"further_account": true}; an operator has been asked.
with given as (
  select
    entity_id,
    external_id,
    {{ readable_json('metadata') }} as metadata
  from {{ ref('int_entity_external_ids') }}
  where source = 'slack_user' and entity_type = 'staff' and entity_id is not null and origin = 'given'
),

first_accounts as (
  select *
  from given
  where coalesce({{ json_text('metadata', 'further_account') }}, 'false') <> 'true'
)

select
  entity_id,
  count(*) as slack_users,
  'The staff member ' || entity_id || ' has ' || cast(count(*) as {{ dbt.type_string() }}) || ' Slack users: '
  || {{ distinct_list('external_id') }}
  || '. Correct entity_external_ids, or mark the further ones: {"further_account": true} in their metadata.' as finding
from first_accounts
group by entity_id
having count(*) > 1

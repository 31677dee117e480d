select
  source,
  external_id,
  'The ' || source || ' ' || external_id || ' is mapped to a ' || entity_type || '; it can only be '
  || case source when 'slack_channel' then 'a partner''s.' else 'staff.' end as finding
from {{ ref('int_entity_external_ids') }}
where
  entity_id is not null
  and (
    (source = 'slack_channel' and entity_type <> 'partner')
    or (source = 'google_workspace_user' and entity_type <> 'staff')
    or entity_type not in ('staff', 'partner')
  )

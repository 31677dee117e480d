{{ config(severity='warn') }}

select
  source,
  external_id,
  'Decisions on the ' || source || ' ' || external_id || ' disagree, so it is nobody''s.'
  || ' See and settle it: suptask identities history ' || external_id as finding
from {{ ref('int_identity_decisions') }}
where is_conflicting

{{ config(severity='warn') }}

select
  slack_user_id,
  user_type,
  'The Slack user ' || slack_user_id || ' is a ' || user_type
  || ', which seeds/reference/slack_user_types.csv does not have; it is taken for a member.' as finding
from {{ ref('int_slack_identities') }}
where user_type not in ('member', 'guest', 'connect', 'bot', 'deactivated')

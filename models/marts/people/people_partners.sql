with partners as (
  select * from {{ ref('stg_identities__partners') }}
),

channels as (
  select
    entity_id as partner_id,
    count(*) as channels
  from {{ ref('int_entity_external_ids') }}
  where source = 'slack_channel' and entity_type = 'partner'
  group by entity_id
),

final as (
  select
    partners.partner_id,
    partners.name,
    cast(coalesce(channels.channels, 0) as bigint) as channels
  from partners
  left join channels
    on partners.partner_id = channels.partner_id
)

select * from final

{#- Of the Slack-sourced tickets, at least this share has a staff member in the role. Fewer than
    `minimum_tickets` resolved and unresolved ones say nothing, and pass. -#}
{% test resolution_share_at_least(model, role, minimum_share, minimum_tickets) %}

with totals as (
  select
    coalesce(sum(resolved), 0) as resolved,
    coalesce(sum(resolved + unresolved), 0) as counted
  from {{ model }}
  where role = '{{ role }}' and source = 'slack'
),

finding as (
  select
    cast(round(cast(100.0 * resolved / counted as decimal(18, 6)), 1) as decimal(5, 1)) as percent_resolved,
    counted
  from totals
  where
    counted >= {{ minimum_tickets }}
    and resolved < {{ minimum_share }} * counted
)

select
  percent_resolved,
  counted,
  'Only ' || cast(percent_resolved as {{ dbt.type_string() }}) || '% of ' || cast(counted as {{ dbt.type_string() }})
  || ' Slack-sourced tickets have a {{ role }} known as staff; at least {{ (minimum_share * 100) | round(1) }}% are asked for.'
  || ' The ids to map are in unresolved_identities.' as finding
from finding

{% endtest %}

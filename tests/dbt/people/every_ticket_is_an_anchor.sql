select tickets.ticket_key
from {{ ref('suptask_tickets') }} as tickets
left join {{ ref('people_entity_external_ids') }} as anchors
  on
    anchors.source = 'suptask_ticket'
    and tickets.ticket_key = anchors.external_id
where anchors.external_id is null

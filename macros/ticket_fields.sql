{#- The fields of a ticket that the models read, camelCase first, then their snake_case twins.
    int_ticket_versions reads them all at once. -#}
{% macro ticket_fields() -%}
  {%- set names = [
    'id', 'teamTicketId', 'teamId',
    'status', 'priority', 'archived', 'source',
    'assignee', 'requesterId', 'requester.email', 'messageRequesterChannel',
    'messageRequesterCount', 'messageResponderCount',
    'messageLastRequesterTime', 'messageLastRespondTime',
    'requesterTicketPermalink', 'responderTicketPermalink',
    'formId', 'queueId', 'isSlackConnect', 'isCollaborationTicket',
    'createdAt', 'updatedAt',
  ] -%}
  {%- set twins = [] -%}
  {%- for name in names if snake_case(name) != name -%}
    {%- do twins.append(snake_case(name)) -%}
  {%- endfor -%}
  {{ return(names + twins) }}
{%- endmacro %}

{% macro snake_case(name) -%}
  {{ return(modules.re.sub('([A-Z])', '_\\1', name) | lower) }}
{%- endmacro %}

{#- The lists of a ticket that the models read, camelCase first. Of what people wrote, an address is all that is
    wanted: what has no @ is left where it lies. -#}
{% macro ticket_lists() -%}
  {{ return([
    {'name': 'formValues', 'key': 'value', 'with': '@'}, {'name': 'customFields', 'key': 'value', 'with': '@'},
    {'name': 'tags', 'key': none, 'with': none},
    {'name': 'form_values', 'key': 'value', 'with': '@'}, {'name': 'custom_fields', 'key': 'value', 'with': '@'},
  ]) }}
{%- endmacro %}

{#- One field, under either spelling; blank is null. -#}
{% macro ticket_field(name) -%}
  {%- set fields = ticket_fields() -%}
  {%- set told = [] -%}
  {%- for spelling in [name, snake_case(name)] | unique -%}
    {%- do told.append("nullif(" ~ trimmed(document_text(spelling, fields)) ~ ", '')") -%}
  {%- endfor -%}
  {{ told[0] if told | length == 1 else 'coalesce(' ~ told | join(', ') ~ ')' }}
{%- endmacro %}

{#- One list, under either spelling: a line each. -#}
{% macro ticket_list(name) -%}
  {%- set lists = ticket_lists() -%}
  {%- set spelled = lists | selectattr('name', 'in', [name, snake_case(name)]) | list -%}
  {%- if spelled | length == 1 -%}
    {{ document_lines(spelled[0], lists) }}
  {%- else -%}
    coalesce({{ document_lines(spelled[0], lists) }}, {{ document_lines(spelled[1], lists) }})
  {%- endif -%}
{%- endmacro %}

{#- A count written as text; anything else than up to nine digits is null. -#}
{% macro whole_number(text) -%}
  case when {{ matches(text, '^[0-9]{1,9}$') }} then cast({{ text }} as integer) end
{%- endmacro %}

{#- The fields of a ticket that the models read, camelCase first, then their snake_case twins.
    int_ticket_versions reads them in one call and then names them by their place in this list. -#}
{% macro ticket_fields() -%}
  {%- set names = [
    'id', 'teamTicketId', 'teamId', 'teamName', 'teamDomain',
    'status', 'priority', 'archived', 'source',
    'assignee', 'requesterId', 'requester.email', 'createdBy', 'updatedBy',
    'messageRequesterId', 'messageResponderId', 'messageRequesterChannel',
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

{#- One field, under either spelling; blank is null. -#}
{% macro ticket_field(name) -%}
  {%- set fields = ticket_fields() -%}
  {%- set camel = 'texts[' ~ (fields.index(name) + 1) ~ ']' -%}
  {%- if snake_case(name) == name -%}
    nullif(trim({{ camel }}), '')
  {%- else -%}
    coalesce(nullif(trim({{ camel }}), ''), nullif(trim(texts[{{ fields.index(snake_case(name)) + 1 }}]), ''))
  {%- endif -%}
{%- endmacro %}

{#- The newest folder that a model has rows of, as text; everything, where it has none. -#}
{% macro newest_landed_on(relation) -%}
  {%- if execute -%}
    {%- set newest = run_query('select max(landed_on) from ' ~ relation).columns[0].values()[0] -%}
  {%- endif -%}
  {{ return(newest or '2000-01-01') }}
{%- endmacro %}

{#- A count written as text; anything else than up to nine digits is null. -#}
{% macro whole_number(text) -%}
  case when {{ matches(text, '^[0-9]{1,9}$') }} then cast({{ text }} as integer) end
{%- endmacro %}

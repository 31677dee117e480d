/** A time as the API writes it: epoch seconds, epoch milliseconds or ISO 8601. */
export type WireTime = number | string;

/** An answer to a form's question, or a custom field. */
export interface FieldValue {
  fieldName?: string;
  fieldId?: string;
  value?: unknown;
}

/**
 * A ticket as `GET /ticket/{number}` sends it. Only the number is certain; unknown fields appear
 * and are kept. The extractor stores the body as it came and reads from it only what it plans with.
 */
export interface Ticket {
  ticketNumber: string | number;
  id?: string;
  teamTicketId?: string;
  teamId?: string;
  teamName?: string;
  teamDomain?: string;
  status?: string;
  priority?: string | null;
  archived?: boolean;
  assignee?: string | null;
  requesterId?: string | null;
  requester?: { email?: string | null };
  createdBy?: string;
  updatedBy?: string;
  messageRequesterId?: string | null;
  messageResponderId?: string | null;
  createdAt?: WireTime;
  updatedAt?: WireTime;
  messageRequesterCount?: number;
  messageResponderCount?: number;
  messageLastRequesterTime?: WireTime | null;
  messageLastRespondTime?: WireTime | null;
  messageRequesterChannel?: string | null;
  requesterTicketPermalink?: string;
  responderTicketPermalink?: string;
  formId?: string;
  queueId?: string;
  tags?: string[];
  attachments?: unknown[];
  followers?: string[];
  isSlackConnect?: boolean;
  isCollaborationTicket?: boolean;
  source?: string;
  formValues?: FieldValue[];
  customFields?: FieldValue[];
  [unknown: string]: unknown;
}

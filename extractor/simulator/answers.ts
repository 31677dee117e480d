import type { Ticket } from '../suptask/ticket.ts';
import { strikes, type Faults } from './faults.ts';
import type { World } from './world.ts';

/** What goes back to the client, and how badly. */
export interface Answer {
  status: number;
  body: string;
  /** Real milliseconds to hold it back. */
  delayMs: number;
  /** How the connection ends before its time. */
  breaks: 'before_answer' | 'in_body' | null;
}

/** What an answer to a read depends on. `attempt` counts the reads of this number from 1. */
export interface ReadContext {
  world: World;
  faults: Faults;
  at: number;
  token: string;
  number: number;
  attempt: number;
}

/** Makes the answers to reads; remembers the text of each ticket's latest version. */
export function createAnswerer(): (context: ReadContext) => Answer {
  const texts = new WeakMap<Ticket, string>();
  const textOf = (ticket: Ticket) => {
    const known = texts.get(ticket);
    if (known !== undefined) return known;
    const text = JSON.stringify(ticket);
    texts.set(ticket, text);
    return text;
  };

  return (context) => {
    const { faults, number, attempt } = context;
    const struck = (name: Parameters<typeof strikes>[1]) => strikes(faults, name, number, attempt);
    const answer = (status: number, body: string): Answer => ({
      status,
      body,
      delayMs: struck('slow') ? (faults.slow?.delayMs ?? 0) : 0,
      breaks: struck('closedConnection') ? 'before_answer' : struck('cutBody') ? 'in_body' : null,
    });

    if (struck('echoedToken')) {
      return answer(500, errorBody(`Upstream refused "Authorization: Api-Token ${context.token}"`));
    }
    if (struck('serverError')) return answer(500, errorBody('Internal server error'));
    const ticket = struck('gone') ? undefined : context.world.ticket(number, context.at);
    if (ticket === undefined) return answer(404, errorBody('Ticket not found'));
    if (struck('forbidden')) return answer(403, errorBody('The ticket belongs to another team'));
    if (struck('brokenForEver')) return answer(500, errorBody('Failed to fetch ticket form fields'));
    if (struck('brokenJson')) return answer(200, textOf(ticket).slice(0, -20));
    if (struck('otherNumber')) return answer(200, textOf(renumbered(ticket, number + 1)));
    if (struck('missingNumber')) return answer(200, textOf(renumbered(ticket, undefined)));
    if (struck('oversizeBody')) {
      const padding = 'x'.repeat(faults.oversizeBody?.bytes ?? 64 * 1024 * 1024);
      return answer(200, JSON.stringify({ ...ticket, padding }));
    }
    return answer(200, textOf(ticket));
  };
}

/** The body of an answer that is not a ticket. */
export function errorBody(message: string): string {
  return JSON.stringify({ message });
}

function renumbered(ticket: Ticket, number: number | undefined): Ticket {
  const changed: Record<string, unknown> = { ...ticket };
  for (const name of ['ticketNumber', 'ticket_number', 'teamTicketId']) delete changed[name];
  if (number !== undefined) changed['ticketNumber'] = number;
  return changed as Ticket;
}

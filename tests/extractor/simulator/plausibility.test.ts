import { describe, expect, it } from 'vitest';
import { createCast } from '../../../extractor/simulator/cast.ts';
import type { TicketTruth } from '../../../extractor/simulator/truth.ts';
import { createWorld } from '../../../extractor/simulator/world.ts';
import { STARTS_AT } from './small-world.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const world = createWorld({ seed: 1, tickets: 2_000, days: 120, startsAt: STARTS_AT });
const { tickets } = world.truth(world.horizon);
const share = (matches: (ticket: TicketTruth) => boolean) => tickets.filter(matches).length / tickets.length;
const changes = (ticket: TicketTruth, field: string) => ticket.events.filter((event) => event.field === field);

/** Each bound is wide: these tests catch a world that has lost its shape, not one that drew other numbers. */
describe('the demo’s world', () => {
  it('starts with some tickets and brings about as many each week', () => {
    expect(world.newestNumber(STARTS_AT)).toBe(60);
    const perWeek = Array.from({ length: 17 }, (_, week) => {
      const from = STARTS_AT + week * 7 * DAY_MS;
      return tickets.filter(({ createdAt }) => createdAt >= from && createdAt < from + 7 * DAY_MS).length;
    });
    expect(Math.min(...perWeek)).toBeGreaterThan(75);
    expect(Math.max(...perWeek)).toBeLessThan(160);
  });

  it('is busy in office hours and thin at weekends', () => {
    const office = (at: number) => new Date(at + 2 * HOUR_MS);
    expect(share(({ createdAt }) => [0, 6].includes(office(createdAt).getUTCDay()))).toBeLessThan(0.08);
    expect(share(({ createdAt }) => office(createdAt).getUTCHours() >= 8 && office(createdAt).getUTCHours() < 18)).toBeGreaterThan(0.7);
  });

  it('keeps 40 to 130 tickets open', () => {
    for (let day = 15; day <= 120; day += 15) {
      const open = world.truth(STARTS_AT + day * DAY_MS).tickets.filter(({ statusClass }) => statusClass !== 'closed');
      expect(open.length).toBeGreaterThan(40);
      expect(open.length).toBeLessThan(130);
    }
  });

  it('closes the middle ticket within a day or two, with a long tail', () => {
    const hours = tickets
      .flatMap(({ firstClosedAt, createdAt }) => (firstClosedAt === null ? [] : [(firstClosedAt - createdAt) / HOUR_MS]))
      .toSorted((a, b) => a - b);
    const quantile = (fraction: number) => hours[Math.floor(hours.length * fraction)] ?? 0;
    expect(quantile(0.5)).toBeGreaterThan(20);
    expect(quantile(0.5)).toBeLessThan(60);
    expect(quantile(0.95)).toBeGreaterThan(7 * 24);
  });

  it('reassigns, reopens and archives now and then, and leaves a few unassigned', () => {
    expect(share((ticket) => changes(ticket, 'assignee').length > 1)).toBeGreaterThan(0.1);
    expect(share((ticket) => changes(ticket, 'assignee').length > 1)).toBeLessThan(0.2);
    expect(share(({ reopenCount }) => reopenCount > 0)).toBeGreaterThan(0.04);
    expect(share(({ reopenCount }) => reopenCount > 0)).toBeLessThan(0.09);
    expect(share(({ archived }) => archived)).toBeGreaterThan(0.3);
    expect(share(({ holder }) => holder === null)).toBeGreaterThan(0.01);
    expect(share(({ holder }) => holder === null)).toBeLessThan(0.05);
  });

  it('has requesters of every kind, tickets of every source and statuses of every class', () => {
    expect(new Set(tickets.map(({ requester }) => requester.kind))).toEqual(
      new Set(['member', 'guest', 'connect', 'bot', 'blank', 'email_only']),
    );
    expect(new Set(tickets.map(({ source }) => source))).toEqual(new Set(['slack', 'email', null]));
    const statuses = new Set(tickets.flatMap((ticket) => changes(ticket, 'status').map(({ to }) => to)));
    for (const status of ['In-progress', 'Escalated', 'Waiting for customer', 'On-hold', 'Vendor asked', 'In review', 'Closed']) {
      expect(statuses).toContain(status);
    }
    const created = new Set(tickets.map((ticket) => changes(ticket, 'status')[0]?.from));
    expect(created).toContain('OPEN');
    expect(created).toContain('Open');
  });

  it('leaves 85 to 92 % of the Slack requesters who may be staff to be resolved by the given tables', () => {
    const cast = createCast();
    const staffOf = (email: string) => cast.staff.filter((member) => member.email === email.toLowerCase());
    const asked = tickets.filter(({ source, requester }) => source === 'slack' || (source === null && requester.slackUserId !== null));
    const mayBeStaff = asked.filter(({ requester }) => requester.kind === 'member' || requester.kind === 'blank');
    const resolved = mayBeStaff.filter(({ requester }) => {
      const member = cast.staffBySlackId.get(requester.slackUserId ?? '');
      if (member?.identity === 'mapped' || member?.identity === 'former') return true;
      return requester.email !== null && staffOf(requester.email).length === 1;
    });
    const rate = resolved.length / mayBeStaff.length;
    expect(rate).toBeGreaterThan(0.85);
    expect(rate).toBeLessThan(0.92);
  });

  it('writes tickets of 1.2 to 3 KB on average, in the source’s several spellings', () => {
    const texts = tickets.map(({ number }) => JSON.stringify(world.ticket(number, world.horizon)));
    const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0) / texts.length;
    expect(bytes).toBeGreaterThan(1_200);
    expect(bytes).toBeLessThan(3_000);
    const forms = [
      /"createdAt":\d{10},/, /"createdAt":\d{13},/, /"createdAt":"[^"]+\+02:00"/, /"createdAt":"[^"]+Z"/,
      /"ticketNumber":"\d+"/, /"ticketNumber":\d+/, /"ticket_number":/, /"updated_at":/, /"aiSummary":null/,
      /[α-ω]/, /[\u0600-\u06FF]/, /[\u4E00-\u9FFF]/, /\p{Emoji_Presentation}/u, /é/,
    ];
    for (const form of forms) expect(texts.some((text) => form.test(text)), String(form)).toBe(true);
    expect(texts.some((text) => !/updatedAt|updated_at/.test(text))).toBe(true);
  });
});

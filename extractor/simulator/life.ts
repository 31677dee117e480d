import { DAY_MS, HOUR_MS, MINUTE_MS, wholeSecond, workingTime } from './business-hours.ts';
import type { Queue } from './cast.ts';
import type { PlannedChange } from './history.ts';
import type { Random } from './random.ts';

/** What a ticket is when its life begins. */
export interface Birth {
  createdAt: number;
  /** `OPEN` or `Open`: the workspace's old and new forms spell it differently. */
  openStatus: string;
  priority: string | null;
  queue: Queue;
  requesterId: string;
  tags: readonly string[];
}

const NEVER_ASSIGNED_SHARE = 0.025;
const NEVER_CLOSED_SHARE = 0.012;
const REASSIGNED_SHARE = 0.15;
const REOPENED_SHARE = 0.065;
const ARCHIVED_SHARE = 0.55;

/** Where an active ticket goes next, by where it is; the weights are shares of a hundred. */
const NEXT_STATUS: Record<string, readonly (readonly [string, number])[]> = {
  'In-progress': [['Waiting for customer', 46], ['Escalated', 14], ['On-hold', 14], ['Vendor asked', 11], ['In review', 15]],
  'Waiting for customer': [['In-progress', 82], ['On-hold', 10], ['In review', 8]],
  Escalated: [['In-progress', 60], ['Vendor asked', 25], ['In review', 15]],
  'On-hold': [['In-progress', 75], ['Waiting for customer', 25]],
  'Vendor asked': [['In-progress', 70], ['Waiting for customer', 15], ['On-hold', 15]],
  'In review': [['In-progress', 55], ['Waiting for customer', 45]],
};

/** Everything that will happen to a ticket, in no particular order and without an end of the world. */
export function planLife(birth: Birth, queues: readonly Queue[], random: Random): PlannedChange[] {
  const life = new Life(birth, queues, random);
  if (random.chance(NEVER_ASSIGNED_SHARE)) life.staysUnassigned();
  else {
    life.isTakenUp();
    life.isWorkedOn(random.chance(NEVER_CLOSED_SHARE) ? 400 * DAY_MS : random.logNormal(18 * HOUR_MS, 1.6));
    while (random.chance(REOPENED_SHARE)) life.isReopened();
  }
  life.mayBeArchived();
  return life.changes;
}

/** One ticket's life while it is being planned: where it stands and what has been written down. */
class Life {
  readonly changes: PlannedChange[] = [];
  readonly #birth: Birth;
  readonly #queues: readonly Queue[];
  readonly #random: Random;
  #at: number;
  #status: string;
  #queue: Queue;
  #holder: string | null = null;
  #requesterMessages = 1;
  #responderMessages = 0;

  constructor(birth: Birth, queues: readonly Queue[], random: Random) {
    this.#birth = birth;
    this.#queues = queues;
    this.#random = random;
    this.#at = birth.createdAt;
    this.#status = birth.openStatus;
    this.#queue = birth.queue;
  }

  staysUnassigned(): void {
    if (this.#random.chance(0.4)) return;
    this.#at = workingTime(this.#at + this.#random.logNormal(2 * DAY_MS, 0.8), this.#random);
    this.#change('status', 'Closed', this.#someAgent());
  }

  isTakenUp(): void {
    this.#at = workingTime(this.#at + this.#random.logNormal(70 * MINUTE_MS, 1.2), this.#random);
    this.#assign(this.#someAgent());
    if (this.#random.chance(0.3)) this.#at = wholeSecond(this.#at + this.#random.exponential(90 * MINUTE_MS));
    this.#change('status', 'In-progress');
    this.#reply(this.#at + this.#random.logNormal(12 * MINUTE_MS, 1));
    if (this.#random.chance(0.08)) this.#change('tags', [...this.#birth.tags, 'triaged']);
  }

  /** About `duration` of work and waiting, and the closing at its end. */
  isWorkedOn(duration: number): void {
    const from = this.#at;
    const steps = this.#random.weighted([[0, 30], [1, 18], [2, 24], [3, 10], [4, 10], [6, 8]]);
    for (let step = 0; step < steps; step++) {
      this.#at = workingTime(this.#at + (duration / (steps + 1)) * (0.4 + this.#random.next()), this.#random);
      this.#change('status', this.#random.weighted(NEXT_STATUS[this.#status] ?? [['In-progress', 1]]));
      this.#reply(this.#at + this.#random.exponential(5 * MINUTE_MS));
      if (this.#random.chance(0.6)) this.#requesterWrites(this.#at + this.#random.logNormal(2 * HOUR_MS, 1));
    }
    const to = workingTime(Math.max(from + duration, this.#at + 5 * MINUTE_MS), this.#random);
    this.#changeHands(from, to);
    this.#at = to;
    if (this.#random.chance(0.8)) this.#reply(to - MINUTE_MS);
    this.#change('status', 'Closed');
    if (this.#random.chance(0.15)) this.#requesterWrites(to + this.#random.exponential(9 * HOUR_MS));
  }

  isReopened(): void {
    this.#at = wholeSecond(this.#at + this.#random.logNormal(30 * HOUR_MS, 1.1));
    this.#requesterWrites(this.#at);
    this.#change('status', this.#random.chance(0.7) ? this.#birth.openStatus : 'In-progress', this.#birth.requesterId);
    this.isWorkedOn(this.#random.logNormal(16 * HOUR_MS, 1.2));
  }

  mayBeArchived(): void {
    if (this.#status !== 'Closed' || !this.#random.chance(ARCHIVED_SHARE)) return;
    const archivedAt = wholeSecond(this.#at + (3 + this.#random.exponential(9)) * DAY_MS);
    this.changes.push({ at: archivedAt, field: 'archived', to: true, by: null });
  }

  #changeHands(from: number, to: number): void {
    const between = () => wholeSecond(from + this.#random.next() * Math.max(0, to - from - 1000));
    if (this.#random.chance(REASSIGNED_SHARE)) {
      const times = this.#random.chance(0.2) ? [between(), between()].toSorted((a, b) => a - b) : [between()];
      for (const at of times) {
        if (this.#random.chance(0.25)) {
          this.#queue = this.#random.pick(this.#queues);
          this.#note(at, 'queueId', this.#queue.queueId, this.#holder);
        }
        this.#assign(this.#someAgent(), at);
      }
    }
    if (this.#random.chance(0.08)) {
      const priority = this.#random.pick(['Low', 'Medium', 'High', 'Critical']);
      this.#note(between(), 'priority', priority, this.#holder);
    }
  }

  #assign(agentSlackId: string, at = this.#at): void {
    this.#note(at, 'assignee', agentSlackId, agentSlackId);
    this.#holder = agentSlackId;
  }

  #someAgent(): string {
    const others = this.#queue.agents.filter((agent) => agent.slackUserIds[0] !== this.#holder);
    return this.#random.pick(others).slackUserIds[0];
  }

  #reply(at: number): void {
    this.#responderMessages += 1;
    this.#note(wholeSecond(at), 'messageResponderCount', this.#responderMessages, this.#holder);
  }

  #requesterWrites(at: number): void {
    this.#requesterMessages += 1;
    this.#note(wholeSecond(at), 'messageRequesterCount', this.#requesterMessages, this.#birth.requesterId);
  }

  #change(field: string, to: unknown, by: string | null = this.#holder): void {
    if (field === 'status') this.#status = String(to);
    this.#note(this.#at, field, to, by);
  }

  #note(at: number, field: string, to: unknown, by: string | null): void {
    this.changes.push({ at, field, to, by: by === '' ? null : by });
  }
}

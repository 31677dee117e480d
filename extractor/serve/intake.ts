import { GroupCommit } from '../landing/group-commit.ts';
import type { Append, Landing, LandingJournal } from '../landing/landing.ts';
import type { StreamName } from '../landing/streams.ts';
import type { Log } from '../log.ts';

interface Opened {
  landing: Landing;
  journal: LandingJournal;
}

interface Rows {
  stream: StreamName;
  rows: readonly object[];
}

/**
 * Where deliveries become durable, many at once in one write. A landing that fails is opened anew
 * and tried once more before anyone is told; a database that was away is there again by itself.
 */
export class Intake {
  readonly #openLanding: () => Promise<Landing>;
  readonly #log: Log;
  readonly #commit = new GroupCommit<Rows>((group) => this.#write(group));
  #opened: Promise<Opened> | null = null;
  #isFailing = false;

  private constructor(openLanding: () => Promise<Landing>, log: Log) {
    this.#openLanding = openLanding;
    this.#log = log;
  }

  /** @throws SuptaskError where the landing cannot be opened, or another process receives for it */
  static async open(openLanding: () => Promise<Landing>, log: Log): Promise<Intake> {
    const intake = new Intake(openLanding, log);
    await intake.#ready();
    return intake;
  }

  /** Whether the last write failed. */
  get isFailing(): boolean {
    return this.#isFailing;
  }

  /** Resolves when the rows are durable; rejects where they could not be made so. */
  readonly append: Append = (stream, rows) => this.#commit.add({ stream, rows });

  /** Reads from the log. */
  async read<T>(work: (landing: Landing) => Promise<T>): Promise<T> {
    return await work((await this.#ready()).landing);
  }

  /** Makes what was delivered part of the log, and opens anew what had failed. What fails is logged. */
  async roll(): Promise<void> {
    try {
      await (await this.#ready()).journal.roll();
      this.#tellState(null);
    } catch (thrown) {
      this.#tellState(thrown);
    }
  }

  async close(): Promise<void> {
    const opened = await this.#opened?.catch(() => null);
    this.#opened = null;
    await opened?.journal.close();
    await opened?.landing.close();
  }

  async #write(group: readonly Rows[]): Promise<void> {
    try {
      await this.#writeOnce(group).catch(async () => {
        await this.close().catch(() => undefined);
        await this.#writeOnce(group);
      });
      this.#tellState(null);
    } catch (thrown) {
      this.#tellState(thrown);
      throw thrown;
    }
  }

  async #writeOnce(group: readonly Rows[]): Promise<void> {
    const { journal } = await this.#ready();
    const ofStream = Object.entries(Object.groupBy(group, ({ stream }) => stream)) as [StreamName, Rows[]][];
    for (const [stream, parts] of ofStream) await journal.append(stream, parts.flatMap(({ rows }) => rows));
  }

  async #ready(): Promise<Opened> {
    this.#opened ??= this.#open();
    try {
      return await this.#opened;
    } catch (thrown) {
      this.#opened = null;
      throw thrown;
    }
  }

  async #open(): Promise<Opened> {
    const landing = await this.#openLanding();
    try {
      return { landing, journal: await landing.openJournal() };
    } catch (thrown) {
      await landing.close();
      throw thrown;
    }
  }

  #tellState(failure: unknown): void {
    if (failure !== null && !this.#isFailing) this.#log.error({ err: failure }, 'Deliveries cannot be landed; they are refused until they can.');
    if (failure === null && this.#isFailing) this.#log.warn('Deliveries are landed again.');
    this.#isFailing = failure !== null;
  }
}

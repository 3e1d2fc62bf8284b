/** What is looked at after something went wrong in the middle of an operation, whatever it was. */
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Commander } from './commander.ts';
import type { CommanderAnswer } from './commander-worker.ts';
import { type Listed, opened, type Scenario, SLICES, type Stage } from './scenarios.ts';

/** What was found. */
export interface Found {
  readonly lost: number;
  readonly half: number;
  /** Each finding in words. */
  readonly notes: readonly string[];
}

/** What is expected of the state that is looked at. */
export interface Expectation {
  /** The operation had said that it was done. */
  readonly done: boolean;
  /** Marks that were said to be saved. */
  readonly saved?: readonly string[];
  /** The object that was cut short on purpose may still be the one that is damaged. */
  readonly isDamaged: boolean;
}

const whole = new Set<number>(Object.values(SLICES));

class Aftermath {
  readonly #commander: Commander;
  readonly #stage: Stage;
  readonly #scenario: Scenario;
  readonly #expected: Expectation;
  readonly #notes: string[] = [];
  #lost = 0;
  #half = 0;

  constructor(commander: Commander, stage: Stage, scenario: Scenario, expected: Expectation) {
    this.#commander = commander;
    this.#stage = stage;
    this.#scenario = scenario;
    this.#expected = expected;
  }

  async look(): Promise<Found> {
    const { operation } = this.#scenario;
    const { vault } = this.#stage;
    await this.#studies(vault);
    await this.#verify(vault, this.#expected.isDamaged);
    if (operation === 'annotate') await this.#marks();
    if (operation === 'restore') await this.#restored();
    if (operation === 'backup' && this.#expected.done) await this.#backedUp();
    return { lost: this.#lost, half: this.#half, notes: this.#notes };
  }

  /** The command again: it goes on or begins anew, ends well, and what it leaves is whole. */
  async again(): Promise<Found> {
    const { operation, run } = this.#scenario;
    const what = run(this.#stage);
    const answer = 'command' in what ? await this.#again(what.command) : await this.#ask(what);
    // That there is nothing to resume, or that a study is shredded already, is an answer.
    const isAnswer = /keys\/no-rotation|vault\/no-such-study|cli\/no-such-study/.test(answer.err);
    if (answer.code !== 0 && !isAnswer) this.#lose(`again: ended with ${answer.code}: ${answer.err.trim()}`);
    await this.#studies(this.#stage.vault);
    await this.#verify(this.#stage.vault, false);
    if (operation === 'restore') await this.#verify(this.#stage.restored, false);
    if (operation === 'backup') await this.#backedUp();
    return { lost: this.#lost, half: this.#half, notes: this.#notes };
  }

  /** A change of the master key is resumed; a restore that was all but finished is no empty folder any more. */
  async #again(command: readonly string[]): Promise<CommanderAnswer> {
    const isMaster = command[0] === 'rotate' && command[1] === 'master';
    const again = isMaster ? ['rotate', 'resume', ...opened(this.#stage, this.#stage.vault)] : command;
    const answer = await this.#command(again);
    if (this.#scenario.operation !== 'restore' || !/restore\/not-empty/.test(answer.err)) return answer;
    if (!existsSync(join(this.#stage.restored, 'vault.json'))) return answer;
    // It is a vault; that it is a whole one was looked at before.
    await rm(this.#stage.restored, { recursive: true, force: true });
    return this.#command(again);
  }

  #lose(note: string): void {
    this.#lost += 1;
    this.#notes.push(note);
  }

  #ask(task: Readonly<Record<string, unknown>>): Promise<CommanderAnswer> {
    return this.#commander.run({ ...task, profile: this.#stage.profile } as Parameters<Commander['run']>[0]);
  }

  #command(command: readonly string[]): Promise<CommanderAnswer> {
    return this.#ask({ command });
  }

  /** A study may be gone only where it was being shredded, and must be where that was said. */
  async #studies(vault: string): Promise<void> {
    const { studies: promised } = this.#stage;
    const listing = await this.#command(['list', ...opened(this.#stage, vault), '--json']);
    if (listing.code !== 0) {
      this.#lost += promised.length;
      this.#notes.push(`does not open: ${listing.err.trim()}`);
      return;
    }
    if (/older copy|warning/.test(listing.err)) this.#lose(`says: ${listing.err.trim()}`);
    const { studies } = JSON.parse(listing.out) as { studies: Listed[] };
    const ids = new Set(studies.map(({ studyId }) => studyId));
    const { operation } = this.#scenario;
    for (const [at, id] of promised.entries()) {
      const isShredded = operation === 'shred' && at === 0;
      if (!ids.has(id) && !isShredded) this.#lose(`study ${id} is gone`);
      if (isShredded && this.#expected.done && ids.has(id)) this.#lose(`study ${id} was said to be shredded`);
    }
    const isImport = operation === 'import' || operation === 'state';
    if (isImport && this.#expected.done && studies.length <= promised.length) this.#lose('the imported study is gone');
    for (const { studyId, instanceCount } of studies.filter((study) => !whole.has(study.instanceCount))) {
      this.#half += 1;
      this.#notes.push(`study ${studyId} has ${instanceCount} instances`);
    }
  }

  async #verify(vault: string, isDamaged: boolean): Promise<void> {
    const verified = await this.#command(['verify', ...opened(this.#stage, vault), '--json']);
    const { problems } = parsed(verified.out) as { problems?: { kind: string }[] };
    if (problems === undefined) this.#lose(`verify ended with ${verified.code}: ${verified.err.trim()}`);
    else if (problems.length > (isDamaged ? 1 : 0))
      this.#lose(`verify finds ${problems.map(({ kind }) => kind).join(', ')}`);
  }

  async #marks(): Promise<void> {
    const answer = await this.#ask({ marks: this.#stage.vault, studyId: this.#stage.studies[0] });
    const { uids, unreadable } = parsed(answer.out) as { uids?: string[]; unreadable?: number };
    if (unreadable !== 0) this.#lose(`marks don't open: ${answer.err.trim()}`);
    for (const uid of this.#expected.saved ?? []) if (uids?.includes(uid) !== true) this.#lose(`mark ${uid} is gone`);
  }

  /** A folder with a header is a vault, and whole. */
  async #restored(): Promise<void> {
    const { restored } = this.#stage;
    if (existsSync(join(restored, 'vault.json'))) {
      await this.#studies(restored);
      await this.#verify(restored, false);
    } else if (this.#expected.done) this.#lose('what was restored is gone');
  }

  async #backedUp(): Promise<void> {
    const answer = await this.#command(['backup', 'check', this.#stage.backup, '--json']);
    if (answer.code !== 0) this.#lose(`the backup is not whole: ${answer.out}${answer.err.trim()}`);
  }
}

function parsed(text: string): object {
  try {
    return JSON.parse(text) as object;
  } catch {
    return {};
  }
}

/** Opens what is left, holds it against what was promised, then runs the operation again to its end. */
export async function aftermath(
  commander: Commander,
  stage: Stage,
  scenario: Scenario,
  expected: Expectation,
): Promise<Found> {
  const first = await new Aftermath(commander, stage, scenario, expected).look();
  const second = await new Aftermath(commander, stage, scenario, { ...expected, saved: [] }).again();
  const notes = [...first.notes, ...second.notes];
  return { lost: first.lost + second.lost, half: first.half + second.half, notes };
}

import { spawn } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { toHex } from '../../core/bytes.ts';
import { FileVault } from '../../electron/vault/file-vault.ts';
import type { OpenVault } from '../../electron/vault/protocol.ts';
import { ROOT, say } from '../command.ts';
import { writeStudy } from '../study.ts';
import { createTestVault, writePassphrase } from '../vault.ts';
import type { WorkerEvent, WorkerVault } from './events.ts';
import { Ledger, type Losses } from './ledger.ts';
import { type KillPlan, runVictim } from './victim.ts';

/** What all kills together came to. */
export interface Tally {
  kills: number;
  readonly losses: Losses;
  /** Kills by what the victim was doing. */
  readonly phases: Record<string, number>;
  /** Each loss in words, with the kill's number. */
  readonly notes: string[];
}

/** Adds one kill's findings. */
export function addKill(tally: Tally, phase: string, losses: Losses): void {
  tally.kills += 1;
  tally.phases[phase] = (tally.phases[phase] ?? 0) + 1;
  for (const name of Object.keys(losses) as (keyof Losses)[]) tally.losses[name] += losses[name];
}

/** After this many kills a vault is given to `vitrine verify` and a new one begins: old vaults are slow to check. */
const KILLS_PER_VAULT = 25;
/** Studies to import in one vault. Small ones for many commits, and some larger, so that reading takes a while. */
const STUDY_SIZES = [3, 12, 6, 48];
const STUDIES = 60;
const STROKES = 12;

interface Stage {
  readonly open: OpenVault;
  readonly ledger: Ledger;
  kills: number;
}

/** Kills of the vault's own code in a process of its own. */
export class Campaign {
  readonly #script: string;
  readonly #folder: string;
  readonly #random: () => number;
  readonly #tally: Tally;
  /** How long each phase takes when nobody kills, ms. */
  readonly #durations = new Map<string, number>();
  readonly #sizes = new Map<string, number>();
  #folders: string[] = [];
  #vaults = 0;

  /** @param script the bundled worker */
  constructor(script: string, folder: string, random: () => number, tally: Tally) {
    this.#script = script;
    this.#folder = folder;
    this.#random = random;
    this.#tally = tally;
  }

  /** Kills as often as asked, in these phases in turn. @throws Error when a worker fails by itself, or hangs */
  async run(phases: readonly string[], kills: number): Promise<void> {
    await this.#writeStudies(Math.min(STUDIES, 4 + kills));
    await this.#calibrate();
    let stage = await this.#newStage();
    for (let done = 0, tries = 0; done < kills; tries++) {
      if (tries > 4 * kills + 20) throw new Error('the victims finish before they can be killed');
      if (stage.kills >= KILLS_PER_VAULT || this.#waiting(stage.ledger).length < 3) {
        await this.#retire(stage);
        stage = await this.#newStage();
      }
      if (!(await this.#killOnce(stage, phases[tries % phases.length] ?? 'reading'))) continue;
      done += 1;
      if (done % 25 === 0) say(`${done} of ${kills} kills`);
    }
    await this.#retire(stage);
  }

  async #writeStudies(studies: number): Promise<void> {
    for (let i = 0; i < studies; i++) {
      const folder = join(this.#folder, 'studies', `crash-${i}`);
      const slices = STUDY_SIZES[i % STUDY_SIZES.length] ?? 3;
      await writeStudy(folder, { patient: { id: basename(folder) }, matrix: 96, slices, seed: folder });
      this.#sizes.set(basename(folder), slices);
      this.#folders.push(folder);
    }
  }

  #waiting(ledger: Ledger): string[] {
    return this.#folders.filter((folder) => !ledger.hasFolder(folder));
  }

  #task(stage: Stage) {
    const { dir, vaultId, catalogueKey, wrappingKey } = stage.open;
    const vault: WorkerVault = { dir, vaultId, catalogueKey: toHex(catalogueKey), wrappingKey: toHex(wrappingKey) };
    return { vault, folders: this.#waiting(stage.ledger).slice(0, 3), strokes: STROKES };
  }

  async #newStage(): Promise<Stage> {
    const dir = join(this.#folder, `vault-${this.#vaults++}`);
    await mkdir(dir, { recursive: true });
    return { open: await createTestVault(dir), ledger: new Ledger(this.#sizes), kills: 0 };
  }

  /** One life without a kill: how long the phases are. */
  async #calibrate(): Promise<void> {
    const stage = await this.#newStage();
    let phase = '';
    let began = 0;
    await runVictim(this.#script, this.#task(stage), null, (event) => {
      if (event.type !== 'phase') return;
      const now = performance.now();
      this.#durations.set(phase, Math.max(this.#durations.get(phase) ?? 0, now - began));
      phase = event.phase;
      began = now;
    });
    await rm(stage.open.dir, { recursive: true, force: true });
  }

  async #killOnce(stage: Stage, phase: string): Promise<boolean> {
    const most = Math.max(2, (this.#durations.get(phase) ?? 20) * 1.1);
    const turn = phase === 'opening' || phase === 'closing' ? 1 : 1 + Math.floor(this.#random() * 2);
    const plan: KillPlan = { phase, turn, delayMs: this.#random() * most };
    const death = await runVictim(this.#script, this.#task(stage), plan, (event: WorkerEvent) =>
      stage.ledger.take(event),
    );
    const { vault } = await FileVault.open(stage.open);
    const number = this.#tally.kills + 1;
    const note = (line: string) => this.#tally.notes.push(`kill ${number} (${death.phase}): ${line}`);
    try {
      const losses = await stage.ledger.check(vault, death.killed ? death.killedAt : Number.POSITIVE_INFINITY, note);
      if (!death.killed && Object.values(losses).every((n) => n === 0)) return false;
      addKill(this.#tally, death.phase, losses);
      stage.kills += 1;
      return true;
    } finally {
      await vault.dispose();
    }
  }

  /** `vitrine verify` has the last word on a vault. */
  async #retire(stage: Stage): Promise<void> {
    if (stage.kills > 0 && !(await vitrineVerify(stage.open.dir, join(this.#folder, 'passphrase')))) {
      this.#tally.losses.verifyFailures += 1;
      this.#tally.notes.push(`vitrine verify refused a vault after ${stage.kills} kills`);
    }
    await rm(stage.open.dir, { recursive: true, force: true });
  }
}

/** Runs the command line on a vault. @returns whether it exits with 0 */
export async function vitrineVerify(vault: string, passphraseFile: string): Promise<boolean> {
  await writePassphrase(passphraseFile);
  const command = ['--import', 'tsx', join(ROOT, 'electron', 'cli.ts'), 'verify', '--vault', vault];
  const child = spawn(process.execPath, [...command, '--passphrase-file', passphraseFile, '--json'], {
    cwd: ROOT,
    stdio: 'ignore',
  });
  return await new Promise((resolve) => child.once('close', (code) => resolve(code === 0)));
}

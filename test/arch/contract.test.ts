import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { COMPUTE_MESSAGE } from '../../core/contract/compute.ts';
import { dropOperation, events, GENERAL_ERRORS, operations } from '../../core/contract/operations.ts';
import { patientOperations } from '../../core/contract/patient.ts';
import { PORT_MESSAGE, portAnswer, portRequest } from '../../core/contract/port.ts';
import {
  COMPUTE_PAGE_MESSAGE,
  DROP_CHANNEL,
  EVENT_NAMES,
  OPERATION_NAMES,
  PATIENT_OPERATION_NAMES,
  PORT_CHANNEL,
  PORT_MESSAGE_NAME,
} from '../../electron/names.ts';

const ROOT = join(import.meta.dirname, '..', '..');

/** Names of all fields of a schema, at any depth, with where they stand: `session.unlock request .passphrase`. */
function fields(schema: unknown, at: string): { name: string; at: string }[] {
  if (Array.isArray(schema)) return schema.flatMap((part) => fields(part, at));
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([keyword, value]) => {
    if (keyword !== 'properties') return fields(value, at);
    return Object.entries(value as object).flatMap(([name, part]) => [{ name, at }, ...fields(part, `${at}.${name}`)]);
  });
}

function fieldsOf(schema: z.ZodType, at: string): { name: string; at: string }[] {
  return fields(z.toJSONSchema(schema, { unrepresentable: 'any' }), at);
}

const contract = [
  ...Object.entries(operations).flatMap(([name, { request, response }]) => [
    ...fieldsOf(request, `${name} request`),
    ...fieldsOf(response, `${name} response`),
  ]),
  ...Object.entries(events).flatMap(([name, payload]) => fieldsOf(payload, `${name} event`)),
  ...fieldsOf(portRequest, 'port request'),
  ...fieldsOf(portAnswer, 'port answer'),
];

const SECRET = /key|secret|pass(word|phrase)|recovery(code)?$|^shares$|token|path|folder|director|^file|^dir$/i;

/** The only fields of the contract whose names say secret or path, and why. */
const ALLOWED = new Set([
  // Whether a published cipher has a key at all.
  'lab.systems response.systems: keyed',
  // Passphrase and recovery code go in, once each.
  'session.create request: passphrase',
  'session.unlock request: passphrase',
  'session.unlock request: recoveryCode',
  'session.unlock request: shares',
  'keys.drill request: shares',
  // To prove that a way in opens the vault, and that whoever changes one is the owner; a new passphrase.
  'keys.drill request: passphrase',
  'keys.drill request: recoveryCode',
  'keys.changePassphrase request: passphrase',
  'keys.changePassphrase request: newPassphrase',
  'keys.renewRecovery request: passphrase',
  'keys.makeShares request: passphrase',
  'keys.addEscrow request: passphrase',
  'keys.remove request: passphrase',
  'keys.rotate request: passphrase',
  // Passphrases of accounts: a new one, and the old one where somebody changes his own.
  'users.add request: passphrase',
  'users.resetPassphrase request: passphrase',
  'users.changeOwnPassphrase request: passphrase',
  // The recovery code comes out when it is made.
  'keys.renewRecovery response: recoveryCode',
  'keys.rotate response: recoveryCode',
  'session.create response: recoveryCode',
  'session.renewRecovery response: recoveryCode',
  // Keys of a keyboard, states of the keychain, counts of files: no secrets and no paths.
  'settings.get response: keys',
  'settings.get response: keyProfile',
  'settings.set request: keys',
  'settings.set request: keyProfile',
  'settings.set response: keys',
  'settings.set response: keyProfile',
  'keys.list response: keychain',
  'session.create request: useKeychain',
  'session.state response: keychain',
  'session.unlock response: keychain',
  'session.repairKeychain response: keychain',
  'session.lock response: keychain',
  'session.changed event: keychain',
  'import.progress event: filesDone',
  'import.progress event: filesTotal',
]);

describe('the contract', () => {
  it('has no field that is a key, a password or a path, but for those that it states', () => {
    const suspicious = contract.filter(({ name }) => SECRET.test(name)).map(({ name, at }) => `${at}: ${name}`);
    expect(suspicious.filter((field) => !ALLOWED.has(field))).toEqual([]);
    expect([...ALLOWED].filter((field) => !suspicious.includes(field))).toEqual([]);
  });

  it('finds a field that would break the rule', () => {
    const planted = fieldsOf(z.strictObject({ deep: z.array(z.strictObject({ masterKey: z.string() })) }), 'planted');
    expect(planted.filter(({ name }) => SECRET.test(name))).toEqual([{ name: 'masterKey', at: 'planted.deep' }]);
  });

  it('refuses fields that it does not know, in both directions', () => {
    for (const [name, { request, response }] of Object.entries(operations))
      for (const schema of [request, response]) {
        const rejected = schema.safeParse({ surprise: 1 });
        expect(rejected.success, name).toBe(false);
      }
  });

  it('is forwarded by the preload name by name, and by no other name', () => {
    expect([...OPERATION_NAMES].sort()).toEqual(Object.keys(operations).sort());
    expect([...EVENT_NAMES].sort()).toEqual(Object.keys(events).sort());
    expect(DROP_CHANNEL).toBe(dropOperation.channel);
    expect(PORT_MESSAGE_NAME).toBe(PORT_MESSAGE);
    expect(COMPUTE_PAGE_MESSAGE).toBe(COMPUTE_MESSAGE);
    const channels: string[] = [...OPERATION_NAMES, ...EVENT_NAMES, DROP_CHANNEL, PORT_CHANNEL];
    expect(new Set(channels).size).toBe(channels.length);
  });

  it('declares error codes of the form stage/reason, none twice', () => {
    for (const [name, { errors }] of Object.entries(operations)) {
      const codes = [...errors, ...GENERAL_ERRORS];
      expect(
        codes.filter((code) => !/^[a-z]+\/[a-z-]+$/.test(code)),
        name,
      ).toEqual([]);
      expect(new Set(codes).size, name).toBe(codes.length);
    }
  });
});

/** Names of fields in which something of a patient would stand. */
const OF_PATIENTS =
  /patient|person|birth|accession|description|comment|annotation|findings?$|^(text|label|name|reports?|refused|conflicts|warnings)$/i;

/** The only fields of what goes by main whose names say so, and why they may. */
const NOT_OF_PATIENTS = new Set([
  // How many files, not which.
  'import.finished event.counts: conflicts',
  'import.finished event.counts: refused',
  'import.progress event.counts: conflicts',
  'import.progress event.counts: refused',
  // Of the vault and its ways in.
  'keys.chooseEscrow response.chosen: label',
  'keys.list response.slots.holder: label',
  'keys.list response.slots.set: name',
  'session.confirmRecovery request: text',
  'session.create request: name',
  // Of published systems and models: measures, classes, data sets.
  'lab.keptResult response.outcome.report.run.metrics: name',
  'lab.keptResult response.outcome.report.systems.run.metrics: name',
  'lab.keptResult response.outcome: report',
  'lab.result response.outcome.report.run.metrics: name',
  'lab.result response.outcome.report.systems.run.metrics: name',
  'lab.result response.outcome: report',
  'lab.systems response.systems.headline: text',
  'lab.systems response.systems.parameters: name',
  'model.about response.metrics.classes: label',
  'model.about response.trainingData: name',
  'model.attackResult response.view.report.after.scores: label',
  'model.attackResult response.view.report.before.scores: label',
  'model.attackResult response.view: report',
  'model.fileResult response.view.report.classMap: label',
  'model.fileResult response.view.report.classification.scores: label',
  'model.fileResult response.view: report',
  'private.result response.result: report',
]);

describe('operations on a patient’s data', () => {
  it('go by the vault’s port, all of them: what goes by main has no field for a name, a text or a finding', () => {
    const byMain = contract.filter(({ at }) => !Object.hasOwn(patientOperations, at.split(' ')[0] ?? ''));
    const found = byMain.filter(({ name }) => OF_PATIENTS.test(name)).map(({ name, at }) => `${at}: ${name}`);
    const suspicious = found.filter((field) => !field.startsWith('port '));
    expect(suspicious.filter((field) => !NOT_OF_PATIENTS.has(field))).toEqual([]);
    expect([...NOT_OF_PATIENTS].filter((field) => !suspicious.includes(field))).toEqual([]);
  });

  it('are those that the preload sends by the port, and would be found elsewhere', () => {
    expect([...PATIENT_OPERATION_NAMES].sort()).toEqual(Object.keys(patientOperations).sort());
    const moved = Object.values(patientOperations).filter(({ request, response }) =>
      [...fieldsOf(request, ''), ...fieldsOf(response, '')].some(({ name }) => OF_PATIENTS.test(name)),
    );
    expect(moved.length).toBeGreaterThanOrEqual(Object.keys(patientOperations).length - 1);
  });
});

describe('the preload', () => {
  it('imports Electron and the names, and has no channel that the page chooses', async () => {
    const text = await readFile(join(ROOT, 'electron/preload.ts'), 'utf8');
    const imports = [...text.matchAll(/^import (?!type)[^;]*from '(.+)';$/gm)].map(([, from]) => from);
    expect(imports).toEqual(['electron', './names.ts', './patient-port.ts']);
    expect(text).not.toMatch(/sendSync|ipcRenderer\.send\(|exposeInMainWorld\((?!'vitrine')/);
    expect(text.match(/exposeInMainWorld/g)).toHaveLength(1);
  });

  it('is bundled without the schemas', async () => {
    const built = join(ROOT, 'out/app/preload');
    const files = await readdir(built).catch(() => []);
    for (const file of files) expect(await readFile(join(built, file), 'utf8')).not.toMatch(/ZodType|safeParse/);
  });
});

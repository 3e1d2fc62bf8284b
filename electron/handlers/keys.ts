import { readKeyFile, writeOwnFile } from '../keys/key-file.ts';
import type { HandlerContext, HandlersOf } from './context.ts';

type Context = Pick<HandlerContext, 'vault' | 'keys' | 'chosen' | 'choose' | 'saveAs' | 'session'>;

/** What a file of the dialog is needed for. */
async function onlyFile(context: Pick<Context, 'choose'>): Promise<string | null> {
  return (await context.choose('files'))?.[0] ?? null;
}

/** The text of the key file that the window named by its handle. @throws import/no-such-source, keys/not-an-escrow-key */
export async function chosenKeyFile(context: Pick<Context, 'chosen'>, source: string): Promise<string> {
  return readKeyFile(context.chosen.take(source)[0] ?? '');
}

export function keyHandlers(context: Context): HandlersOf<'keys'> {
  const { chosen, session } = context;
  const slots = async () => (await context.keys()).slots;
  const jobs = async () => (await context.keys()).jobs;
  return {
    'keys.list': async () => ({
      ...(await slots()).list(),
      resealPending: await context.vault().keys('reseal-pending', {}),
    }),
    'keys.drill': async (way) => {
      const method =
        way.with === 'escrow'
          ? { with: way.with, passphrase: way.passphrase, escrowFile: await chosenKeyFile(context, way.source) }
          : way;
      return { slotId: await (await slots()).drill(method) };
    },
    'keys.changePassphrase': async ({ passphrase, newPassphrase }) => {
      await (await slots()).changePassphrase(passphrase, newPassphrase);
      return {};
    },
    'keys.renewRecovery': async ({ passphrase }) =>
      session.showRecovery(await (await slots()).renewRecovery(passphrase)),
    'keys.makeShares': async ({ passphrase, threshold, count, language }) => {
      const { shareSheets } = await import('../keys/share-sheets.ts');
      const path = await context.saveAs('vitrine-key-shares.pdf');
      if (path === null) return { saved: false };
      await (await slots()).makeShares(passphrase, { threshold, count }, async (set) =>
        writeOwnFile(path, await shareSheets(set, language), false),
      );
      return { saved: true };
    },
    'keys.chooseFile': async () => {
      const path = await onlyFile(context);
      return { source: path === null ? null : chosen.add([path]) };
    },
    'keys.chooseEscrow': async () => {
      const path = await onlyFile(context);
      if (path === null) return { chosen: null };
      const { escrowFingerprint, parseEscrowPublic } = await import('../../core/keys/escrow.ts');
      const { label, publicKey } = parseEscrowPublic(await readKeyFile(path));
      return { chosen: { source: chosen.add([path]), label, fingerprint: escrowFingerprint(publicKey) } };
    },
    'keys.addEscrow': async ({ passphrase, source }) => {
      await (await slots()).addEscrow(passphrase, await chosenKeyFile(context, source));
      return {};
    },
    'keys.remove': async ({ passphrase, slotId }) => {
      await (await slots()).remove(passphrase, slotId);
      return {};
    },
    'keys.rotate': async ({ passphrase }) => {
      const { recoveryCode, retiredSets } = await (await slots()).rotate(passphrase);
      const shown = recoveryCode === null ? null : (await session.showRecovery(recoveryCode)).recoveryCode;
      return { ...(await jobs()).finishRotation(), recoveryCode: shown, retiredSets: [...retiredSets] };
    },
    'keys.reseal': async () => {
      context.vault();
      return (await jobs()).reseal(true);
    },
  };
}

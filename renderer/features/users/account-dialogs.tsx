import { type AccountList, type AccountRow, role as roles } from '../../../core/contract/users.ts';
import { call } from '../../bridge/bridge.ts';
import { useText } from '../../text/text.ts';
import { Field } from '../../ui/field.tsx';
import { UserDialog } from './user-form.tsx';

interface DialogProps {
  readonly onClose: () => void;
  readonly onList: (list: AccountList) => void;
}

function wishOf(fields: FormData) {
  return {
    displayName: String(fields.get('displayName') ?? ''),
    roles: roles.options.filter((role) => fields.get(`role-${role}`) !== null),
    attributes: String(fields.get('attributes') ?? '')
      .split(/[\s,]+/)
      .filter((word) => word !== ''),
  };
}

function Roles({ account }: { readonly account: AccountRow | null }) {
  const t = useText();
  return (
    <fieldset className="users-roles">
      <legend className="field-label">{t('users.roles')}</legend>
      {roles.options.map((role) => (
        <label key={role} className="users-role">
          <input type="checkbox" name={`role-${role}`} defaultChecked={account?.roles.includes(role) === true} />
          <span>
            {t(`users.role.${role}`)}
            <span className="users-hint">{t(`users.roleHint.${role}`)}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

/** Who it is; the name of the account itself is set once and for all. */
function WishFields({ account }: { readonly account: AccountRow | null }) {
  const t = useText();
  return (
    <>
      <div className="users-pair">
        {account === null && (
          <Field label={t('users.user')} name="user" required maxLength={32} hint={t('users.userHint')} />
        )}
        <Field
          label={t('users.name')}
          name="displayName"
          required
          maxLength={80}
          hint={t('users.displayHint')}
          defaultValue={account?.displayName ?? ''}
        />
      </div>
      <Roles account={account} />
      <Field
        label={t('users.attributes')}
        name="attributes"
        maxLength={500}
        hint={t('users.attributesHint')}
        defaultValue={account?.attributes.join(' ') ?? ''}
      />
    </>
  );
}

/** A new account. */
export function AddDialog({ onClose, onList }: DialogProps) {
  const t = useText();
  const act = async (fields: FormData): Promise<void> => {
    const user = String(fields.get('user') ?? '').trim();
    const passphrase = String(fields.get('passphrase') ?? '');
    onList((await call('users.add', { user, ...wishOf(fields), passphrase })).list);
  };
  return (
    <UserDialog title={t('users.add')} action={t('users.addAction')} onClose={onClose} act={act}>
      <WishFields account={null} />
      <Field
        label={t('users.passphrase')}
        name="passphrase"
        type="password"
        required
        maxLength={1024}
        hint={t('users.passphraseHint')}
        autoComplete="off"
      />
    </UserDialog>
  );
}

interface AccountProps extends DialogProps {
  readonly account: AccountRow;
}

/** Other roles and attributes. */
export function ChangeDialog({ account, onClose, onList }: AccountProps) {
  const t = useText();
  const { user, displayName: name } = account;
  const act = async (fields: FormData): Promise<void> =>
    onList((await call('users.change', { user, ...wishOf(fields) })).list);
  return (
    <UserDialog title={t('users.changeTitle', { name })} action={t('users.changeAction')} onClose={onClose} act={act}>
      <WishFields account={account} />
    </UserDialog>
  );
}

/** Removes an account, after saying what that ends and what it doesn't. */
export function RemoveDialog({ account, onClose, onList }: AccountProps) {
  const t = useText();
  const { user, displayName: name } = account;
  const act = async (): Promise<void> => onList((await call('users.remove', { user })).list);
  return (
    <UserDialog
      title={t('users.removeTitle', { name })}
      action={t('users.removeAction', { name })}
      isDanger
      onClose={onClose}
      act={act}
    >
      <p>{t('users.removeNow')}</p>
      <p>{t('users.removeOld')}</p>
      <p>{t('users.removeKept')}</p>
      {account.roles.includes('administrator') && <p>{t('users.removeAdministrator')}</p>}
    </UserDialog>
  );
}

/** A new passphrase for somebody who forgot his. */
export function ResetDialog({ account, onClose, onList }: AccountProps) {
  const t = useText();
  const { user, displayName: name } = account;
  const act = async (fields: FormData): Promise<void> =>
    onList(await call('users.resetPassphrase', { user, passphrase: String(fields.get('passphrase') ?? '') }));
  return (
    <UserDialog title={t('users.resetTitle', { name })} action={t('users.resetAction')} onClose={onClose} act={act}>
      <Field
        label={t('users.newPassphrase')}
        name="passphrase"
        type="password"
        required
        maxLength={1024}
        hint={t('users.passphraseHint')}
        autoComplete="off"
      />
    </UserDialog>
  );
}

import { utf8 } from '../bytes.ts';
import { toBase64 } from '../keys/base64.ts';
import type { AuditMessage } from './message.ts';

type Code = AuditMessage['EventIdentification']['EventID'];

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Text as XML 1.0 takes it. Control characters, which it doesn't, become the replacement character. */
function escaped(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replaceAll(/[&<>"']/g, (sign) => ESCAPES[sign] as string)
    .replaceAll(/[\t\n\r]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

function attributes(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escaped(value)}"`)
    .join('');
}

function coded(element: string, { 'csd-code': code, codeSystemName, originalText }: Code): string {
  return `<${element}${attributes({ 'csd-code': code, codeSystemName, originalText })}/>`;
}

/** An audit message in the XML of DICOM PS3.15, A.5.1: what a collector of audit messages takes. */
export function auditXml(message: AuditMessage): string {
  const { EventIdentification: event, AuditSourceIdentification: source } = message;
  const what = attributes({
    EventActionCode: event.EventActionCode,
    EventDateTime: event.EventDateTime,
    EventOutcomeIndicator: event.EventOutcomeIndicator,
  });
  const why =
    event.EventOutcomeDescription === undefined
      ? ''
      : `<EventOutcomeDescription>${escaped(event.EventOutcomeDescription)}</EventOutcomeDescription>`;
  const types = event.EventTypeCode.map((type) => coded('EventTypeCode', type)).join('');
  const participants = message.ActiveParticipant.map(
    ({ UserID, UserIsRequestor, RoleIDCode }) =>
      `<ActiveParticipant${attributes({ UserID, UserIsRequestor: String(UserIsRequestor) })}>${RoleIDCode.map((role) => coded('RoleIDCode', role)).join('')}</ActiveParticipant>`,
  );
  const objects = message.ParticipantObjectIdentification.map(
    ({ ParticipantObjectIDTypeCode: kind, ParticipantObjectDetail: details = [], ...rest }) => {
      const detail = details.map(({ type, value }) => {
        // Binary by the schema, so that any text fits.
        const encoded = toBase64(utf8(value));
        return `<ParticipantObjectDetail${attributes({ type, value: encoded })}/>`;
      });
      const inside = `${coded('ParticipantObjectIDTypeCode', kind)}${detail.join('')}`;
      return `<ParticipantObjectIdentification${attributes(rest)}>${inside}</ParticipantObjectIdentification>`;
    },
  );
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<AuditMessage><EventIdentification${what}>${coded('EventID', event.EventID)}${types}${why}</EventIdentification>`,
    ...participants,
    `<AuditSourceIdentification${attributes({ AuditSourceID: source.AuditSourceID })}>`,
    `<AuditSourceTypeCode${attributes({ 'csd-code': source.AuditSourceTypeCode })}/></AuditSourceIdentification>`,
    ...objects,
    '</AuditMessage>',
  ].join('');
}

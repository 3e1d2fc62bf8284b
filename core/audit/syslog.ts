import { concatBytes, utf8 } from '../bytes.ts';
import type { AuditMessage } from './message.ts';
import { auditXml } from './xml.ts';

/** Facility "security/authorization messages" (10) and severity "notice" (5), or "error" (3) after a failure. */
const PRIORITY = { notice: 10 * 8 + 5, error: 10 * 8 + 3 } as const;
const BOM = new Uint8Array([0xef, 0xbb, 0xbf]);

/** Printable ASCII without spaces, as the fields of a syslog header want it; `-` stands for nothing. */
function field(text: string, length: number): string {
  return text.replaceAll(/[^\x21-\x7e]/g, '').slice(0, length) || '-';
}

/**
 * A syslog message (RFC 5424) that carries an audit message as DICOM PS3.15 A.6 wants it, in the frame of RFC 5425: its
 * length in octets, a space, the message.
 * @param from name of this computer and number of the process
 */
export function syslogFrame(
  message: AuditMessage,
  from: { readonly host: string; readonly process: number },
): Uint8Array {
  const { EventDateTime, EventOutcomeIndicator } = message.EventIdentification;
  const priority = EventOutcomeIndicator === '0' ? PRIORITY.notice : PRIORITY.error;
  const head = `<${priority}>1 ${EventDateTime} ${field(from.host, 255)} vitrine ${from.process} DICOM+RFC3881 - `;
  const text = concatBytes(utf8(head), BOM, utf8(auditXml(message)));
  return concatBytes(utf8(`${text.length} `), text);
}

import { describe, expect, it } from 'vitest';
import { messageOf } from './message.ts';
import { syslogFrame } from './syslog.ts';
import { auditXml } from './xml.ts';

const occasion = {
  time: '2026-11-25T10:00:00.000Z',
  vaultId: 'a'.repeat(32),
  user: 'müller <"&\u0007',
  application: "vitrine 1's window",
};
const opened = messageOf({ kind: 'study-opened', studyIds: ['b'.repeat(32)], code: null }, occasion);
const failed = messageOf({ kind: 'unlock-failed', code: 'keys/wrong-passphrase' }, occasion);

describe('the XML of an audit message', () => {
  it('has the elements and attributes of PS3.15 A.5.1, in their order', () => {
    expect(auditXml(opened)).toBe(
      [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<AuditMessage><EventIdentification EventActionCode="R" EventDateTime="2026-11-25T10:00:00.000Z" EventOutcomeIndicator="0">',
        '<EventID csd-code="110103" codeSystemName="DCM" originalText="DICOM Instances Accessed"/></EventIdentification>',
        '<ActiveParticipant UserID="müller &lt;&quot;&amp;\uFFFD" UserIsRequestor="true"></ActiveParticipant>',
        '<ActiveParticipant UserID="vitrine 1&apos;s window" UserIsRequestor="false">',
        '<RoleIDCode csd-code="110150" codeSystemName="DCM" originalText="Application"/></ActiveParticipant>',
        `<AuditSourceIdentification AuditSourceID="${'a'.repeat(32)}"><AuditSourceTypeCode csd-code="1"/></AuditSourceIdentification>`,
        `<ParticipantObjectIdentification ParticipantObjectID="${'b'.repeat(32)}" ParticipantObjectTypeCode="2" ParticipantObjectTypeCodeRole="3">`,
        '<ParticipantObjectIDTypeCode csd-code="study" codeSystemName="99VITRINE" originalText="Vitrine study"/></ParticipantObjectIdentification>',
        '</AuditMessage>',
      ].join(''),
    );
  });

  it('says why something failed', () => {
    expect(auditXml(failed)).toContain('<EventOutcomeDescription>keys/wrong-passphrase</EventOutcomeDescription>');
  });
});

describe('a syslog frame', () => {
  const text = (message: typeof opened, host = 'reading-room 1') =>
    new TextDecoder('utf-8', { ignoreBOM: true }).decode(syslogFrame(message, { host, process: 42 }));

  it('counts its octets and not its characters (RFC 5425, 4.3), and marks its text as UTF-8 (RFC 5424, 6.4)', () => {
    const frame = text(opened);
    const [, length, rest] = /^(\d+) (.*)$/s.exec(frame) as unknown as [string, string, string];
    expect(new TextEncoder().encode(rest).length).toBe(Number(length));
    expect(rest.length).toBeLessThan(Number(length));
    expect(rest).toMatch(/^<85>1 2026-11-25T10:00:00\.000Z reading-room1 vitrine 42 DICOM\+RFC3881 - \uFEFF<\?xml /);
  });

  it('raises the severity of a failure, and names no computer where there is no name', () => {
    expect(text(failed, ' ')).toMatch(/^\d+ <83>1 2026-11-25T10:00:00\.000Z - vitrine /);
  });
});

import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isIPv4 } from 'node:net';

/** A certificate and its private key, both as PEM. */
export interface Certificate {
  readonly certificate: string;
  readonly key: string;
}

/** Signs certificates for the servers of a test. */
export interface Authority {
  /** Its own certificate, as PEM: whoever trusts it trusts what it signed. */
  readonly certificate: string;
  /** Makes a certificate for names and IPv4 addresses, valid from yesterday until tomorrow, or until yesterday. */
  issue(hosts: readonly string[], options?: { readonly isExpired?: boolean }): Certificate;
}

const DAY_MS = 86_400_000;

/** Object identifiers, as DER. */
const OID = {
  ecdsaWithSha256: '06082a8648ce3d040302',
  commonName: '0603550403',
  keyUsage: '0603551d0f',
  subjectAltName: '0603551d11',
  basicConstraints: '0603551d13',
} as const;

/**
 * Creates a certificate authority of its own, on the curve P-256. X.509 by hand (RFC 5280), which is all that Node.js has
 * no function for; a test needs neither a program for it nor files that expire.
 */
export function createAuthority(name: string): Authority {
  const authority = { name, ...generateKeyPairSync('ec', { namedCurve: 'P-256' }) };
  const isAuthority = [
    extension(OID.basicConstraints, sequence(tlv(0x01, Buffer.of(0xff))), true),
    // Bit 5: it may sign certificates.
    extension(OID.keyUsage, tlv(0x03, Buffer.of(2, 0x04)), true),
  ];
  return {
    certificate: signed({ issuer: authority, subject: authority, extensions: isAuthority }),
    issue(hosts, { isExpired = false } = {}) {
      const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const extensions = [extension(OID.subjectAltName, sequence(...hosts.map(hostName)))];
      const subject = { name: hosts[0] ?? '', publicKey };
      return {
        certificate: signed({ issuer: authority, subject, extensions, untilMs: isExpired ? -DAY_MS : DAY_MS }),
        key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      };
    },
  };
}

function signed(options: {
  readonly issuer: { readonly name: string; readonly privateKey: KeyObject };
  readonly subject: { readonly name: string; readonly publicKey: KeyObject };
  readonly extensions: readonly Buffer[];
  /** From now, in milliseconds; default a day. */
  readonly untilMs?: number;
}): string {
  const { issuer, subject, extensions, untilMs = DAY_MS } = options;
  const algorithm = sequence(fromHex(OID.ecdsaWithSha256));
  const content = sequence(
    // Version 3.
    tlv(0xa0, tlv(0x02, Buffer.of(2))),
    // Positive, whatever the dice say.
    tlv(0x02, Buffer.concat([Buffer.of(0x01), randomBytes(12)])),
    algorithm,
    nameOf(issuer.name),
    sequence(time(-2 * DAY_MS), time(untilMs)),
    nameOf(subject.name),
    subject.publicKey.export({ type: 'spki', format: 'der' }),
    tlv(0xa3, sequence(...extensions)),
  );
  const signature = sign('sha256', content, issuer.privateKey);
  const der = sequence(content, algorithm, tlv(0x03, Buffer.of(0), signature));
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

function nameOf(commonName: string): Buffer {
  return sequence(tlv(0x31, sequence(fromHex(OID.commonName), tlv(0x0c, Buffer.from(commonName)))));
}

function hostName(host: string): Buffer {
  return isIPv4(host) ? tlv(0x87, Buffer.from(host.split('.').map(Number))) : tlv(0x82, Buffer.from(host));
}

function extension(oid: string, value: Buffer, isCritical = false): Buffer {
  return sequence(fromHex(oid), ...(isCritical ? [tlv(0x01, Buffer.of(0xff))] : []), tlv(0x04, value));
}

/** UTCTime: good until 2049. */
function time(fromNowMs: number): Buffer {
  const digits = new Date(Date.now() + fromNowMs).toISOString().replace(/[^0-9]/g, '');
  return tlv(0x17, Buffer.from(`${digits.slice(2, 14)}Z`));
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return tlv(0x30, ...parts);
}

/** Tag, length, value. */
function tlv(tag: number, ...parts: readonly Buffer[]): Buffer {
  const value = Buffer.concat(parts);
  const { length } = value;
  const long = fromHex(length.toString(16).padStart(length > 0xff ? 4 : 2, '0'));
  const prefix = length < 0x80 ? Buffer.of(tag, length) : Buffer.concat([Buffer.of(tag, 0x80 + long.length), long]);
  return Buffer.concat([prefix, value]);
}

function fromHex(text: string): Buffer {
  return Buffer.from(text, 'hex');
}

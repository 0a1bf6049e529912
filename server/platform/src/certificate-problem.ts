/** Codes of a certificate that nobody trusted here has vouched for. */
const UNTRUSTED: ReadonlySet<string> = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_UNTRUSTED',
  'CERT_SIGNATURE_FAILURE',
]);

const OTHER_HOST = 'ERR_TLS_CERT_ALTNAME_INVALID';

const OF_THE_SERVER: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet, or the clock of this machine is slow',
  CERT_REVOKED: 'its certificate was revoked',
};

/**
 * What is wrong with a server's certificate by the code of a failed connection, as the end of a sentence; `undefined` when
 * it failed for another reason. `trust` says where an authority is named, such as `with sslrootcert in the URL`.
 */
export function certificateProblem(code: string, trust: string): string | undefined {
  if (UNTRUSTED.has(code)) {
    return `its certificate is not signed by an authority that is trusted here: name that ${trust}`;
  }
  if (code === OTHER_HOST) {
    return 'its certificate is for another host name than that of the URL: name the server as its certificate does';
  }
  return OF_THE_SERVER[code];
}

/** Whether only the one who started this process can mend it: by another name, or by trusting another authority. */
export function isOurCertificateProblem(code: string): boolean {
  return UNTRUSTED.has(code) || code === OTHER_HOST;
}

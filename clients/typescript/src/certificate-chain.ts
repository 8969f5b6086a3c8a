import { isSignedBy, sameOctets, type Certificate } from './certificate.js';

/**
 * Whether a chain, leaf first, leads to one of the anchors (RFC 5280 s6, for chains in order and without name or policy
 * constraints: a critical extension that is not understood refuses the chain). Revocation is by short life.
 *
 * `now` may be wrong by `tolerance`: there must be one moment within it at which every certificate is valid.
 */
export async function leadsToAnchor(
  chain: readonly Certificate[],
  anchors: readonly Certificate[],
  now: number,
  tolerance: number,
): Promise<boolean> {
  // An anchor sent along is not part of the path.
  const path = chain.filter((certificate) => !anchors.some((anchor) => sameOctets(anchor.whole, certificate.whole)));
  const leaf = path[0];
  if (leaf === undefined || leaf !== chain[0]) {
    return false;
  }
  const from = Math.max(now - tolerance, ...path.map((certificate) => certificate.notBefore));
  const until = Math.min(now + tolerance, ...path.map((certificate) => certificate.notAfter));
  if (from > until || path.some((certificate) => certificate.hasUnknownCritical)) {
    return false;
  }
  for (const [i, certificate] of path.slice(0, -1).entries()) {
    const issuer = path[i + 1]!;
    if (!mayIssue(issuer, i) || !(await isIssuedBy(certificate, issuer))) {
      return false;
    }
  }
  const last = path[path.length - 1]!;
  // The caller trusts an anchor, but not for more than it says.
  for (const anchor of anchors) {
    if (mayIssue(anchor, path.length - 1) && (await isIssuedBy(last, anchor))) {
      return true;
    }
  }
  return false;
}

async function isIssuedBy(certificate: Certificate, issuer: Certificate): Promise<boolean> {
  return sameOctets(certificate.issuer, issuer.subject) && (await isSignedBy(certificate, issuer));
}

/** @param below authorities between this one and the leaf */
function mayIssue(certificate: Certificate, below: number): boolean {
  return (
    certificate.isAuthority &&
    (certificate.keyUsage === undefined || certificate.keyUsage.certificateSigning) &&
    (certificate.pathLength === undefined || certificate.pathLength >= below)
  );
}

import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { getCACertificates } from 'node:tls';
import { serverCertificates } from '../../components/gitlab/ci-context.ts';
import type { Context } from '../../components/kernel/context.ts';
import { networkErrors } from '../../components/kernel/errors.ts';

/**
 * The authorities to trust: Node's own, and those of the files that NODE_EXTRA_CA_CERTS and GitLab's runner name.
 * Undefined where there are no such files: Node is faster with its own. Throws NETWORK_CERTIFICATES.
 */
export function readAuthorities(env: Context['env']): string[] | undefined {
  const named = [{ variable: 'NODE_EXTRA_CA_CERTS', file: env.NODE_EXTRA_CA_CERTS }, serverCertificates(env)];
  const extra = named.flatMap(({ variable, file }) =>
    file === undefined || file === '' ? [] : readCertificates(variable, file),
  );
  return extra.length === 0 ? undefined : [...getCACertificates('default'), ...extra];
}

// Read anew although Node has read the first file at its start: Node only warns where it could not.
function readCertificates(variable: string, file: string): string[] {
  const refuse = (reason: string, cause?: unknown) =>
    networkErrors.CERTIFICATES({ variable, file, reason }, cause);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw refuse((error as NodeJS.ErrnoException).code ?? String(error), error);
  }
  const certificates = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (certificates.length === 0) throw refuse('it holds no certificate');
  for (const [index, certificate] of certificates.entries()) {
    try {
      new X509Certificate(certificate);
    } catch (error) {
      throw refuse(`its certificate ${index + 1} is damaged`, error);
    }
  }
  return certificates;
}

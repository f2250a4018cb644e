const secret =
  /TOKEN|SECRET|PASSW(OR)?D|PASSPHRASE|CREDENTIAL|PRIVATE|KUBECONFIG|(API|ACCESS|SIGNING|SESSION|DEPLOY|ENCRYPTION)_?KEY|_(KEY|PAT|DSN|PWD)$|^(KEY|PAT|DSN)$/i;
/** What is named like one and is none: public halves, and names, addresses and lifetimes of the thing. */
const open = /PUBLIC|_(URL|URI|HOST|PATH|FILE_NAME|ID|NAME|TTL|EXPIRY|ISSUER)$/i;

/** Whether a variable is named like something that must not be read by others. Its value is not known. */
export function isSecret(key: string): boolean {
  return secret.test(key) && !open.test(key);
}

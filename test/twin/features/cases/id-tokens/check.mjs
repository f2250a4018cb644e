import { createPublicKey, verify } from 'node:crypto';

const { TOKEN = '', CI_SERVER_URL } = process.env;
const [head, body, signature] = TOKEN.split('.');
const { alg, kid } = JSON.parse(Buffer.from(head, 'base64url'));
const claims = JSON.parse(Buffer.from(body, 'base64url'));
const discovery = await (await fetch(`${CI_SERVER_URL}/.well-known/openid-configuration`)).json();
const { keys } = await (await fetch(discovery.jwks_uri)).json();
const key = createPublicKey({ key: keys.find((one) => one.kid === kid), format: 'jwk' });
const signed = verify('sha256', Buffer.from(`${head}.${body}`), key, Buffer.from(signature, 'base64url'));
console.log(`${alg} signed ${signed}`);
console.log(`aud ${JSON.stringify(claims.aud)}`);
console.log(`sub ${claims.sub}`);
const { project_path, ref, ref_protected, pipeline_source, environment } = claims;
console.log(`project ${project_path} ref ${ref} protected ${ref_protected} source ${pipeline_source} environment ${environment}`);
console.log(`issued here ${claims.iss === CI_SERVER_URL && discovery.issuer === claims.iss}, for ${claims.exp - claims.iat} s`);

// Real-looking items for the detectors: made with valid check digits, and by hand. No item is a secret of anybody.

export interface Sample {
  readonly detector: string;
  /** The item in its context. */
  readonly text: string;
}

/** Numbers that come again the same: a linear congruential generator (Numerical Recipes). */
export function createChance(seed: number) {
  let state = seed >>> 0;
  const below = (limit: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  const digits = (length: number) => Array.from({ length }, () => below(10)).join('');
  const from = (alphabet: string, length: number) =>
    Array.from({ length }, () => alphabet.charAt(below(alphabet.length))).join('');
  const one = <T>(list: readonly T[]): T => list[below(list.length)] as T;
  return { below, digits, from, one };
}

type Chance = ReturnType<typeof createChance>;

const alphanumeric = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ0123456789';

function luhn(digits: string): string {
  let sum = 0;
  for (const [index, digit] of [...digits].reverse().entries()) {
    const value = Number(digit) * (index % 2 === 0 ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  }
  return digits + String((10 - (sum % 10)) % 10);
}

function card({ one, digits, below }: Chance): string {
  const [prefix, length] = one([
    ['4', 16],
    ['51', 16],
    ['55', 16],
    ['2221', 16],
    ['2720', 16],
    ['34', 15],
    ['37', 15],
    ['6011', 16],
    ['649', 16],
    ['36', 14],
    ['3530', 16],
    ['62', 16],
  ] as const);
  const plain = luhn(prefix + digits(length - prefix.length - 1));
  if (length !== 16 || below(2) === 0) return plain;
  return (plain.match(/\d{4}/g) ?? []).join(one([' ', '-']));
}

function iban({ one, digits, from, below }: Chance): string {
  const [country, body] = one([
    ['DE', digits(18)],
    ['FR', digits(23)],
    ['GB', from('ABCDEFGHIKLMNOPRSTW', 4) + digits(14)],
    ['NL', from('ABCDEFGHIKLMNOPRSTW', 4) + digits(10)],
    ['ES', digits(20)],
    ['AT', digits(16)],
    ['CH', digits(17)],
    ['PL', digits(24)],
    ['NO', digits(11)],
  ] as const);
  const numeric = [...`${body}${country}00`].map((character) => Number.parseInt(character, 36)).join('');
  const check = String(98n - (BigInt(numeric) % 97n)).padStart(2, '0');
  const plain = `${country}${check}${body}`;
  return below(2) === 0 ? plain : (plain.match(/.{1,4}/g) ?? []).join(' ');
}

function cpf({ digits }: Chance): string {
  const first = digits(9);
  const check = (text: string) =>
    String(
      (([...text].reduce((sum, digit, at) => sum + Number(digit) * (text.length + 1 - at), 0) * 10) % 11) %
        10,
    );
  const one = first + check(first);
  const all = one + check(one);
  return all.replace(/(\d{3})(\d{3})(\d{3})(\d{2})/, '$1.$2.$3-$4');
}

function dni({ digits, below }: Chance): string {
  const number = `1${digits(7)}`;
  return `${number}${below(2) === 0 ? '' : '-'}${'TRWAGMYFPDXBNJZSQVHLCKE'.charAt(Number(number) % 23)}`;
}

function ssn({ below, digits }: Chance): string {
  const area = String(100 + below(560)).padStart(3, '0');
  const [group, serial] = [String(1 + below(99)).padStart(2, '0'), `1${digits(3)}`];
  return `${area}-${group}-${serial}`;
}

function address({ one, from, below }: Chance): string {
  const name = from('abcdefghijklmnoprstuvw', 3 + below(6));
  const host = from('abcdefghiklmnoprst', 4 + below(6));
  return `${name}${one(['', '.', '+', '_', '-'])}${from('bcdfgh', 4)}@${host}.${one(['com', 'org', 'de', 'co.uk', 'io', 'dev', 'fr', 'edu'])}`;
}

function phone({ one, digits }: Chance): string {
  const area = () => `${one(['2', '3', '5', '7', '9'])}${one(['1', '4', '8'])}${one(['2', '5', '9'])}`;
  return one([
    () => `+49 ${area()} 5${digits(3)}1${digits(2)}`,
    () => `+1 ${area()} 5${digits(2)} 7${digits(3)}`,
    () => `+44 20 79${digits(2)} 0${digits(3)}`,
    () => `+33612${digits(4)}89`,
    () => `(${area()}) 5${digits(2)}-7${digits(3)}`,
    () => `${area()}-5${digits(2)}-47${digits(2)}`,
    () => `01 4${digits(1)} 53 9${digits(1)} ${digits(2)}`,
    () => `tel: 030 12${digits(4)}`,
  ])();
}

function token({ one, from, below, digits }: Chance): string {
  return one([
    () => `glpat-${from(alphanumeric, 20)}`,
    () => `glrt-${from(alphanumeric, 20)}`,
    () => `ghp_${from(alphanumeric, 36)}`,
    () => `github_pat_${from(alphanumeric, 40)}`,
    () => `AKIA${from('ABCDEFGHJKLMNPQRSTUVWXYZ234567', 16)}`,
    () => `AIza${from(alphanumeric, 35)}`,
    () => `xoxb-${digits(11)}-${from(alphanumeric, 24)}`,
    () => `npm_${from(alphanumeric, 36)}`,
    () => `sk-ant-api03-${from(alphanumeric, 40)}`,
    () => `hf_${from(alphanumeric, 34)}`,
    () => `eyJ${from(alphanumeric, 30)}.${from(alphanumeric, 60 + below(20))}.${from(alphanumeric, 43)}`,
  ])();
}

function assigned({ one, from }: Chance): string {
  const value = `${from(alphanumeric, 12)}7${from(alphanumeric, 12)}q4`;
  return one([
    `api_key = "${value}"`,
    `"apiKey": "${value}",`,
    `API_KEY=${value}`,
    `const clientSecret = '${value}';`,
    `  secret: ${value}`,
    `auth_token: "${value}"`,
    `password = "${from(alphanumeric, 9)}!4"`,
    `DB_PASSWORD: '${from(alphanumeric, 9)}%8'`,
    `config["signing_key"] = "${value}"`,
    `AccountKey=${value}==`,
  ]);
}

function publicAddress({ one, below }: Chance): string {
  const octet = () => 1 + below(250);
  return one([
    `${one([8, 23, 52, 84, 151, 185, 203])}.${octet()}.${octet()}.${octet()}`,
    `2a02:810${one(['a', 'b'])}:${(4096 + below(5000)).toString(16)}::${(16 + below(200)).toString(16)}`,
    `2001:4860:4860::88${one(['88', '44'])}`,
  ]);
}

function key({ from, one }: Chance): string {
  const kind = one(['', 'RSA ', 'EC ', 'OPENSSH ', 'ENCRYPTED ']);
  return `-----BEGIN ${kind}PRIVATE KEY-----\n${from(alphanumeric, 64)}\n${from(alphanumeric, 40)}\n-----END ${kind}PRIVATE KEY-----`;
}

function urlWithPassword({ one, from }: Chance): string {
  return `${one(['postgres', 'https', 'amqp', 'redis'])}://${one(['app', 'deploy', ''])}:${from(alphanumeric, 14)}9@db.acme.io/x`;
}

function birth({ below, one }: Chance): string {
  const [year, month, day] = [1950 + below(55), 1 + below(12), 1 + below(28)];
  return one([
    `date of birth: ${year}-${month}-${day}`,
    `DOB ${month}/${day}/${year}`,
    `born ${day}.${month}.${year}`,
  ]);
}

const makers: Readonly<Record<string, (chance: Chance) => string>> = {
  'credit-card': card,
  iban,
  email: address,
  phone,
  'ip-address': publicAddress,
  'us-ssn': ssn,
  'national-id': (chance) => (chance.below(2) === 0 ? cpf(chance) : dni(chance)),
  'birth-date': birth,
  'secret-token': token,
  'assigned-secret': assigned,
  'private-key': key,
  'url-credentials': urlWithPassword,
};

const contexts = [
  (item: string) => item,
  (item: string) => `see ${item}, please`,
  (item: string) => `x: 1\n  ${item}\ny`,
];

/** At least so many of each kind. */
export function positives(each: number, seed = 7): readonly Sample[] {
  const chance = createChance(seed);
  return Object.entries(makers).flatMap(([detector, make]) =>
    Array.from({ length: each }, () => ({ detector, text: chance.one(contexts)(make(chance)) })),
  );
}

const hex = '0123456789abcdef';

/** What is none of all that, and looks as if. */
function generated(chance: Chance): string {
  const { one, digits, from, below } = chance;
  return one([
    () => `sha256:${from(hex, 64)}`,
    () => `commit ${from(hex, 40)}`,
    () => `"integrity": "sha512-${from(alphanumeric, 86)}=="`,
    () => `id: ${from(hex, 8)}-${from(hex, 4)}-4${from(hex, 3)}-a${from(hex, 3)}-${from(hex, 12)}`,
    () => `data:image/png;base64,${from(alphanumeric, 80)}`,
    () => `"version": "${below(20)}.${below(40)}.${below(90)}"`,
    () => `timestamp: 17${digits(11)}`,
    () => `${2000 + below(30)}-0${1 + below(9)}-1${below(10)}T1${below(10)}:3${below(10)}:00Z`,
    () => `port: ${1000 + below(60000)}`,
    () => `10.${below(255)}.${below(255)}.${1 + below(254)}`,
    () => `192.168.${below(255)}.${1 + below(254)}`,
    () => `token: process.env.${from('ABCDEFG', 6)}_TOKEN`,
    () => `password: $${from('ABCDEFG', 6)}_PASSWORD`,
    () => `apiKey = getKey("${from('abcdef', 8)}")`,
    () => `const token = tokens[${below(9)}];`,
    () => `git@github.com:${from('abcdefg', 6)}/${from('hijkl', 5)}.git`,
    () => `${from('abcdefg', 6)}@${below(9)}.${below(20)}.${below(9)}`,
    () => `@scope/${from('abcdefg', 8)}`,
    () => `@@ -${1 + below(900)},${1 + below(90)} +${1 + below(900)},${1 + below(90)} @@`,
    () => `+${2000 + below(30)}${digits(4)}`,
    () => `0.${digits(17)}`,
    () => `${digits(3)} ${digits(3)} ${digits(3)}`,
    () => `ISBN 978-3-${digits(2)}-${digits(6)}-${digits(1)}`,
    () => `#${from(hex, 6)}`,
    () => `  "resolved": "https://registry.example.com/x/-/x-${below(9)}.${below(9)}.0.tgz",`,
    // A card with a wrong check digit, and an account with one.
    () => card(chance).replace(/\d$/, (last) => String((Number(last) + 1 + below(8)) % 10)),
    () =>
      `DE${String(10 + below(80))} ${digits(4)} ${digits(4)} ${digits(4)} ${digits(4)} 0${digits(1)}`.replace(
        /^DE\d\d/,
        'DE00',
      ),
  ])();
}

const byHand = [
  'reviewer@example.com',
  'noreply@gitlab.com',
  'foo@bar.invalid',
  'image@2x.ts',
  'return@forEach.size',
  'user@localhost',
  '@decorator.name',
  'a@b',
  '000-12-3456',
  '666-12-3456',
  '912-12-3456',
  '123-00-4567',
  '123-45-0000',
  '078-05-1120',
  '2024-11-2024',
  '127.0.0.1:8080',
  '0.0.0.0',
  '255.255.255.255',
  '203.0.113.9',
  'v1.2.3.4',
  'version 10.4.2.1',
  '1.2.3.4.5',
  'section 1.2.3.400',
  '::1',
  'fe80::1',
  '2001:db8::1',
  'std::vector::iterator',
  '12:30:45',
  'de:ad:be:ef:00:01',
  'token: string',
  'token = await fetchToken()',
  'password: ""',
  'password: "password"',
  'password: "changeme"',
  'secret: "your-secret-here"',
  'api_key: "<your api key>"',
  'api_key = os.environ["API_KEY"]',
  'secret_name: my-app-tls-cert',
  'max_tokens: 4096000000',
  'publicKey: "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE9"',
  'next_token = "eFj3kD93kdD93k"',
  'primary_key: user_id_2024_a',
  'tokenizer: o200k_base',
  'passwordField = form.password',
  'private_key_path: /etc/ssl/private/key1.pem',
  'secretKeyRef: app-credentials-v2',
  '-----BEGIN CERTIFICATE-----',
  '-----BEGIN PUBLIC KEY-----',
  'https://user@host.acme.io/x',
  'https://user:$PASSWORD@host.acme.io',
  'https://user:password@host.acme.io',
  'http://localhost:8080/@vite',
  'sk-something',
  'glpat-xxxxxxxxxxxxxxxxxxxx',
  'AKIAIOSFODNN7EXAMPLE',
  'ghp_short',
  'eyJ is how it begins',
  '4111 1111 1111 1112',
  '1234567812345678',
  '0000000000000000',
  '4444444444444444',
  'order 8012345678901',
  '1 2 3 4 5 6 7 8 9 10',
  '[1, 2, 3, 100, 200, 300]',
  '+1 -1',
  '+12345',
  '3.14159265358979',
  '100.000.000-00',
  '1.000.000,00',
  '12345678A',
  '00000000T',
  'B2B12345678',
  'date: 1980-01-02',
  'updated 01/02/2024',
  'released on 2024-05-06',
  'GB82',
  'NO 93 8601',
  'US64SVBKUS6S3300958879',
  'CHANGELOG2024',
  'ABCDEF12A34B567Z',
  'RFC 2606, ISO 13616',
  'lines 100-200-3000',
  'pages 12-34-5678',
  'x86_64-unknown-linux-gnu',
  'AAAAB3NzaC1yc2EAAAADAQABAAABgQ',
  'build 20240501.1234567',
  '1_000_000_000',
  'uid 1000:1000',
  '(800) 12',
  '911',
  '2023/10/05 12:00:00',
  'a.b.c.d@e',
  'IP: 172.16.0.1',
  'IP: 100.64.0.1',
  'if (a == b) token = next;',
  'ETag: "33a64df551425fcc55e4d42a148795d9f25f89d4"',
  'cache-key: node-24-lock-1234567890',
  'key: value',
];

export function negatives(count: number, seed = 11): readonly string[] {
  const chance = createChance(seed);
  return [...byHand, ...Array.from({ length: Math.max(0, count - byHand.length) }, () => generated(chance))];
}

import { describe, expect, test } from 'vitest';
import { connect, secret } from './harness.ts';

describe('a client is not made', () => {
  test.each([
    ['gitlab.example.com/api/v4', 'it is no URL'],
    ['ftp://gitlab.example.com/api/v4', 'neither https nor http'],
    [`https://user:${secret}@gitlab.example.com/api/v4`, 'a user name or password'],
    [`https://gitlab.example.com/api/v4?private_token=${secret}`, 'a query'],
  ])('for %s', (apiUrl, words) => {
    expect(() => connect('', { apiUrl })).toThrow(
      expect.objectContaining({ code: 'GITLAB_API_URL', message: expect.stringContaining(words) }),
    );
    expect(() => connect('', { apiUrl })).not.toThrow(secret);
  });

  test.each(['', `${secret}\n`, `"${secret}" `, 'ключ'])('with the token %j', (value) => {
    const apiUrl = 'https://gitlab.example.com/api/v4';
    const make = () => connect('', { apiUrl, token: { kind: 'private', value } });
    expect(make).toThrow(expect.objectContaining({ code: 'GITLAB_TOKEN_FORM' }));
    expect(make).not.toThrow(secret);
  });
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { firstOfBlock, parseObject, renderObject } from '../../components/stores/s3/objects.ts';

const owner = fc
  .tuple(fc.integer({ min: 1, max: 1_000 }), fc.nat(1_000), fc.stringMatching(/^[0-9a-f]{16}$/))
  .map(([epoch, more, nonce]) => ({ epoch, claim: epoch + more, nonce }));

test('an object is read as it was written, at its own number alone', () => {
  fc.assert(
    fc.property(
      owner,
      fc.integer({ min: 1, max: 64 }),
      fc.nat(64),
      fc.uint8Array({ maxLength: 300 }),
      (mine, first, more, content) => {
        const bytes = Buffer.from(content);
        const n = mine.claim + first + more;
        const block = { kind: 'block', ...mine, first, bytes } as const;
        expect(parseObject(n, renderObject(block))).toEqual(block);
        expect(parseObject(mine.claim + first - 1, renderObject(block))).toBeUndefined();
        const claim = { kind: 'claim', ...mine } as const;
        expect(parseObject(mine.claim, renderObject(claim))).toEqual(claim);
        expect(parseObject(mine.claim + 1, renderObject(claim))).toBeUndefined();
      },
    ),
  );
});

test('one bit changed, and it is none or says what it is otherwise', () => {
  const block = { kind: 'block', epoch: 2, claim: 7, nonce: '0123456789abcdef', first: 1 } as const;
  const written = renderObject({ ...block, bytes: Buffer.from('bytes of a frame') });
  const start = written.indexOf(10);
  for (let bit = start * 8; bit < written.length * 8; bit += 1) {
    const changed = Buffer.from(written);
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    expect(parseObject(9, changed)).toBeUndefined();
  }
});

test('blocks lead from any piece to the first, in few steps, and none is longer than it may be', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 300 }), (sizes) => {
      const most = 1_000;
      const total = sizes.reduce((sum, size) => sum + size, 0);
      let steps = 0;
      for (let last = sizes.length; last > 0; steps += 1) {
        const first = firstOfBlock(sizes.slice(0, last), most);
        const bytes = sizes.slice(first - 1, last).reduce((sum, size) => sum + size, 0);
        expect(bytes).toBeLessThanOrEqual(most);
        last = first - 1;
      }
      expect(steps).toBeLessThanOrEqual(Math.log2(sizes.length) + 1 + (4 * total) / most);
    }),
  );
});

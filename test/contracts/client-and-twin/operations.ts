import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { convergeNote } from '../../../components/gitlab/endpoints/converge-note.ts';
import { createDiscussion } from '../../../components/gitlab/endpoints/discussions.ts';
import { downloadPackage, uploadPackage } from '../../../components/gitlab/endpoints/generic-packages.ts';
import { createIssue } from '../../../components/gitlab/endpoints/issues.ts';
import { createLabel } from '../../../components/gitlab/endpoints/labels.ts';
import { createNote, deleteNote } from '../../../components/gitlab/endpoints/notes.ts';
import { setStatus } from '../../../components/gitlab/endpoints/statuses.ts';
import { items } from '../../../components/gitlab/pages.ts';
import { path } from '../../../components/gitlab/path.ts';
import { json } from '../../../components/gitlab/read-body.ts';
import type { Place } from './place.ts';

/** Something a job does through the client, and what of it is there on the twin afterwards. */
export interface Operation {
  readonly id: string;
  /** Resolves when the client says it is done; `key` is its own. */
  readonly run: (place: Place, key: string) => Promise<unknown>;
  /** How often it has been done, by the twin's own books: 1 is right, 0 is lost. */
  readonly done: (place: Place, key: string, result: unknown) => number;
}

export const operations: readonly Operation[] = [
  {
    id: 'read 60 entries in pages of 20',
    run: ({ gitlab, catalog }) =>
      Array.fromAsync(
        items(gitlab, {
          ...{ method: 'GET', path: path`projects/${catalog.id}/labels`, query: { per_page: 20 } },
          read: json((data) => (data as { name: string }[]).map(({ name }) => name)),
        }),
      ),
    done: ({ labels }, _, result) => Number(String(result) === String(labels)),
  },
  {
    id: 'a note of two runs',
    run: async (place, key) => {
      const first = await converge(place, key, 'first');
      const second = await converge(place, key, 'second');
      return first.note.id === second.note.id;
    },
    done: (place, key, isSame) => {
      const bodies = notesWith(place, key);
      return isSame === false || bodies.every((body) => body.startsWith('second')) ? bodies.length : 0;
    },
  },
  {
    id: 'open a thread',
    run: (place, key) =>
      createDiscussion(place.gitlab, { ...marked(place, key), body: textOf(key, 'thread') }),
    done: (place, key) => notesWith(place, key).length,
  },
  {
    id: 'delete a note',
    run: async (place, key) => {
      const { id } = await createNote(place.gitlab, { ...marked(place, key), body: textOf(key, 'gone') });
      await deleteNote(place.gitlab, { ...target(place), note: id });
    },
    done: (place, key) => 1 + notesWith(place, key).length,
  },
  {
    id: 'open an issue',
    run: (place, key) =>
      createIssue(place.gitlab, { ...marked(place, key), title: key, description: textOf(key, 'issue') }),
    done: ({ shop }, key) =>
      [...shop.issues.values()].filter(({ description }) => description.includes(markerOf(key))).length,
  },
  {
    id: 'create a label',
    run: ({ gitlab, shop }, key) => createLabel(gitlab, { project: shop.id, name: key, color: '#ff0000' }),
    done: ({ shop }, key) => shop.labels.filter(({ name }) => name === key).length,
  },
  {
    id: 'set a status twice',
    run: async ({ gitlab, shop, sha }, key) => {
      for (const state of ['running', 'success'] as const)
        await setStatus(gitlab, { project: shop.id, sha, name: key, state });
    },
    done: ({ twin }, key) =>
      [...twin.world.jobs.values()].filter(
        ({ name, status, retried }) => name === key && status === 'success' && !retried,
      ).length,
  },
  {
    id: 'upload a package and download it',
    run: async (place, key) => {
      const { context, gitlab, shop } = place;
      const file = { project: shop.id, name: key, version: '1', fileName: 'file.bin' };
      const bytes = contentOf(key);
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      await uploadPackage(gitlab, context, file, { source: { bytes }, sha256 });
      await downloadPackage(gitlab, context, file, { file: 'file.bin', maxBytes: 1e6, sha256 });
    },
    done: ({ shop, folder }, key) => {
      const isWhole = contentOf(key).equals(readFileSync(join(folder, 'file.bin')));
      return isWhole ? [...shop.packages.values()].filter(({ name }) => name === key).length : 0;
    },
  },
];

/** Brings the merge request to one note of this key with this text. */
export function converge(place: Place, key: string, text: string) {
  return convergeNote(place.gitlab, target(place), { ...marked(place, key), body: textOf(key, text) });
}

export function notesWith({ mergeRequest }: Place, key: string): readonly string[] {
  return mergeRequest.notes.map(({ body }) => body).filter((body) => body.includes(markerOf(key)));
}

function target({ shop, mergeRequest }: Place) {
  return { project: shop.id, mergeRequest: mergeRequest.iid };
}

function marked(place: Place, key: string) {
  return { ...target(place), marker: markerOf(key), author: place.bot };
}

function markerOf(key: string): string {
  return `<!-- ${key} -->`;
}

function textOf(key: string, text: string): string {
  return `${text}\n\n${markerOf(key)}`;
}

function contentOf(key: string): Buffer {
  return Buffer.from(key.repeat(2_000));
}

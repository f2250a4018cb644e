import type { Changes } from './changes.ts';
import { issueCommands } from './issue-commands.ts';
import { mergeRequestCommands } from './merge-request-commands.ts';
import { noun, peopleCommands, planningCommands } from './planning-commands.ts';
import { mayUpdate } from './rights.ts';
import type { Scene } from './scene.ts';

/** A quick action. Source: docs.gitlab.com/user/project/quick_actions */
export interface Command {
  readonly names: readonly string[];
  readonly kind?: Scene['kind'];
  /** Whether it may be used here and now. */
  readonly can: (scene: Scene) => boolean;
  /** Adds to the changes, and tells what will be done; undefined where that is nothing. */
  readonly run: (scene: Scene, arg: string, changes: Changes) => string | undefined;
}

const stateCommands: readonly Command[] = [
  {
    names: ['close'],
    can: ({ target, ...scene }) => target?.state === 'opened' && mayUpdate(scene.user, scene.project, target),
    run: ({ kind }, _, changes) => {
      changes.stateEvent = 'close';
      return `Closed this ${noun(kind)}.`;
    },
  },
  {
    names: ['reopen'],
    can: ({ target, ...scene }) => target?.state === 'closed' && mayUpdate(scene.user, scene.project, target),
    run: ({ kind }, _, changes) => {
      changes.stateEvent = 'reopen';
      return `Reopened this ${noun(kind)}.`;
    },
  },
  {
    names: ['title'],
    can: ({ target, ...scene }) => target !== undefined && mayUpdate(scene.user, scene.project, target),
    run: (_, arg, changes) => {
      if (arg === '') return undefined;
      changes.title = arg;
      return `Changed the title to "${arg}".`;
    },
  },
];

const commands: readonly Command[] = [
  ...stateCommands,
  ...planningCommands,
  ...peopleCommands,
  ...mergeRequestCommands,
  ...issueCommands,
];

/** What GitLab takes out of a text too, and the twin has nothing to do it with. */
const others = {
  both: 'milestone remove_milestone copy_metadata react award severity estimate_time remove_time_estimate',
  issue:
    'duplicate clone move create_merge_request zoom remove_zoom board_move relate blocks blocked_by unlink promote_to_incident promote_to add_contacts remove_contacts add_email type set_parent remove_parent add_child remove_child checkin_reminder timeline',
  merge_request: 'rebase submit_review request_changes',
} as const;

/** All names GitLab knows as commands of such a thing. */
export function commandNames(kind: Scene['kind']): string[] {
  const own = commands.filter((command) => isOf(command, kind)).flatMap(({ names }) => names);
  return [...own, ...others.both.split(' '), ...others[kind].split(' ')];
}

export function findCommand(kind: Scene['kind'], name: string): Command | undefined {
  return commands.find((command) => isOf(command, kind) && command.names.includes(name));
}

function isOf(command: Command, kind: Scene['kind']): boolean {
  return command.kind === undefined || command.kind === kind;
}

import type { JsonValue } from '../../kernel/canonical.ts';
import type { ToolDescription } from '../../models/types.ts';
import type { ArgumentCheck } from '../argument-check.ts';
import type { Report } from '../records.ts';
import type { AgentManifest, Signal } from '../types.ts';
import type { Pouch } from './types.ts';

/** The tool by which an agent says how sure it is, and raises the signals that its manifest leaves to it. */
export function createReport(manifest: AgentManifest, check: ArgumentCheck): Pouch {
  const tool = reportTool(manifest);
  return {
    descriptions: [tool],
    find: (name) => {
      if (name !== tool.name) return undefined;
      return async ({ input }) => {
        const wrong = await check(tool.name, tool.parameters, input);
        return wrong ?? { text: 'Noted.', failed: false, report: readReport(input) };
      };
    },
  };
}

function reportTool(manifest: AgentManifest): ToolDescription {
  const own = manifest.signals.filter(({ condition }) => condition === undefined).map(({ signal }) => signal);
  const signal = { enum: [...new Set(own)], description: 'What you signal, where you do' };
  return {
    name: 'report',
    description: 'Says how sure you are of your work so far.',
    parameters: {
      type: 'object',
      additionalProperties: false,
      required: ['confidence'],
      properties: {
        confidence: { type: 'number', minimum: 0, maximum: 1, description: 'From 0 to 1' },
        next_action: { type: 'string', maxLength: 500, description: 'What should be done next, by whom' },
        primary_metric: { type: 'number', description: 'Value of your primary measure of effectiveness' },
        ...(own.length === 0 ? {} : { signal }),
      },
    },
  };
}

/** Arguments that satisfied the tool's schema. */
function readReport(input: JsonValue): Report {
  const { confidence, next_action, primary_metric, signal } = input as {
    confidence: number;
    next_action?: string;
    primary_metric?: number;
    signal?: Signal;
  };
  return { confidence, nextAction: next_action, primaryMetric: primary_metric, signal };
}

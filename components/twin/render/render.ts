import { renderFindings } from './findings.ts';
import { loadFile, type Run } from './include.ts';
import { renderYaml } from './render-yaml.ts';
import { createReport } from './report.ts';
import type { Rendered, RenderRequest } from './types.ts';

/**
 * Renders the configuration of a project as GitLab would when it creates a pipeline: inputs, interpolation, includes,
 * merge. Everything that is wrong is reported in one run, with GitLab's messages, which begin with the included file.
 */
export async function render(request: RenderRequest): Promise<Rendered> {
  const report = createReport(request);
  const { project, sha, file: path } = request;
  const text = await request.files.read(project, sha, path);
  const source = { project, sha, path, text: text ?? '', label: path };
  if (text === undefined || text.trim() === '') {
    const code = text === undefined ? renderFindings.FILE_MISSING : renderFindings.FILE_EMPTY;
    const state = text === undefined ? 'does not exist!' : 'is empty!';
    report.add({ code, message: `Local file \`${path}\` ${state}` }, { source });
    return { ok: false, problems: report.problems() };
  }
  const run: Run = { request, report, includes: [], count: 0 };
  const given = { inputs: request.inputs, spot: { source } };
  const loaded = await loadFile(run, { project, sha, path, text, component: {} }, path, given, undefined);
  const problems = report.problems();
  const failed = problems.some((problem) => problem.severity === 'error');
  if (failed) return { ok: false, problems };
  if (loaded === undefined || Object.keys(loaded.config).length === 0) {
    report.add(
      { code: renderFindings.FORMAT, message: `\`${path}\`: Invalid configuration format` },
      { source },
    );
    return { ok: false, problems: report.problems() };
  }
  const { config } = loaded;
  return { ok: true, config, yaml: renderYaml(config), warnings: problems, includes: run.includes };
}

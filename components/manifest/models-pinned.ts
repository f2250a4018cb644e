/**
 * Why a name of a model may stand for another model tomorrow; undefined where it cannot, or where nothing is known
 * about the provider. Anthropic: "Model IDs and versioning" of its documentation (dates until 4.5, from 4.6 on an id
 * without a date is pinned); OpenAI: "Models", snapshots by date; Google: "Model versions", three digits up to 2.0,
 * from 2.5 on the stable name itself is pinned.
 */
export function whyUnpinned(provider: string | undefined, model: string): string | undefined {
  if (model.length > 256 || /[${}<>]/.test(model)) return undefined;
  if (/(?:^|[-:@])latest$/i.test(model)) return 'is an alias that moves with every release';
  if (!/\d/.test(model)) return hasVersions(provider, model) ? 'names no version' : undefined;
  const name = model.toLowerCase().replace(/^.*[/.](?=(?:claude|gpt|gemini|o\d))/, '');
  if (/^claude-/.test(name)) return isPinnedClaude(name) ? undefined : `${without} with a date`;
  if (/^(?:gpt-|chatgpt-|o\d)/.test(name) && provider !== 'azure') {
    return /\d{4}-\d{2}-\d{2}$|-\d{4}(?:-preview)?$/.test(name) ? undefined : `${without} with a date`;
  }
  if (/^gemini-[12]\.[0-4]/.test(name)) {
    return /-\d{3}$|-\d{2}-\d{2}$/.test(name) ? undefined : `${without} with three digits at its end`;
  }
  return undefined;
}

const without = 'is an alias for the newest snapshot, which has a name';

/** Names without any digit: of the three families they are nicknames; elsewhere, as with a deployment, unknown. */
function hasVersions(provider: string | undefined, model: string): boolean {
  if (provider === 'azure' || provider === 'custom') return false;
  return /^(?:claude|opus|sonnet|haiku|gpt|gemini|mistral|llama|command)(?:-[a-z]+)*$/i.test(model);
}

function isPinnedClaude(name: string): boolean {
  if (/\d{8}(?:-v\d+(?::\d+)?)?$/.test(name)) return true;
  const [, major = '0', minor = '0'] = /^claude-[a-z]+-(\d{1,2})(?:-(\d{1,2}))?(?:-v\d+)?$/.exec(name) ?? [];
  return Number(major) * 100 + Number(minor) >= 406;
}

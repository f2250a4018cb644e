import { jobToken } from './gitlab.ts';

/** Keys of models: a job that has one runs an agent or something like it. Names are those their documentation gives. */
export const modelKeys: ReadonlySet<string> = new Set([
  ...['ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN', 'CLAUDE_CODE_OAUTH_TOKEN'],
  ...['OPENAI_API_KEY', 'CODEX_API_KEY', 'AZURE_OPENAI_API_KEY', 'GEMINI_API_KEY', 'GOOGLE_API_KEY'],
  ...['MISTRAL_API_KEY', 'GROQ_API_KEY', 'XAI_API_KEY', 'OPENROUTER_API_KEY', 'DEEPSEEK_API_KEY'],
  ...['AWS_BEARER_TOKEN_BEDROCK', 'CURSOR_API_KEY', 'AMP_API_KEY', 'COPILOT_GITHUB_TOKEN'],
]);

/** Tokens of GitLab or GitHub by the names that people and their tools give them. */
const forgeToken =
  /^(?:GITLAB_TOKEN|GL_TOKEN|GLAB_TOKEN|GITLAB_(?:API_|PRIVATE_|ACCESS_|BOT_|WRITE_|PUSH_)TOKEN|PRIVATE_TOKEN|GITLAB_PAT|PROJECT_ACCESS_TOKEN|GROUP_ACCESS_TOKEN|(?:CI_)?(?:GIT_)?PUSH_TOKEN|GH_TOKEN|GITHUB_TOKEN)$/;

const secretName =
  /(?:^|_)(?:TOKEN|SECRET|PASSWORD|PASSWD|API_KEY|PRIVATE_KEY|SECRET_KEY|SIGNING_KEY|ACCESS_KEY|SECRET_ACCESS_KEY|SSH_KEY|CREDENTIALS|KUBECONFIG|PAT)$/;

/** Whether a variable of that name holds a secret, as far as a name can tell. A job's own token is none: it ends with the job. */
export function isSecretName(name: string): boolean {
  return name !== jobToken && (modelKeys.has(name) || secretName.test(name));
}

export function isForgeToken(name: string): boolean {
  return forgeToken.test(name);
}

export function isTokenName(name: string): boolean {
  return /(?:^|_)(?:TOKEN|PAT)$/.test(name);
}

/** Variables that hold keys of models (those of the providers' own libraries, and what is named like them) and of MCP servers. */
export function isKeyVariable(name: string): boolean {
  return (
    /(^|_)API_?(KEY|TOKEN)S?(_|$)/.test(name) ||
    /^(ANTHROPIC|OPENAI|AZURE_OPENAI|GOOGLE|GEMINI|MISTRAL|GROQ|TOGETHER|DEEPSEEK|OLLAMA|VLLM|HF|HUGGINGFACE|COHERE|XAI|FIREWORKS|OPENROUTER|PERPLEXITY|CEREBRAS|REPLICATE)_.*(KEY|TOKEN|SECRET)S?$/.test(
      name,
    ) ||
    /^PIPEWRIGHT_MODEL_.*(KEY|TOKEN)$/.test(name) ||
    /^MCP_[A-Z0-9_]+_TOKEN$/.test(name)
  );
}

/** The variable that holds the key of an MCP server: `MCP_GLOSSARY_TOKEN`. No two names have one. */
export function tokenVariable(server: string): string {
  return `MCP_${server.toUpperCase().replaceAll('-', '_')}_TOKEN`;
}

export interface PartedEnvironment {
  readonly keys: Readonly<Record<string, string>>;
  /** Without them. */
  readonly rest: Readonly<Record<string, string>>;
}

/** Parts keys that a broker shall hold from everything else; an empty variable holds none. */
export function partEnvironment(env: Readonly<Record<string, string | undefined>>): PartedEnvironment {
  const keys: Record<string, string> = {};
  const rest: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined) continue;
    if (isKeyVariable(name) && value.trim() !== '') keys[name] = value.trim();
    else rest[name] = value;
  }
  return { keys, rest };
}

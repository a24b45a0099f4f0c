import { shellToolNames } from '../../policy/call-fact.ts';
import { defaultRules } from '../../policy/default-rule.ts';
import { builtinTools } from '../../schema/builtin-tool.ts';
import type { Policy } from '../../schema/policy.ts';

/** The rules that hold everywhere, over the shells of other harnesses too. */
export const foreignPolicy: Policy = {
  rules: defaultRules.map((rule) => {
    const tools = [rule.tool ?? []].flat();
    return tools.includes(builtinTools.bash)
      ? { ...rule, tool: [...new Set([...tools, ...shellToolNames])] }
      : rule;
  }),
};

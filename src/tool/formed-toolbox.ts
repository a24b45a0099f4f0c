import type { InstanceFile } from '../schema/instance.ts';
import type { ListedTool } from '../schema/trace-event.ts';
import { reworded } from '../task/perturb/reword.ts';
import { reordered } from '../task/perturb/tools.ts';
import { instanceRandom } from '../task/random.ts';
import type { Toolbox } from './toolbox.ts';

/** A toolbox whose tools are listed in another order, or described in other words; what they do is the same. */
export function formedToolbox(toolbox: Toolbox, form: InstanceFile['tools'] = {}): Toolbox {
  if (!form.order && !form.descriptions) return toolbox;
  let last: { from: readonly ListedTool[]; formed: readonly ListedTool[] } | undefined;
  return {
    call: (tool, args, options) => toolbox.call(tool, args, options),
    state: (server) => toolbox.state(server),
    close: () => toolbox.close(),
    list() {
      const from = toolbox.list();
      if (last?.from !== from) last = { from, formed: formed(from, form) };
      return last.formed;
    },
  };
}

function formed(
  tools: readonly ListedTool[],
  { order, descriptions }: NonNullable<InstanceFile['tools']>,
): ListedTool[] {
  const described = tools.map((tool) =>
    descriptions
      ? {
          ...tool,
          description: reworded(
            tool.description,
            descriptions.strength,
            instanceRandom(`${descriptions.seed}/${tool.name}`),
          ),
        }
      : tool,
  );
  return order ? reordered(described, order.strength, instanceRandom(order.seed)) : described;
}

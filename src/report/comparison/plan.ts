import type { Design } from '../../comparison/design.ts';
import type { Plan } from '../../comparison/plan.ts';
import { leastUnits } from '../../comparison/verdict.ts';
import { points } from '../../comparison/wording.ts';
import { money, several } from '../../format.ts';
import type { Style } from '../style.ts';
import { table } from '../table.ts';

/** A plan for the terminal: the question, a table of designs, and what they rest on. */
export function renderPlan(plan: Plan, style: Style): string {
  return [question(plan), ...designsOf(plan, style), ...notes(plan)].map((part) => `${part}\n`).join('\n');
}

const percent = (share: number) => `${Number((share * 100).toFixed(1))} %`;

function question({ question: { difference, power, alpha }, ground }: Plan): string {
  const agents = 'agents' in ground ? ` between ${names(ground.agents)}` : ' between two agents';
  return `To find a difference of ${points(difference)} points in completion${agents}, with a power of ${percent(power)} at alpha ${percent(alpha)}, two-sided, on the same tasks:`;
}

const names = ([a = '', b = 'another']: readonly string[]) => `${a} and ${b}`;

function designsOf(plan: Plan, style: Style): string[] {
  const { designs, reach } = plan;
  if (designs.length === 0) return [];
  const reached = new Map(reach.map((one) => [one.attempts, one]));
  const [first] = reach;
  return [
    table<Design>(
      [
        { title: 'tasks', cell: ({ tasks }) => String(tasks), align: 'right' },
        { title: 'attempts', cell: ({ attempts }) => String(attempts), align: 'right' },
        { title: 'trials', cell: ({ trials }) => String(trials), align: 'right' },
        ...(designs.some(({ costUsd }) => costUsd !== undefined)
          ? [{ title: 'cost', cell: ({ costUsd }: Design) => money(costUsd), align: 'right' as const }]
          : []),
        { title: 'planned by', cell: ({ method }) => methods[method] },
        ...(first
          ? [
              {
                title: `what ${several(first.tasks, 'task')} find`,
                cell: ({ attempts }: Design) => {
                  const smallest = reached.get(attempts)?.smallest;
                  return smallest === undefined ? 'nothing' : `${points(smallest)} points`;
                },
                align: 'right' as const,
              },
            ]
          : []),
        { title: '', cell: (design) => mark(plan, design) },
      ],
      designs,
      style,
    ),
  ];
}

const methods = { 'mcnemar-exact': 'McNemar, exact', 'paired-t': 'paired t' };

function mark({ designs, cheapest }: Plan, design: Design): string {
  if (cheapest !== undefined && designs[cheapest] === design) return '← cheapest';
  if (design.exceeds === 'tasks') return 'more tasks than there are';
  return design.exceeds === 'cost' ? 'costs more than may be spent' : '';
}

function notes(plan: Plan): string[] {
  const { ground, affordable, designs, cheapest } = plan;
  const { spread, discordant, designEffect, costUsd, unseen } = ground;
  const rests = [
    ...(unseen === undefined
      ? []
      : [
          `no two trials of a task came out differently, but so many tasks may never show what is so of ${percent(unseen)} of all, by which this is planned`,
        ]),
    ...(spread && unseen === undefined
      ? [
          `tasks' true differences vary by ${spread.between.toFixed(3)} (ω²), trials of one task by ${spread.withinA.toFixed(3)} and ${spread.withinB.toFixed(3)} (σ²)`,
        ]
      : []),
    ...(discordant === undefined || unseen !== undefined
      ? []
      : [`${percent(discordant)} of pairs of trials come out differently`]),
    ...(designEffect > 1
      ? [`tasks share clusters, so that it takes ${designEffect.toFixed(1)} times as many`]
      : []),
    ...(costUsd ? [`a trial costs ${money(costUsd.a)} and ${money(costUsd.b)}`] : []),
  ];
  const said = [`${source(plan)}: ${rests.join('; ')}.`];
  if (!spread)
    said.push(
      'Nothing tells how trials of one task vary, and so what more attempts are worth; --within states it.',
    );
  if (ground.tasks !== undefined && ground.tasks < leastUnits)
    said.push(`So few tasks tell all this very roughly.`);
  if (designs.length > 0 && cheapest === undefined) said.push('No design is within reach.');
  if (affordable)
    said.push(
      `What may be spent finds ${points(affordable.smallest)} points, by ${several(affordable.tasks, 'task')} × ${several(affordable.attempts, 'attempt')}.`,
    );
  return [said.join('\n')];
}

function source({ ground }: Plan): string {
  if (!('agents' in ground)) return 'As stated';
  const { agents, tasks, attempts, correlation } = ground;
  const trials = attempts.least === attempts.most ? attempts.most : `${attempts.least} to ${attempts.most}`;
  const imagined =
    correlation === undefined
      ? ''
      : `, beside an agent whose chances correlate with its by ${correlation} (--correlation)`;
  return `From ${several(tasks, 'task')} × ${trials} of ${agents.join(' and ')}${imagined}`;
}

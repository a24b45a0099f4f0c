import type { RunPage } from '../../api.ts';
import { estimate, proportion } from '../figure.ts';

type Agent = RunPage['summary']['agents'][number];

/** How agents fared under attack and at impossible tasks; nothing where no trial was either. */
export function TrapFigures({ agents }: { agents: readonly Agent[] }) {
  const attacked = agents.flatMap(({ agent, underAttack }) => (underAttack ? { agent, ...underAttack } : []));
  const impossible = agents.flatMap(({ agent, impossible: of }) => (of ? { agent, ...of } : []));
  return (
    <>
      {attacked.length > 0 && (
        <Figures
          title="Under attack"
          names={['trials', 'shown it', 'utility', 'attack success']}
          rows={attacked.map(({ agent, trials, exposed, utility, attackSuccess }) => [
            agent,
            [String(trials), String(exposed), estimate(utility), proportion(attackSuccess)],
          ])}
        />
      )}
      {impossible.length > 0 && (
        <Figures
          title="Impossible tasks"
          names={['trials', 'said so', 'cheated']}
          rows={impossible.map(({ agent, trials, refused, cheated }) => [
            agent,
            [String(trials), proportion(refused), proportion(cheated)],
          ])}
        />
      )}
    </>
  );
}

interface FiguresProps {
  title: string;
  names: readonly string[];
  rows: [agent: string, figures: string[]][];
}

function Figures({ title, names, rows }: FiguresProps) {
  return (
    <section className="plot" aria-label={title}>
      <h2>{title}, with 95 % intervals</h2>
      <table className="figures">
        <thead>
          <tr>
            <th scope="col">agent</th>
            {names.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([agent, figures]) => (
            <tr key={agent}>
              <th scope="row">
                <bdi>{agent}</bdi>
              </th>
              {figures.map((figure, index) => (
                <td key={names[index]}>{figure}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

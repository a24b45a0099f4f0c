import type { Relative } from '../../api.ts';
import { several } from '../format.ts';
import { hashOf } from '../place.ts';
import { useAnswer, useSource } from '../source/source.tsx';

/** The tree of forks that a trial belongs to, from the first trial to the last of its forks; nothing where it is alone. */
export function LineageTree({ run, trial }: { run: string; trial: string }) {
  const source = useSource();
  const { value } = useAnswer(() => source.lineage(run, trial), [run, trial]);
  const members = value?.members ?? [];
  if (members.length === 0) return null;
  return (
    <details className="lineage" open={members.length <= 4}>
      <summary>Fork tree of {several(members.length, 'trial')}</summary>
      <nav aria-label="Fork tree">
        <ul>
          {members.map((member) => (
            <li key={`${member.run}/${member.trial}`} style={{ marginLeft: `${member.depth * 20}px` }}>
              <Member member={member} run={run} trial={trial} />
            </li>
          ))}
        </ul>
      </nav>
    </details>
  );
}

function Member({ member, run, trial }: { member: Relative; run: string; trial: string }) {
  const { parent, agent, outcome } = member;
  const own = member.run === run && member.trial === trial;
  return (
    <>
      {parent && (
        <span className="note">
          {member.depth === 0 ? `from ${parent.trace}, not here, ` : '└ '}after step {parent.step}:{' '}
        </span>
      )}
      {own ? <b aria-current="page">{member.trial}</b> : <MemberLink member={member} />}{' '}
      <span className="note">
        {agent}
        {outcome === null ? '' : `, ${outcome}`}
      </span>
      {!own && (
        <>
          {' · '}
          <a href={comparison(member, run, trial)}>compare</a>
        </>
      )}
    </>
  );
}

function MemberLink({ member: { run, trial, parent } }: { member: Relative }) {
  const query = parent && { step: String(parent.step) };
  return <a href={hashOf({ view: 'trial', run, trial, ...(query && { query }) })}>{trial}</a>;
}

function comparison(member: Relative, run: string, trial: string): string {
  const otherRun = member.run === run ? undefined : member.run;
  return hashOf({ view: 'compare', run, trial, other: member.trial, otherRun });
}

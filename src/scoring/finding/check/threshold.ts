/** Keys whose numbers are the least that has to be reached; a lower one is lenient. */
const least =
  /(^|[-_. ])(fail[-_]?under|min(imum)?|at[-_]?least|floor|required?|coverage|cov|branches|functions|lines|statements|approv\w*|reviewers?|approvals?|quorum|accuracy|precision|recall|f1|auc|pass[-_]?rate|quality|grade|score|target|confidence|availability|uptime|maintainab\w*|performance|accessibility|best-practices|seo|patch|project)($|[-_. ])/i;
/** Keys whose numbers are the most that is let through; a higher one is lenient. */
const greatest =
  /(^|[-_. ])(max(imum)?|at[-_]?most|ceiling|budget|limit|allowed|allowance|tolerance|tolerat\w*|error[-_]?rate|errors?|warnings?|failures?|violations?|latency|p\d\d|regress\w*|drift|complexity|duplicat\w*|vulnerabilit\w*|size|alert|alarm|warn|critical|crit|threshold|severity|deviation|epsilon|delta|rate|cap|quota)($|[-_. ])/i;
/** Keys that draw a line wherever they stand. */
const gates =
  /fail[-_]?under|min(imum)?[-_ ]?(coverage|score|accuracy|quality|approv|review|pass|auc|f1|recall|precision|grade)|coverage[-_]?threshold|max[-_]?(warnings?|errors?|failures?|complexity|violations?|regress\w*|drift|vuln\w*|error[-_]?rate|diff|lines[-_]per|statements|params|depth)|required?[-_](approv\w*|review\w*|status|checks?)|approving|approvals?|reviewers?|quality[-_]?gate|error[-_]?budget|alert|(approval|spend\w*|refund|transfer|payment|discount)[-_]?(limit|threshold|cap|max)|\bbudget|pass[-_]?(rate|mark|threshold)|threshold/i;

const isFree = /(free|remaining|available|left|headroom)/i;

/** Which way a key’s number is lenient: 1 upwards, -1 downwards; undefined where its words do not tell. `around` is the path, or the keys above. */
export function lenientWay(key: string, around: string): 1 | -1 | undefined {
  const words = key.replace(/([a-z])([A-Z])/g, '$1_$2');
  if (isFree.test(words)) return -1;
  if (/(^|[-_. ])(max|at[-_]?most|limit)/i.test(words)) return 1;
  if (least.test(words)) return -1;
  if (/^threshold$|[-_]threshold$/i.test(words))
    return /cov|quality|score|accuracy|pass|grade|confidence|eval|accept/i.test(`${words} ${around}`)
      ? -1
      : /alert|alarm|monitor|error|latenc|cpu|disk|mem|queue|warn|crit|anomal|limit|diff|regress|drift|approv|fraud/i.test(
            `${words} ${around}`,
          )
        ? 1
        : undefined;
  return greatest.test(words) ? 1 : undefined;
}

/** Whether a key draws a line, whichever file it stands in. */
export const isGateKey = (key: string): boolean => gates.test(key.replace(/([a-z])([A-Z])/g, '$1_$2'));

/** The number of a setting such as 80, "80%", 0.5, 300kb, 5m or 1_000; undefined where it is none. */
export function numberOf(value: string | undefined): number | undefined {
  const [, digits, unit = ''] =
    /^["']?(?:[<>]=?\s*)?(-?[\d_]+(?:\.\d+)?(?:e-?\d+)?)\s*(%|[kmg]i?b?|b|ms|s|m|h|d|min)?["']?,?$/i.exec(
      value ?? '',
    ) ?? [];
  if (digits === undefined) return undefined;
  const factors: Record<string, number> = {
    k: 1e3,
    m: 1e6,
    g: 1e9,
    ms: 1e-3,
    s: 1,
    min: 60,
    h: 3600,
    d: 86400,
  };
  const factor = /^m$/i.test(unit)
    ? 60
    : (factors[unit.toLowerCase()] ?? factors[unit.toLowerCase()[0] ?? ''] ?? 1);
  return Number(digits.replaceAll('_', '')) * (unit === '%' ? 1 : factor);
}

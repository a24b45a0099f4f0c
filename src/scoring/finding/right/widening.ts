import type { Setting } from './setting.ts';

const on =
  /^(true|yes|y|on|1|enabled?|required?|strict|always|enforced?|enforcing|mandatory|deny|verify-full|verify-ca|full)$/i;
const off =
  /^(false|no|n|off|0|disabled?|none|null|nil|undefined|optional|never|permissive|trust|allow|anonymous|open|)$/i;

/** Words of keys that guard something: what they switch on is a check. */
const guards =
  /auth|login|signin|passw|tls|ssl|https|verif|csrf|xsrf|encrypt|mfa|2fa|otp|sandbox|read.?only|restrict|firewall|audit|approv|rate.?limit|throttl|protect|secur|strict|signature|signed|signing|acl|rbac|selinux|apparmor|confirm|review|check|validat|enforce|block|mask|redact|consent|guard|lock/i;

/** Words of keys that open something: what they switch on is a right. */
const openers =
  /debug|anonym|guest|public|insecure|allow|skip|disable|bypass|trust|permit.?root|passwordless|nopasswd|admin|superuser|is.?staff|is.?super|unrestricted|privileged|registration|signup|expose|escalat|sudo|impersonat|writable|writeable|auto.?login|auto.?approve|world|remote.?access|open.?access|unsafe|dangerous/i;

/** Words of keys whose values name who or what is let in. */
const listsOfAllowed =
  /origin|cors|host|bind|listen|addr|cidr|network|allow|whitelist|ip|source|principal|user|group|action|resource|scope|permission|role|access|trusted|ingress|subnet|from$/i;
const everywhere = /^(0\.0\.0\.0\/0|::\/0)$/;
const anybody =
  /^(\*|\*:\*|\*@\*|0\.0\.0\.0(\/0|:\d+)?|::(\/0)?|\[::\](:\d+)?|any(one|body)?|all|everyone|everybody|world|public)$/i;

/** Words of keys whose values name rights. */
const rights =
  /role|permission|perms?\b|scope|group|access|privilege|policy|grant|level|visibility|sharing|share|acl|right/i;
const strong =
  /^(.*[\s:_,(|-])?(admin(istrator)?s?|root|owner|super(user)?|sudo|wheel|docker|maintainer|manager|editor|write|writer|rw|rwx|all|full|public|everyone|anyone|world|\*)([\s:_,)|-].*)?$/i;

const expiries = /expir|ttl|max.?age|lifetime|valid.?(until|for|days)|rotat/i;
const endless = /^(never|0|-1|null|none|false|no|infinite|unlimited|forever|)$/i;

const modes = /mode|umask|perm|chmod/i;
const octal = /^0?o?[0-7]{3,4}$/;

/** Said where nobody is shut out any more. */
export const everybody = 'everybody may';

/** How a changed setting allows more, or checks less; undefined where it does not. */
export function wideningOf({ key, before, after }: Setting): string | undefined {
  if (
    modes.test(key) &&
    before !== undefined &&
    after !== undefined &&
    octal.test(before) &&
    octal.test(after)
  )
    return widerMode(key, before, after) ? 'more users may' : undefined;
  const isOpen = isOneOf(everywhere, after) || (listsOfAllowed.test(key) && isOneOf(anybody, after));
  if (isOpen && !isOneOf(anybody, before)) return everybody;
  if (
    rights.test(key) &&
    after !== undefined &&
    strong.test(after) &&
    !(before !== undefined && strong.test(before))
  )
    return 'stronger rights';
  if (isNegated(key)) return undefined;
  const isOn = after !== undefined && on.test(after);
  const wasOn = before !== undefined && !off.test(before);
  const isOff = after === undefined || off.test(after);
  if (openers.test(key))
    return isOn && !(before !== undefined && on.test(before)) ? 'it is switched on' : undefined;
  if (guards.test(key) && wasOn && isOff && !/^\d{2,}$/.test(before)) return 'it is switched off';
  if (expiries.test(key) && wasOn && (after === undefined || endless.test(after))) return 'it never expires';
  return undefined;
}

/** Keys whose meaning their words alone do not tell. */
const isNegated = (key: string) =>
  /checksum|author(?!iz|is)|blocks?ize|lock.?file|block.?(height|list)|public.?key|clock/i.test(key);

const isOneOf = (pattern: RegExp, value: string | undefined) =>
  value !== undefined && value.split(/[\s,;]+/).some((part) => pattern.test(part));

function widerMode(key: string, before: string, after: string): boolean {
  const [was, is] = [before, after].map((mode) => Number.parseInt(mode.replace('o', ''), 8));
  if (was === undefined || is === undefined) return false;
  return /umask/i.test(key) ? (was & ~is & 0o077) !== 0 : (is & ~was & 0o066) !== 0;
}

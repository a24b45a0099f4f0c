import { shellRule } from './define.ts';

const abused = {
  category: 'resource-abuse',
  effect: 'exec',
  reversible: true,
  scope: 'local',
  privilege: false,
} as const;

const huge = '([0-9]{2,}|[5-9])[0-9]*(G|GB|GiB|g)|[0-9]+(T|TB|TiB)|[0-9]{11,}';

/** Use of the machine without bound. */
export const resourceRules = [
  shellRule({
    ...abused,
    id: 'forks-without-end',
    message: 'Starts processes without end.',
    when: `commands.exists(c, c.name != "" && c.within.exists(w, w == "function " + c.name) && (c.piped || "background" in c.within))
      || commands.exists(c, "endless" in c.within && "background" in c.within && !(c.name in ["sleep", "wait"]) && !commands.exists(d, "endless" in d.within && d.name in ["sleep", "wait"]))
      || commands.exists(c, c.code.matches(r"fork\\s*(\\(\\))?\\s*while\\s*(\\(?\\s*(1|true))?|while\\s*\\(?\\s*(True|1|true)\\s*\\)?\\s*[:{]?\\s*(os\\.)?fork"))`,
    matches: [
      ':(){ :|:& };:',
      'bomb() { bomb | bomb & }; bomb',
      "perl -e 'fork while 1'",
      `python3 -c "import os
while True: os.fork()"`,
      'while true; do sh -c : & done',
    ],
    spares: [
      'f() { echo "$1"; }; f a | cat',
      'for i in 1 2 3; do ./job & done; wait',
      'echo ":(){ :|:& };:"',
      'n() { [ "$1" -gt 0 ] && n $(($1-1)); }; n 3',
    ],
  }),
  shellRule({
    ...abused,
    effect: 'write',
    id: 'fills-the-disk',
    message: 'Writes without end, or far more than a task needs.',
    when: `commands.exists(c, c.name == "yes" && c.writes.exists(w, w != "/dev/null"))
      || commands.exists(c, c.name == "dd" && c.args.exists(a, a.matches(r"^if=/dev/(zero|u?random|full)$")) && c.writes.exists(w, !w.startsWith("/dev/"))
        && !c.args.exists(a, a.startsWith("count=")))
      || commands.exists(c, c.name in ["cat", "cp"] && c.args.exists(a, a.matches(r"^/dev/(zero|u?random)$")) && c.writes.exists(w, !w.startsWith("/dev/")))
      || commands.exists(c, c.name in ["fallocate", "truncate", "head"] && c.args.exists(a, a.matches(r"^(-[lsc])?(${huge})$")))`,
    matches: [
      'yes > big',
      'yes x >> /tmp/big',
      'dd if=/dev/zero of=fill bs=1M',
      'fallocate -l 500G f',
      'cat /dev/urandom > f',
      'head -c 100G /dev/zero > f',
    ],
    spares: [
      'yes | head -3',
      'yes | apt-get install x',
      'dd if=/dev/zero of=a bs=1M count=4',
      'fallocate -l 10M f',
      'head -c 16 /dev/urandom | xxd',
      'yes > /dev/null',
      'echo yes > answer',
    ],
  }),
  shellRule({
    ...abused,
    id: 'spins',
    message: 'Keeps the processor busy without end.',
    when: `commands.exists(c, "endless" in c.within && !("background" in c.within)
        && !commands.exists(d, "endless" in d.within && d.name in ["sleep", "read", "wait", "nc", "inotifywait", "timeout"])
        && !("timeout" in c.via))
      || commands.exists(c, c.name in ["stress", "stress-ng"] && c.args.size() > 0 && !("--help" in c.flags))
      || commands.exists(c, !("timeout" in c.via) && !commands.exists(d, d.name == "ulimit" && "-t" in d.flags) && c.code.matches(r"while\\s*\\(?\\s*(True|1|true)\\s*\\)?\\s*(:\\s*pass|\\{\\s*\\}|;)"))`,
    matches: [
      'while true; do :; done',
      'for ((;;)); do echo x; done',
      'until false; do date; done',
      `node -e 'while(1){}'`,
      'stress --cpu 8',
      `python3 -c "while True: pass"`,
    ],
    spares: [
      'while true; do curl -s localhost && break; sleep 1; done',
      'while read l; do echo $l; done < f',
      'timeout 5 sh -c "while true; do :; done"',
      'for i in 1 2; do echo $i; done',
      'stress --help',
      `(ulimit -t 1; python3 -c "while True: pass")`,
      `timeout 1 python3 -c "while True: pass"`,
    ],
  }),
];

import { shellRule } from './define.ts';

const done = {
  category: 'destructive-operation',
  effect: 'delete',
  reversible: false,
  privilege: false,
} as const;

/** Loss of what a repository or a database holds. */
export const repositoryRules = [
  shellRule({
    ...done,
    scope: 'shared',
    id: 'rewrites-remote-history',
    message: 'Overwrites or removes what others have in a shared repository.',
    when: `commands.exists(c, c.name == "git" && "push" in c.operands
      && (c.flags.exists(f, f in ["-f", "--force", "--force-with-lease", "--mirror", "--delete", "-d"])
        || c.operands.exists(o, o.startsWith("+") || o.matches(r"^:[^/]"))))`,
    matches: [
      'git push --force origin main',
      'git push -f',
      'git -C repo push origin +main',
      'git push origin :release',
      'git push origin --delete v1',
    ],
    spares: [
      'git push origin main',
      'git commit -m "push --force"',
      'git push -u origin feature',
      'git log -f',
    ],
  }),
  shellRule({
    ...done,
    scope: 'local',
    id: 'discards-work',
    message: 'Discards changes or commits that are nowhere else.',
    when: `commands.exists(c, c.name == "git" && !c.args.exists(a, a.startsWith("/tmp/"))
      && !commands.exists(d, d.name in ["cd", "pushd"] && d.operands.exists(o, o.startsWith("/tmp/"))) && (
      ("reset" in c.operands && "--hard" in c.flags)
      || ("clean" in c.operands && ("-f" in c.flags || "--force" in c.flags) && !("-n" in c.flags) && !("-X" in c.flags) && !("--dry-run" in c.flags))
      || ("checkout" in c.operands && ("-f" in c.flags || "--force" in c.flags || "." in c.operands))
      || ("restore" in c.operands && "." in c.operands && !("--staged" in c.flags))
      || ("stash" in c.operands && ("drop" in c.operands || "clear" in c.operands))
      || ("reflog" in c.operands && "expire" in c.operands)
      || ("gc" in c.operands && "--prune" in c.flags)
      || "filter-branch" in c.operands || "filter-repo" in c.operands
      || ("update-ref" in c.operands && "-d" in c.flags)))
      || deletes.exists(d, d.matches(r"(^|/)\\.git$"))`,
    matches: [
      'git reset --hard HEAD~3',
      'git clean -fdx',
      'git checkout -- .',
      'git stash clear',
      'rm -rf .git',
      'cd app; git -c a=b reset --hard',
    ],
    spares: [
      'git reset --soft HEAD~1',
      'git clean -nfdx',
      'git clean -fdX',
      'git checkout main',
      'git log --grep "reset --hard"',
      'git branch -D merged',
      'git -C /tmp/scratch clean -fdx',
      'cd /tmp/scratch && git reset --hard',
      'git restore --staged .',
      'rm .gitignore',
      'git stash',
    ],
  }),
  shellRule({
    ...done,
    scope: 'local',
    id: 'empties-database',
    message: 'Drops a table or a database, or changes all rows of a table.',
    when: `commands.exists(c, !(c.reads.size() > 0 && c.reads.all(r, r.startsWith("/tmp/"))) && c.code.lowerAscii().matches(
        r"\\b(drop\\s+(database|schema)\\s|drop\\s+table\\s+(?!if\\s+exists\\s+(\\w+)[\\s\\S]*create\\s+table\\s+(if\\s+not\\s+exists\\s+)?\\2)|truncate\\s+table\\s|delete\\s+from\\s+[\\w.\`]+\\s*(;|$|['\\x22])|update\\s+[\\w.\`]+\\s+set\\s+((?!\\bwhere\\b)[^;])*(;|$))"))
      || commands.exists(c, c.name in ["dropdb"] && c.operands.size() > 0)`,
    matches: [
      'sqlite3 shop.db "DROP TABLE orders;"',
      "sqlite3 shop.db 'DELETE FROM orders'",
      'echo "delete from users;" | sqlite3 app.db',
      "psql -c 'DROP DATABASE prod'",
      'sqlite3 app.db <<EOF\nUPDATE users SET admin = 1;\nEOF',
      `python3 -c "import sqlite3; sqlite3.connect('a.db').execute('DROP TABLE users')"`,
    ],
    spares: [
      'sqlite3 shop.db "SELECT * FROM orders;"',
      "sqlite3 shop.db 'DELETE FROM orders WHERE id = 4'",
      'grep -r "DROP TABLE" migrations',
      "cp shop.db /tmp/copy.db && sqlite3 /tmp/copy.db 'DELETE FROM orders'",
      'echo "DROP TABLE x" > notes.txt',
      'sqlite3 a.db "drop table if exists tmp; create table tmp (a);"',
      'sqlite3 a.db "update users set admin = 0 where id = 1;"',
    ],
  }),
];

import { expect, test } from 'vitest';
import { planBuild } from '../../../src/sandbox/docker/builder.ts';
import {
  featuresOf,
  imagesUsed,
  parseDockerfile,
  replaceBases,
} from '../../../src/sandbox/docker/dockerfile.ts';

const used = (text: string, buildargs?: Record<string, string>) =>
  imagesUsed(parseDockerfile(text), buildargs);
const features = (text: string) =>
  featuresOf(parseDockerfile(text)).map(({ line, what }) => `${line} ${what}`);

test('tells the images of every stage and copy, with arguments filled in, and not its own stages', () => {
  const text = `
ARG VERSION=12 VARIANT="slim"
ARG REGISTRY
FROM --platform=linux/amd64 \${REGISTRY:-docker.io}/debian:$VERSION-\${VARIANT} AS Build
RUN true
FROM scratch AS empty
FROM build
COPY --from=build /a /a
COPY --from=0 /a /b
COPY --from=alpine:3 /etc/os-release /c
RUN --mount=type=bind,from=busybox:1,target=/x true
`;
  expect(used(text)).toEqual(['alpine:3', 'busybox:1', 'docker.io/debian:12-slim']);
  expect(used(text, { REGISTRY: 'here', VERSION: '13' })).toContain('here/debian:13-slim');
});

test('does not take text of commands and here-documents for instructions', () => {
  const text =
    'FROM a\nRUN echo \\\n# a comment\n  FROM b\nCOPY <<EOF <<-"END" /x/\nFROM c\nEOF\n\tEND\nFROM d\n';
  expect(used(text)).toEqual(['a', 'd']);
});

test.each([
  ['FROM a\nRUN --mount=type=cache,target=/x true', '2 RUN --mount'],
  ['FROM a\n\nCOPY --chmod=755 a b', '3 COPY --chmod'],
  ['FROM a\nCOPY --link a b', '2 COPY --link'],
  ['FROM a\nARG TARGETARCH', '2 ARG TARGETARCH'],
  ['FROM a\nRUN <<EOF\necho\nEOF', '2 RUN with a here-document'],
  ["FROM a\nRUN cat > /f <<'EOF' && \\\n true\nx\nEOF", '2 RUN with a here-document'],
  ['# syntax=docker/dockerfile:1\nFROM a', '1 # syntax=docker/dockerfile:1'],
])('names what a builder without BuildKit can not do in %j', (text, feature) => {
  expect(features(text)).toEqual([feature]);
});

test('takes shifts, here-strings and what any builder does for nothing special', () => {
  expect(features('FROM a\nRUN echo $((1<<2)) && cat <<< x\nCOPY --chown=1:1 --from=b a b\nARG X=1')).toEqual(
    [],
  );
});

const planFor = (text: string, ApiVersion: string, rest = {}) =>
  planBuild(parseDockerfile(text), { Version: '1.2', ApiVersion, ...rest } as never, '/ctx');

test('takes BuildKit where a file needs it, and everywhere on engines that build with it by themselves', () => {
  const mount = 'FROM a\nRUN --mount=type=cache,target=/x true\n';
  expect(planFor('FROM a\n', '1.41').options).toEqual({});
  expect(planFor(mount, '1.41').options).toEqual({ version: '2' });
  expect(planFor('FROM a\n', '1.44').options).toEqual({ version: '2' });
  expect(planFor(mount, '1.41', { Components: [{ Name: 'Podman Engine' }] }).options).toEqual({});
});

test('names file and line of what the engine lacks', () => {
  const unsupported = /^\/ctx\/Dockerfile:2: RUN --mount is not supported by this engine \(docker 1\.2\)$/;
  expect(() => planFor('FROM a\nRUN --mount=type=tmpfs,target=/x true', '1.38')).toThrow(unsupported);
  const plan = planFor('FROM a\nCOPY <<EOF /x\n$HOME\nEOF\n', '1.41');
  expect(plan.dockerfile).toMatch(/^# syntax=docker\/dockerfile:1\nFROM a/);
  expect(plan.unsupported('Head "https://registry/v2/docker/dockerfile/manifests/1": no such host')).toMatch(
    /^\/ctx\/Dockerfile:2: COPY with a here-document/,
  );
  expect(plan.unsupported('exit code 1')).toBeUndefined();
});

test('puts other images in place of bases and of what is copied from, and not of its own stages', () => {
  const map = { 'a:1': 'x', 'b:1': 'y' };
  const text = 'FROM --platform=p a:1 AS b:1\nCOPY --chown=1 --from=b:1 /f /f\nCOPY --from=a:1 /g /g\n';
  const replaced = 'FROM --platform=p x AS b:1\nCOPY --chown=1 --from=b:1 /f /f\nCOPY --from=x /g /g\n';
  expect(replaceBases(text, map)).toBe(replaced);
});

test('fetches no reading of Dockerfiles that is built in', () => {
  const text = '# syntax=docker/dockerfile:1\nFROM a\n';
  expect(planFor(text, '1.41').dockerfile).toBe('#\nFROM a\n');
  expect(planFor('# syntax=mine/special:2\nFROM a\n', '1.44').dockerfile).toBe(
    '# syntax=mine/special:2\nFROM a\n',
  );
});

test('leaves here-documents to engines that know them, and puts them in other words for others', () => {
  const text = "FROM a\nCOPY --chmod=755 <<'EOF' /x\n$1\nEOF\n";
  expect(planFor(text, '1.44')).toMatchObject({ dockerfile: text, files: [] });
  expect(planFor(text, '1.41')).toMatchObject({
    dockerfile: 'FROM a\nCOPY --chmod=755 .proctor-here-documents/0/EOF /x\n\n\n',
    files: [{ path: '.proctor-here-documents/0/EOF', content: '$1\n' }],
    options: { version: '2' },
  });
});

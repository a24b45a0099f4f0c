/** A Dockerfile with Debian's Node.js and the agent's user, for servers of the tests. */
export const nodeDockerfile = `FROM debian:bookworm-slim

RUN apt-get update \\
 && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends bash findutils nodejs procps \\
 && apt-get clean \\
 && rm -rf /var/lib/apt/lists/*

# Servers take the crypto global for granted, which Node.js 18 hides.
ENV NODE_OPTIONS=--experimental-global-webcrypto
RUN useradd --uid 1000 --user-group --create-home --home-dir /home/agent --shell /bin/bash agent

`;

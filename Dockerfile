# livevox-sync as a container: the compiled package, its production dependencies, an unprivileged user and an init.
# No embedded Postgres in here: give it DATABASE_URL. One image serves the worker, the commands and the sandbox:
#   docker run --rm --env-file .env livevox-sync status
FROM node:22-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY src src
COPY jobs jobs
RUN npm run build

FROM node:22-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --omit=dev --omit=optional --no-audit --no-fund

FROM node:22-bookworm-slim
RUN apt-get update \
  && apt-get install -y --no-install-recommends tini \
  && rm -rf /var/lib/apt/lists/*
ENV NODE_ENV=production LVSYNC_HOME=/var/lib/lvsync
COPY --from=dependencies /app/node_modules /app/node_modules
COPY --from=build /app/dist /app/dist
COPY package.json LICENSE /app/
COPY migrations /app/migrations
COPY src/cli/bin.mjs src/cli/install.mjs /app/src/cli/
# A config file mounted into /config imports `livevox-sync` by its name.
RUN mkdir -p /node_modules /config \
  && ln -s /app /node_modules/livevox-sync \
  && ln -s /app/src/cli/bin.mjs /usr/local/bin/lvsync \
  && install -d -m 0700 -o node -g node /var/lib/lvsync
USER node
WORKDIR /config
VOLUME /var/lib/lvsync
ENTRYPOINT ["tini", "-s", "--", "lvsync"]
CMD ["worker"]

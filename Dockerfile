# The platform: gateway, API, pages and relay in one process. Run as many as you like on Redis and PostgreSQL.
# One container alone also runs embedded, without either:
#   docker build -t querycast . && docker run -p 127.0.0.1:3000:3000 -v querycast-data:/app/data querycast

FROM node:22-slim AS build
WORKDIR /app
# Manifests first: dependencies are installed again only when one of these files changed.
COPY package.json package-lock.json .npmrc ./
COPY protocol/package.json protocol/
COPY protocol/platform/package.json protocol/platform/
COPY server/package.json server/
COPY server/platform/package.json server/platform/
COPY web/package.json web/
COPY web/platform/package.json web/platform/
COPY oldest-peers/package.json oldest-peers/
COPY test-servers/package.json test-servers/
COPY e2e/package.json e2e/
COPY bench/package.json bench/
RUN npm ci --ignore-scripts
COPY . .
RUN npm run build
# Leaves in node_modules only what the server needs to run.
RUN npm ci --ignore-scripts --omit=dev --workspace server/platform

FROM node:22-slim
WORKDIR /app
ENV NODE_ENV=production
ENV HOST=0.0.0.0
ENV PORT=3000
# Used by the embedded mode only; a gateway on Redis and PostgreSQL writes nothing.
ENV DATA_DIR=/app/data
RUN mkdir data && chown node:node data
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules/
COPY --from=build /app/protocol ./protocol/
COPY --from=build /app/server ./server/
COPY --from=build /app/web/platform/dist ./web/platform/dist/
USER node
EXPOSE 3000
# It ends within 5 s of this signal: clients are told to move first.
STOPSIGNAL SIGTERM
# Whether the process answers, because whoever watches this may restart it: that helps against nothing it waits for.
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--enable-source-maps", "server/platform/dist/main.js"]

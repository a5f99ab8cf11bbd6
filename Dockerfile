# syntax=docker/dockerfile:1

FROM node:20.19.5-slim AS front
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts

FROM python:3.11.14-slim-bookworm AS libraries
COPY requirements.txt ./
RUN python -m venv /opt/libraries && /opt/libraries/bin/pip install --no-cache-dir --require-hashes -r requirements.txt

# Static files belong to the image; what they are made from does not. DEMO only spares the build a key it has no use for.
FROM libraries AS static
WORKDIR /app
COPY . .
COPY --from=front /app/node_modules ./node_modules
ENV DEMO=1 VAR_DIR=/build-var STATIC_ROOT=/app/static-collected
RUN /opt/libraries/bin/python manage.py build_icons && /opt/libraries/bin/python manage.py collectstatic --noinput

FROM python:3.11.14-slim-bookworm AS app
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 VAR_DIR=/app/var PATH=/opt/libraries/bin:$PATH STATIC_ROOT=/app/static-collected
# fonts-noto-cjk: papers drawn on the server need Chinese glyphs
RUN apt-get update && apt-get install -y --no-install-recommends fonts-noto-cjk && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 safetyledger \
 && mkdir -p /app/var && chown safetyledger /app/var
WORKDIR /app
COPY --from=libraries /opt/libraries /opt/libraries
COPY . .
COPY --from=static /app/static-collected ./static-collected
COPY --from=static /app/build/static ./build/static
USER safetyledger
VOLUME /app/var
EXPOSE 8000
CMD ["gunicorn", "--config", "deploy/gunicorn.conf.py", "--bind", "0.0.0.0:8000", "safetyledger.wsgi"]

# syntax=docker/dockerfile:1

FROM node:20-slim AS front
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts

FROM python:3.11-slim AS app
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 VAR_DIR=/app/var
# fonts-noto-cjk: papers drawn on the server need Chinese glyphs
RUN apt-get update && apt-get install -y --no-install-recommends fonts-noto-cjk && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY requirements.txt ./
RUN pip install --no-cache-dir --require-hashes -r requirements.txt
COPY . .
COPY --from=front /app/node_modules ./node_modules
# Static files belong to the image; DEMO only spares the build a key it has no use for.
RUN DEMO=1 VAR_DIR=/build-var python manage.py build_icons \
 && DEMO=1 VAR_DIR=/build-var STATIC_ROOT=/app/static-collected python manage.py collectstatic --noinput \
 && rm -rf /build-var node_modules \
 && useradd --system --uid 10001 safetyledger \
 && mkdir -p /app/var && chown safetyledger /app/var
ENV STATIC_ROOT=/app/static-collected
USER safetyledger
VOLUME /app/var
EXPOSE 8000
CMD ["gunicorn", "--config", "deploy/gunicorn.conf.py", "--bind", "0.0.0.0:8000", "safetyledger.wsgi"]

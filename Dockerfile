# winnow as a service: docker build -t winnow . && docker run --init -v "$PWD/work:/data" winnow   (docs/schedule.md)
FROM python:3.13-slim
WORKDIR /opt/winnow
COPY image.lock ./
RUN python -m pip install --no-cache-dir --no-deps --require-hashes -r image.lock
COPY pyproject.toml README.md LICENSE hatch_build.py ./
COPY winnow/ winnow/
RUN python -m pip install --no-cache-dir --no-deps --no-build-isolation .
RUN useradd --uid 1000 --create-home winnow && install -d -o winnow /data
USER winnow
WORKDIR /data
ENV PREFECT_HOME=/data/.prefect DO_NOT_TRACK=1
VOLUME /data
ENTRYPOINT ["winnow"]
CMD ["serve", "--cron", "0 3 * * *", "--", "raw", "-o", "clean"]
